//! Usage times price, exactly, and every interval for which one of them is missing.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Months, Utc};
use offpeak_providers::{
    Direction, Energy, LocalDays, Money, PriceSeries, Resolution, UsageReading, UsageResolution, UsageSeries,
    UsageStatus,
};

use super::{BillGap, BillRecord};

/// Prices by the start of the quarter-hour.
type Prices = BTreeMap<i64, i64>;

const QUARTER: i64 = 900;

/// The bill of the days that `usage` covers.
pub(super) fn cost(
    subscription: &str,
    direction: Direction,
    days: LocalDays,
    usage: &UsageSeries,
    series: &[PriceSeries],
) -> BillRecord {
    let prices = quarters(series);
    let mut bill = BillRecord {
        subscription: subscription.to_owned(),
        feed_in: direction == Direction::FeedIn,
        first: days.first(),
        last: days.last(),
        energy: 0,
        amount: 0,
        preliminary: usage.readings.iter().filter(|one| one.status == UsageStatus::Preliminary).count(),
        by_mean: false,
        gaps: Vec::new(),
        invoice: None,
    };
    let mut exact = 0_i128;
    for reading in &usage.readings {
        let from = reading.start.timestamp();
        let to = end_of(reading, usage.resolution, days).timestamp();
        match mean(&prices, from, to) {
            Some((mean, one)) => {
                bill.energy += reading.energy.0;
                exact += mean.of(reading.energy);
                bill.by_mean |= !one;
            }
            None => gap(&mut bill.gaps, from, to, "price"),
        }
    }
    let step = usage.resolution.as_prices().map_or(0, |resolution| resolution.minutes() * 60);
    for start in &usage.missing {
        gap(&mut bill.gaps, start.timestamp(), start.timestamp() + step, "usage");
    }
    if usage.readings.is_empty() && usage.missing.is_empty() {
        gap(&mut bill.gaps, days.start_utc().timestamp(), days.end_utc().timestamp(), "usage");
    }
    let amount = Money::from_exact(exact).0;
    bill.amount = if bill.feed_in { -amount } else { amount };
    bill
}

/// A mean price as a sum and a count, so that it stays exact until it is multiplied.
struct Mean {
    sum: i128,
    count: i128,
}

impl Mean {
    /// What an energy costs, in 1e-11 ct, rounded down.
    fn of(&self, energy: Energy) -> i128 {
        (i128::from(energy.0) * self.sum).div_euclid(self.count)
    }
}

/// The mean of the prices from `from` to `to`, and whether they are all the same; none if one is missing.
fn mean(prices: &Prices, from: i64, to: i64) -> Option<(Mean, bool)> {
    let values: Vec<i64> = prices.range(from..to).map(|(_, price)| *price).collect();
    let whole = i64::try_from(values.len()).ok()? * QUARTER == to - from && !values.is_empty();
    let one = values.iter().all(|price| Some(price) == values.first());
    let sum = values.iter().map(|price| i128::from(*price)).sum();
    whole.then_some((Mean { sum, count: i128::try_from(values.len()).ok()? }, one))
}

fn quarters(series: &[PriceSeries]) -> Prices {
    let held = series.iter().flat_map(|one| {
        let times = one.resolution.minutes() / Resolution::QuarterHour.minutes();
        one.iter().flat_map(move |(start, price)| {
            (0..times).map(move |index| (start.timestamp() + QUARTER * index, price.0))
        })
    });
    held.collect()
}

/// When the interval of a reading ends: by the local calendar for days and more, and never after the days asked for.
fn end_of(reading: &UsageReading, resolution: UsageResolution, days: LocalDays) -> DateTime<Utc> {
    let local = reading.start.with_timezone(&days.zone()).date_naive();
    let begins = |day| LocalDays::one(day, days.zone()).start_utc();
    let end = match resolution {
        UsageResolution::QuarterHour => reading.start + Duration::minutes(15),
        UsageResolution::Hour => reading.start + Duration::hours(1),
        UsageResolution::Day => begins(local + chrono::Days::new(1)),
        UsageResolution::Week => begins(local + chrono::Days::new(7)),
        UsageResolution::Month => begins(local + Months::new(1)),
    };
    end.min(days.end_utc())
}

/// Adds a span to those that are missing, to the last of them if it follows it.
fn gap(gaps: &mut Vec<BillGap>, from: i64, to: i64, missing: &str) {
    match gaps.last_mut() {
        Some(last) if last.to == from && last.missing == missing => last.to = to,
        _ => gaps.push(BillGap { from, to, missing: missing.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Berlin;
    use offpeak_providers::{MeterKind, Price, PriceKind, Settled, Vat};

    fn day() -> LocalDays {
        LocalDays::one("2026-03-29".parse().unwrap(), Berlin)
    }

    fn prices(resolution: Resolution, price: impl Fn(i64) -> i64) -> PriceSeries {
        let count = i64::try_from(day().intervals(resolution)).unwrap();
        PriceSeries {
            kind: PriceKind::AllIn,
            vat: Vat::Included,
            resolution,
            days: day(),
            prices: (0..count).map(|index| Price(price(index))).collect(),
            components: None,
            settled: Settled::Final,
            fetched_at: DateTime::UNIX_EPOCH,
        }
    }

    fn usage(resolution: UsageResolution, minutes: i64, kwh: impl Fn(i64) -> Option<i64>) -> UsageSeries {
        let count = (day().end_utc() - day().start_utc()).num_minutes() / minutes;
        let reading = |index: i64| {
            let start = day().start_utc() + Duration::minutes(minutes * index);
            kwh(index).map(|energy| UsageReading {
                start,
                energy: Energy(energy),
                status: UsageStatus::Final,
            })
        };
        let readings = (0..count).filter_map(reading).collect();
        UsageSeries::new(MeterKind::Smart, resolution, day(), readings).unwrap()
    }

    /// The same sum in another arithmetic.
    fn by_floats(energy: impl Fn(i64) -> i64, price: impl Fn(i64) -> i64) -> f64 {
        (0..92).map(|index| energy(index) as f64 / 1e6 * (price(index) as f64 / 1e5)).sum()
    }

    #[test]
    fn quarters_times_quarters_is_the_sum_of_the_products() {
        let (energy, price) = (|index| 200_000 + 777 * index, |index| 2_444_000 - 61_313 * index);
        let bill = cost(
            "s",
            Direction::Consumption,
            day(),
            &usage(UsageResolution::QuarterHour, 15, |index| Some(energy(index))),
            &[prices(Resolution::QuarterHour, price)],
        );
        assert!((bill.amount as f64 / 1e5 - by_floats(energy, price)).abs() < 1e-5);
        assert!(bill.gaps.is_empty() && !bill.by_mean);
        let sold = cost(
            "s",
            Direction::FeedIn,
            day(),
            &usage(UsageResolution::QuarterHour, 15, |index| Some(energy(index))),
            &[prices(Resolution::QuarterHour, price)],
        );
        assert_eq!(sold.amount, -bill.amount);
    }

    #[test]
    fn an_hours_price_holds_for_its_quarters_and_an_hours_energy_takes_the_mean() {
        let hourly = cost(
            "s",
            Direction::Consumption,
            day(),
            &usage(UsageResolution::QuarterHour, 15, |_| Some(250_000)),
            &[prices(Resolution::Hour, |hour| 100_000 * hour)],
        );
        assert_eq!((hourly.amount, hourly.by_mean), ((0..23).map(|hour| 100_000 * hour).sum(), false));
        let mean = cost(
            "s",
            Direction::Consumption,
            day(),
            &usage(UsageResolution::Hour, 60, |_| Some(1_000_000)),
            &[prices(Resolution::QuarterHour, |index| 100_000 * (index % 4))],
        );
        assert_eq!((mean.amount, mean.by_mean), (23 * 150_000, true));
    }

    #[test]
    fn what_is_missing_is_listed_and_costs_nothing() {
        let holes = usage(UsageResolution::QuarterHour, 15, |index| {
            (!(8..12).contains(&index) && index != 40).then_some(1_000_000)
        });
        let bill =
            cost("s", Direction::Consumption, day(), &holes, &[prices(Resolution::QuarterHour, |_| 100_000)]);
        assert_eq!((bill.energy, bill.amount), (87_000_000, 8_700_000));
        let start = day().start_utc().timestamp();
        let spans: Vec<_> = bill
            .gaps
            .iter()
            .map(|gap| ((gap.from - start) / 900, (gap.to - start) / 900, gap.missing.as_str()))
            .collect();
        assert_eq!(spans, [(8, 12, "usage"), (40, 41, "usage")]);
        let unpriced = cost("s", Direction::Consumption, day(), &holes, &[]);
        assert_eq!((unpriced.energy, unpriced.amount), (0, 0));
        assert!(unpriced.gaps.iter().any(|gap| gap.missing == "price"));
    }
}
