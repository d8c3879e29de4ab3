//! The true home: every day passes its audit, whatever is wished for, and no state is lost between days.

use offpeak_domain::*;
use offpeak_replay::*;

use crate::support::*;

/// The home on a weak connection that is dimmed for some hours every evening.
fn tight(make: &Make) -> Home {
    let home = make.home();
    let mut spec = HomeSpec::clone(&home);
    for (t, limit) in spec.grid.import_limit.iter_mut().enumerate() {
        let in_replay = t >= make.history_days as usize * 96;
        if in_replay && (70..82).contains(&(t % 96)) {
            let (load, pv) = (spec.grid.load[t], spec.grid.pv[t]);
            *limit = dimmed_import_limit(load, pv, Kilowatts(4.2), *limit);
        }
    }
    Home::new(spec).expect("possible")
}

#[test]
fn every_day_passes_its_audit_on_a_weak_and_dimmed_connection() {
    for seed in 0..5 {
        let make = Make { fuse_kw: 6.0, water: seed == 0, ..Make::all(100 + seed, 3) };
        let span = make.span_of(tight(&make));
        let tariff = make.tariff(span.home());
        let case = Case { span: &span, tariff: &tariff, forecasts: &Forecasts::default() };
        for policy in policies() {
            let mut ends: Option<(Vec<KilowattHours>, Vec<KilowattHours>)> = None;
            let found = replay_with(&case, &policy, &mut |day| {
                let schedule = &day.costed.schedule;
                if let Some((stored, energy)) = &ends {
                    assert!((day.home.batteries[0].initial_stored - stored[0]).0.abs() < 1e-9);
                    assert!((day.home.evs[0].initial_energy - energy[0]).0.abs() < 1e-9);
                }
                let last = |states: &[Vec<KilowattHours>]| vec![states[0][day.home.horizon.len()]];
                ends = Some((last(&schedule.battery_stored), last(&schedule.ev_energy)));
            });
            let found = found.unwrap_or_else(|error| panic!("seed {seed}, {}: {error}", policy.id));
            assert_eq!(found.days.len(), 3, "seed {seed}, {}", policy.id);
        }
    }
}

#[test]
fn a_car_that_no_plan_knows_of_still_leaves_with_what_it_needs() {
    let make = Make { battery: false, rooms: false, water: false, washer: false, ..Make::all(7, 3) };
    let mut spec = HomeSpec::clone(&make.home());
    let first = make.history_days as usize * 96;
    // No stay in the history, so that none is foretold.
    spec.evs[0].sessions = vec![EvSession {
        connected: first + 70..first + 96 + 28,
        target: Some(KilowattHours(50.0)),
        driven_before: KilowattHours(15.0),
    }];
    let span = make.span_of(Home::new(spec).expect("possible"));
    let tariff = make.tariff(span.home());
    let case = Case { span: &span, tariff: &tariff, forecasts: &Forecasts::default() };
    let mut charged = Vec::new();
    let found = replay_with(&case, &PolicySpec::day_ahead(), &mut |day| {
        charged.extend(day.costed.schedule.setpoints.evs[0].charge.iter().copied());
    });
    let missing: f64 = found.expect("a replay").days.iter().map(|day| day.departure_kwh).sum();
    assert!(missing < 1e-9, "{missing}");
    // 30 kWh at 9.9 kW into the car take 12.1 quarter-hours; the plan of 14:00 had none of them.
    let times: Vec<usize> = (0..charged.len()).filter(|t| charged[*t] > Kilowatts::ZERO).collect();
    assert_eq!(times, (96 + 28 - 13..96 + 28).collect::<Vec<_>>());
}

#[test]
fn a_dimmed_evening_makes_cars_yield_before_heat() {
    let make = Make { battery: false, water: false, washer: false, ..Make::all(11, 3) };
    let span = make.span_of(tight(&make));
    let tariff = make.tariff(span.home());
    let case = Case { span: &span, tariff: &tariff, forecasts: &Forecasts::default() };
    let mut most = Kilowatts::ZERO;
    replay_with(&case, &PolicySpec::uncontrolled(), &mut |day| {
        let setpoints = &day.costed.schedule.setpoints;
        for t in 70..82 {
            let devices = setpoints.device_power(t) - (-day.home.grid.base(t)).max(Kilowatts::ZERO);
            most = most.max(devices);
            let pump = setpoints.heat_pumps[0].total(t);
            let car = setpoints.evs[0].charge[t];
            assert!(
                car <= Kilowatts(4.2) - pump
                    + (-day.home.grid.base(t)).max(Kilowatts::ZERO)
                    + Kilowatts(1e-9)
            );
        }
    })
    .expect("a replay");
    assert!(most <= Kilowatts(4.2 + 1e-9) && most > Kilowatts(3.0), "{most}");
}
