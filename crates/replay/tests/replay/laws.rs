//! What each policy costs beside the others.

use offpeak_replay::*;

use crate::support::*;

/// What a policy costs net under the made home's tariff, in ct.
fn net(make: &Make, span: &Span, policy: &PolicySpec) -> f64 {
    let tariff = make.tariff(span.home());
    let forecasts = Forecasts::default();
    let case = Case { span, tariff: &tariff, forecasts: &forecasts };
    replay(&case, policy).expect("a replay").net_ct()
}

#[test]
fn knowing_more_costs_less_and_planning_costs_less_than_not() {
    let (mut foresight, mut receding, mut uncontrolled) = (0.0, 0.0, 0.0);
    for seed in 0..3 {
        let make = Make { water: seed == 2, ..Make::all(seed, 10) };
        let span = make.span();
        let costs = [PolicySpec::perfect_foresight(), PolicySpec::receding(4), PolicySpec::uncontrolled()]
            .map(|policy| net(&make, &span, &policy));
        println!("seed {seed}: {costs:?}");
        // A bound from overlapping horizons of three days, each within 1 % of its optimum.
        assert!(costs[0] <= costs[1] * 1.01 + 10.0, "seed {seed}: {costs:?}");
        assert!(costs[1] <= costs[2] + 10.0, "seed {seed}: {costs:?}");
        (foresight, receding, uncontrolled) =
            (foresight + costs[0], receding + costs[1], uncontrolled + costs[2]);
    }
    assert!(foresight < receding && receding < 0.95 * uncontrolled, "{foresight} {receding} {uncontrolled}");
}

#[test]
fn a_series_given_as_forecast_takes_the_place_of_the_past() {
    let make = Make { water: false, rooms: false, ..Make::all(5, 10) };
    let span = make.span();
    let tariff = make.tariff(span.home());
    let net = |forecasts: &Forecasts| {
        let case = Case { span: &span, tariff: &tariff, forecasts };
        replay(&case, &PolicySpec::receding(4)).expect("a replay").net_ct()
    };
    let right = Forecasts { given: Some(Box::new(span.home().clone())), ..Forecasts::default() };
    let mut spec = offpeak_domain::HomeSpec::clone(span.home());
    spec.grid.pv.fill(offpeak_domain::Kilowatts(0.0));
    spec.grid.load.reverse();
    let wrong = offpeak_domain::Home::new(spec).expect("possible");
    let wrong = Forecasts { given: Some(Box::new(wrong)), ..Forecasts::default() };
    let costs = [net(&right), net(&Forecasts::default()), net(&wrong)];
    assert!(costs[0] < costs[1] && costs[0] < costs[2], "{costs:?}");
    let other = Forecasts { given: Some(Box::new(Make::all(5, 3).home())), ..Forecasts::default() };
    let case = Case { span: &span, tariff: &tariff, forecasts: &other };
    let error = replay(&case, &PolicySpec::uncontrolled()).expect_err("another span").to_string();
    assert!(error.starts_with("forecast: "), "{error}");
}

#[test]
fn a_metered_load_stands_in_for_the_load() {
    let make =
        Make { battery: false, ev: false, rooms: false, water: false, washer: false, ..Make::all(3, 2) };
    let span = make.span();
    let metered = vec![offpeak_domain::Kilowatts(1.0); span.home().horizon.len()];
    let spec = offpeak_domain::HomeSpec {
        grid: offpeak_domain::Grid {
            pv: vec![offpeak_domain::Kilowatts(0.0); metered.len()],
            ..span.home().grid.clone()
        },
        ..offpeak_domain::HomeSpec::clone(span.home())
    };
    let span = make.span_of(offpeak_domain::Home::new(spec).expect("possible"));
    let span = span.with_load(metered).expect("fits");
    let tariff = make.tariff(span.home());
    let case = Case { span: &span, tariff: &tariff, forecasts: &Forecasts::default() };
    let found = replay(&case, &PolicySpec::uncontrolled()).expect("a replay");
    let paid: f64 = tariff.prices.import[span.replayed()].iter().map(|price| price.0 * 0.25).sum();
    assert!((found.bill_ct() - paid - 2.0 * 30.0).abs() < 1e-6, "{} {paid}", found.bill_ct());
    assert!(span.with_load(Vec::new()).is_err());
}
