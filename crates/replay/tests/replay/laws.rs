//! What holds for any home.

use offpeak_replay::*;

use crate::support::*;

#[test]
fn show() {
    for seed in 0..3 {
        let make = Make::all(seed, 7);
        let span = make.span();
        let tariff = make.tariff(span.home());
        let forecasts = Forecasts::default();
        let case = Case { span: &span, tariff: &tariff, forecasts: &forecasts };
        for policy in policies() {
            let start = std::time::Instant::now();
            match replay(&case, &policy) {
                Ok(found) => {
                    let sum = |f: fn(&DayRow) -> f64| found.days.iter().map(f).sum::<f64>();
                    println!(
                        "{seed} {:20} net {:8.1} bill {:8.1} wear {:6.1} starts {:6.1} discomf {:7.1} ({:5.2} Kh {:5.2}) short {:7.1} over {:5.1} dep {:5.2} skip {} {:?}",
                        policy.id, found.net_ct(), found.bill_ct(), sum(|d| d.wear_ct), sum(|d| d.starts_ct), sum(|d| d.discomfort_ct),
                        sum(|d| d.discomfort_k_h), sum(|d| d.hot_water_kwh_h), sum(|d| d.shortfall_ct), sum(|d| d.overshoot_ct), sum(|d| d.departure_kwh),
                        found.days.iter().map(|d| d.skipped_runs).sum::<usize>(), start.elapsed()
                    );
                }
                Err(error) => println!("{seed} {}: {error}", policy.id),
            }
        }
    }
}
