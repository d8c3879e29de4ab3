//! Days of 92 and of 100 quarter-hours.

use offpeak_replay::*;

use crate::support::*;

#[test]
fn days_of_a_clock_change_are_replayed_whole() {
    for (first, expected) in [((2026, 3, 28), [96, 92, 96]), ((2025, 10, 25), [96, 100, 96])] {
        let make = Make { first, water: false, ..Make::all(21, 3) };
        let span = make.span();
        let tariff = make.tariff(span.home());
        let case = Case { span: &span, tariff: &tariff, forecasts: &Forecasts::default() };
        for policy in policies() {
            let mut lengths = Vec::new();
            let found = replay_with(&case, &policy, &mut |day| lengths.push(day.intervals.len()));
            let found = found.unwrap_or_else(|error| panic!("{first:?}, {}: {error}", policy.id));
            assert_eq!(lengths, expected, "{}", policy.id);
            // Whatever the policy, the home's own load and the sun are those of the span.
            let load: f64 = span.replayed().map(|t| span.home().grid.load[t].0 * 0.25).sum();
            assert!((found.days.iter().map(|day| day.load_kwh).sum::<f64>() - load).abs() < 1e-9);
        }
    }
}

#[test]
fn a_clock_change_in_the_history_leaves_every_forecast_a_past() {
    for first in [(2026, 3, 30), (2025, 10, 27), (2026, 4, 5)] {
        let make = Make { first, history_days: 1, water: false, ..Make::all(22, 2) };
        let span = make.span();
        let tariff = make.tariff(span.home());
        for load in [Method::Yesterday, Method::LastWeek, Method::SimilarDays, Method::ClearSky] {
            let forecasts = Forecasts { load, ..Forecasts::default() };
            let case = Case { span: &span, tariff: &tariff, forecasts: &forecasts };
            replay(&case, &PolicySpec::day_ahead())
                .unwrap_or_else(|error| panic!("{first:?}, {load:?}: {error}"));
        }
    }
}
