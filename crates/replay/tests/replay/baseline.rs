//! The uncontrolled policy, interval by interval, against the baseline that sees the whole day.

use offpeak_baseline::uncontrolled;
use offpeak_domain::*;
use offpeak_replay::*;

use crate::support::*;

/// The home with stays from 8:00 to 16:00 or so, and weather that never changes: nothing that a look ahead would show.
fn without_surprises(home: &Home) -> Home {
    let mut spec = HomeSpec::clone(home);
    let days = spec.horizon.local_day_ranges(spec.time_zone);
    for ev in &mut spec.evs {
        let stay = |(index, day): (usize, &std::ops::Range<usize>)| EvSession {
            connected: day.start + 30 + index % 3..day.start + 60 + index % 5,
            target: Some(KilowattHours(30.0 + (index % 4) as f64)),
            driven_before: KilowattHours(12.0),
        };
        ev.sessions = days.iter().enumerate().map(stay).collect();
        ev.end = None;
    }
    for rooms in spec.heat_pumps.iter_mut().filter_map(|pump| pump.rooms.as_mut()) {
        rooms.outdoor.fill(Celsius(-3.0));
        rooms.gains.fill(Kilowatts(0.4));
        rooms.lowest.fill(Celsius(20.0));
        rooms.compression.cop.fill(3.2);
        rooms.compression.max_power.fill(Kilowatts(2.8));
    }
    Home::new(spec).expect("possible")
}

fn assert_same(what: &str, t: usize, expected: Kilowatts, found: Kilowatts) {
    assert!((expected - found).0.abs() < 1e-6, "{what} in {t}: expected {expected}, found {found}");
}

#[test]
fn without_surprises_an_uncontrolled_home_does_what_the_baseline_does() {
    for seed in 0..6 {
        let make = Make { water: false, fuse_kw: 60.0, ..Make::all(seed, 3) };
        let span = make.span_of(without_surprises(&make.home()));
        let tariff = make.tariff(span.home());
        let case = Case { span: &span, tariff: &tariff, forecasts: &Forecasts::default() };
        let mut days = 0;
        replay_with(&case, &PolicySpec::uncontrolled(), &mut |day| {
            days += 1;
            let expected = uncontrolled(&day.home);
            let found = &day.costed.schedule.setpoints;
            for t in 0..day.home.horizon.len() {
                assert_same("car", t, expected.evs[0].charge[t], found.evs[0].charge[t]);
                for (run, (expected, found)) in expected.appliances.iter().zip(&found.appliances).enumerate()
                {
                    assert_same(&day.home.appliances[run].id, t, expected[t], found[t]);
                }
                if days == 1 {
                    // Later days begin with a thermostat that may be heating, which a day by itself cannot know.
                    let name = format!("seed {seed}, rooms");
                    assert_same(&name, t, expected.heat_pumps[0].rooms[t], found.heat_pumps[0].rooms[t]);
                    assert_same("charging", t, expected.batteries[0].charge[t], found.batteries[0].charge[t]);
                    let given = |setpoints: &Setpoints| setpoints.batteries[0].discharge[t];
                    assert_same("discharging", t, given(&expected), given(found));
                }
            }
        })
        .expect("a replay");
        assert_eq!(days, 3);
    }
}
