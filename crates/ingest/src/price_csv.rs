//! A series as the table `prices` of a fleet.

use std::fmt::Write as _;

use offpeak_providers::{PriceKind, PriceSeries};

/// The series as a CSV file that `offpeak plan` takes: `start_utc,eur_per_mwh` for market prices, else `start_utc,ct_per_kwh`.
pub fn price_csv(series: &PriceSeries) -> String {
    let market = series.kind == PriceKind::Spot;
    let mut text = if market { "start_utc,eur_per_mwh\n" } else { "start_utc,ct_per_kwh\n" }.to_owned();
    for (start, price) in series.iter() {
        let number = if market { price.eur_per_mwh() } else { price.ct_per_kwh() };
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{},{number}", start.format("%Y-%m-%dT%H:%MZ"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use chrono_tz::Europe::Berlin;
    use offpeak_providers::{LocalDays, Price, Resolution, Settled, Vat};

    #[test]
    fn each_kind_has_the_header_that_says_what_it_is() {
        let days = LocalDays::one("2026-03-29".parse().unwrap(), Berlin);
        let mut series = PriceSeries {
            kind: PriceKind::Spot,
            vat: Vat::Excluded,
            resolution: Resolution::Hour,
            days,
            prices: vec![Price(-30_000), Price(1_025_000)],
            components: None,
            settled: Settled::Final,
            fetched_at: DateTime::UNIX_EPOCH,
        };
        assert_eq!(
            price_csv(&series),
            "start_utc,eur_per_mwh\n2026-03-28T23:00Z,-3\n2026-03-29T00:00Z,102.5\n"
        );
        series.kind = PriceKind::AllIn;
        assert!(
            price_csv(&series)
                .ends_with("start_utc,ct_per_kwh\n2026-03-28T23:00Z,-0.3\n2026-03-29T00:00Z,10.25\n")
        );
    }
}
