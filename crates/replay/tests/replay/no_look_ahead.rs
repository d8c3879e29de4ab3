//! The future never changes a decision that was taken before it.

use chrono::Timelike;
use chrono_tz::Europe::Berlin;
use offpeak_domain::*;
use offpeak_replay::*;

use crate::support::*;

/// The same home with everything different that is not known at the start of interval `k`.
fn with_another_future(home: &Home, k: usize, dice: &mut Dice) -> Home {
    let mut spec = HomeSpec::clone(home);
    let mut other = |values: &mut Vec<Kilowatts>, factor: f64| {
        values[k..].iter_mut().for_each(|value| *value = *value * (factor + dice.roll()));
    };
    other(&mut spec.grid.load, 0.7);
    other(&mut spec.grid.pv, 0.3);
    spec.grid.import_limit[k..].fill(Kilowatts(9.0));
    spec.grid.export_limit[k..].fill(Kilowatts(2.0));
    for ev in &mut spec.evs {
        ev.sessions.retain(|session| session.connected.start <= k || session.connected.start % 3 != 0);
        for session in ev.sessions.iter_mut().filter(|session| session.connected.start > k) {
            session.target = session.target.map(|target| target * 0.6);
            session.driven_before = session.driven_before * 0.5;
            session.connected.start = (session.connected.start + 2).min(session.connected.end);
        }
    }
    for pump in &mut spec.heat_pumps {
        if let Some(rooms) = &mut pump.rooms {
            rooms.outdoor[k..].iter_mut().for_each(|value| value.0 -= 7.0);
            rooms.gains[k..].fill(Kilowatts(0.0));
            rooms.compression.cop[k..].iter_mut().for_each(|cop| *cop *= 0.8);
            rooms.compression.max_power[k..].iter_mut().for_each(|power| *power = *power * 1.1);
        }
        if let Some(water) = &mut pump.hot_water {
            water.draw[k..].iter_mut().for_each(|draw| *draw = *draw * 0.5 + KilowattHours(0.05));
            water.compression.cop[k..].iter_mut().for_each(|cop| *cop *= 0.9);
        }
    }
    for run in spec.appliances.iter_mut().filter(|run| run.earliest_start > k) {
        run.earliest_start = (run.earliest_start + 3).min(run.latest_start);
        run.profile[0] = Kilowatts(1.3);
    }
    Home::new(spec).expect("possible too")
}

/// The same tariff with other prices from the end of those that are published at `k`.
fn with_other_prices(tariff: &SpanTariff, home: &Home, k: usize) -> SpanTariff {
    let mut other = tariff.clone();
    let publication = tariff.publication.expect("day-ahead prices");
    let known = publication.known_until(home.horizon.start_of(k));
    let from = home.horizon.edges().partition_point(|edge| *edge < known).min(home.horizon.len());
    other.prices.import[from..].iter_mut().for_each(|price| price.0 = 70.0 - price.0);
    other.prices.export[from..].iter_mut().for_each(|price| price.0 += 3.0);
    other
}

/// All that is wanted until interval `k`, which is still decided with what is known at its start.
fn wishes_until(case: &Case<'_>, policy: &PolicySpec, k: usize) -> Vec<Wishes> {
    let first = case.span.replayed().start;
    let mut wishes = Vec::new();
    replay_with(case, policy, &mut |day| wishes.extend(day.wishes.iter().cloned())).expect("a replay");
    wishes.truncate(k - first + 1);
    wishes
}

/// Compares every policy's wishes until `k` in a home and in one with another future.
fn assert_same_past(make: &Make, home: &Home, k: usize) {
    let other = with_another_future(home, k, &mut Dice::new(make.seed));
    let tariff = make.tariff(home);
    let other_tariff = with_other_prices(&tariff, home, k);
    let (span, other) = (make.span_of(home.clone()), make.span_of(other));
    let forecasts = Forecasts::default();
    for policy in policies() {
        let one = wishes_until(&Case { span: &span, tariff: &tariff, forecasts: &forecasts }, &policy, k);
        let case = Case { span: &other, tariff: &other_tariff, forecasts: &forecasts };
        let two = wishes_until(&case, &policy, k);
        let differs = one.iter().zip(&two).position(|(one, two)| one != two);
        if policy.has_hindsight() {
            assert!(differs.is_some(), "seed {}: the test must be able to fail", make.seed);
        } else {
            let first = span.replayed().start;
            let found = differs.map(|t| t + first);
            assert_eq!(found, None, "seed {}, {}, future from {k} on", make.seed, policy.id);
        }
    }
}

#[test]
fn another_future_changes_no_past_decision() {
    for (seed, hour, minute) in [(0, 17, 0), (1, 13, 45), (2, 14, 0), (3, 3, 30)] {
        let make = Make { water: seed == 2, ..Make::all(seed, 2) };
        let home = make.home();
        let first = make.span_of(home.clone()).replayed().start;
        let at = |t: &usize| {
            let time = home.horizon.local_time(*t, Berlin);
            (time.hour(), time.minute()) == (hour, minute)
        };
        let k = (first + 48..first + 192).find(at).expect("a time of day");
        assert_same_past(&make, &home, k);
    }
}

#[test]
fn nobody_knows_that_a_car_or_a_wash_comes_in_the_next_interval() {
    for seed in 4..7 {
        let make = Make { water: false, ..Make::all(seed, 2) };
        let home = make.home();
        let replayed = make.span_of(home.clone()).replayed();
        let arrivals = home.evs[0].sessions.iter().map(|session| session.connected.start);
        let washes = home.appliances.iter().map(|run| run.earliest_start);
        for events in [arrivals.collect::<Vec<_>>(), washes.collect()] {
            if let Some(event) = events.into_iter().find(|t| replayed.contains(t)) {
                assert_same_past(&make, &home, event - 1);
            }
        }
    }
}
