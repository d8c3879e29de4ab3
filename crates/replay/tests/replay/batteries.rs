//! Planned batteries follow the meter wherever the plan does not mean otherwise.

use offpeak_domain::*;
use offpeak_replay::*;
use offpeak_testhomes::plain;

use crate::support::*;

/// What the plans foresaw and what was done differ by this much at most, in kW: a meter that shows less counts as still.
const STILL: f64 = 2e-3;

/// A home with load, sun and a battery; with a second, smaller one where asked for.
fn home(make: &Make, second: bool) -> Home {
    let mut spec = HomeSpec::clone(&make.home());
    if second {
        let battery = Battery { id: "second".into(), ..plain::battery(&spec, 4.0, 2.0) };
        spec.batteries.push(battery);
    }
    Home::new(spec).expect("possible")
}

fn make(seed: u64) -> Make {
    Make { ev: false, rooms: false, water: false, washer: false, ..Make::all(seed, 4) }
}

/// How far batteries strayed from what was planned, in kWh over all intervals.
fn strayed(case: &Case<'_>, policy: &PolicySpec) -> f64 {
    let mut sum = 0.0;
    replay_with(case, policy, &mut |day| {
        for (index, done) in day.costed.schedule.setpoints.batteries.iter().enumerate() {
            for (t, wishes) in day.wishes.iter().enumerate() {
                let planned = &wishes.setpoints.batteries[index];
                let power = |power: &StorePower, t: usize| (power.charge[t] - power.discharge[t]).0;
                let difference = (power(done, t) - power(planned, 0)).abs();
                sum += if difference > STILL { difference / 4.0 } else { 0.0 };
            }
        }
    })
    .expect("a replay");
    sum
}

fn flat(mut tariff: SpanTariff) -> SpanTariff {
    tariff.prices.import.fill(CentsPerKilowattHour(30.0));
    tariff
}

#[test]
fn where_all_comes_as_foretold_batteries_do_as_planned() {
    for seed in 0..6 {
        let make = make(seed);
        let span = make.span_of(home(&make, seed % 2 == 1));
        let tariff = make.tariff(span.home());
        let right = Forecasts { given: Some(Box::new(span.home().clone())), ..Forecasts::default() };
        let wrong = Forecasts::default();
        let strayed = |forecasts: &Forecasts, policy: &PolicySpec| {
            strayed(&Case { span: &span, tariff: &tariff, forecasts }, policy)
        };
        assert!(strayed(&wrong, &PolicySpec::perfect_foresight()) < 0.2, "seed {seed}: foresight");
        assert!(strayed(&right, &PolicySpec::receding(4)) < 0.2, "seed {seed}: right forecasts");
        let found = strayed(&wrong, &PolicySpec::receding(4));
        assert!(found > 1.0, "seed {seed}: {found} kWh, the test must be able to fail");
    }
}

#[test]
fn under_a_flat_tariff_planning_with_forecasts_that_err_loses_nothing() {
    let (mut planned, mut followed) = (0.0, 0.0);
    for seed in 0..6 {
        let make = make(seed);
        let span = make.span_of(home(&make, false));
        let tariff = flat(make.tariff(span.home()));
        let forecasts = Forecasts::default();
        let case = Case { span: &span, tariff: &tariff, forecasts: &forecasts };
        let net = |policy: &PolicySpec| replay(&case, policy).expect("a replay").net_ct();
        let costs = [PolicySpec::uncontrolled(), PolicySpec::day_ahead(), PolicySpec::receding(4)]
            .map(|policy| net(&policy));
        println!("seed {seed}: {costs:?}");
        assert!(costs[2] < costs[0] * 1.01 + 2.0, "seed {seed}: {costs:?}");
        (followed, planned) = (followed + costs[0], planned + costs[1].max(costs[2]));
    }
    assert!(planned < 1.02 * followed, "{planned} {followed}");
}

/// A battery of 10 kWh between a load of 1 kW in the evening and the sun at noon; the sun of the day is half that of the day before.
fn half_the_sun() -> Span {
    let make = make(0);
    let home = make.home();
    let mut spec = plain::home(home.horizon.clone(), &vec![30.0; home.horizon.len()]);
    let first = make.history_days as usize * 96;
    for t in 0..spec.horizon.len() {
        let sun = if t < first { 4.0 } else { 2.0 };
        spec.grid.pv[t] = Kilowatts(if (44..52).contains(&(t % 96)) { sun } else { 0.0 });
        spec.grid.load[t] = Kilowatts(if (72..88).contains(&(t % 96)) { 1.0 } else { 0.0 });
    }
    let battery = plain::battery(&spec, 10.0, 5.0);
    spec.batteries.push(battery);
    make.span_of(Home::new(spec).expect("possible"))
}

#[test]
fn half_the_sun_that_was_foretold_still_covers_the_evening() {
    let span = half_the_sun();
    let tariff = flat(make(0).tariff(span.home()));
    let case = Case { span: &span, tariff: &tariff, forecasts: &Forecasts::default() };
    for policy in [PolicySpec::day_ahead(), PolicySpec::receding(4)] {
        let found = replay(&case, &policy).expect("a replay");
        // 4 kWh of sun a day, and as much load after it.
        let (import, export) =
            found.days.iter().fold((0.0, 0.0), |sum, day| (sum.0 + day.import_kwh, sum.1 + day.export_kwh));
        assert!(import < 0.01 && export < 0.01, "{}: {import} kWh drawn, {export} fed in", policy.id);
    }
}
