//! Any damage to a good answer gives the good series, days named as missing, or a named error: never another price.

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::normalise::{Gap, SeriesError};
use crate::series::PriceSeries;

const CHANGE_DAYS: [&str; 4] = ["2026-03-29", "2026-10-25", "2026-06-01", "2026-01-15"];

fn days(first: &str, count: u64) -> LocalDays {
    let first: chrono::NaiveDate = first.parse().unwrap();
    LocalDays::new(first, first + Days::new(count - 1), Nomos::ZONE).unwrap()
}

fn of(direction: Direction) -> NomosSeries {
    NomosSeries { token: SecretString::from("t"), subscription: "sub_1".into(), direction }
}

fn now() -> DateTime<Utc> {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

/// An answer with a price of its own in each interval, some negative.
fn good(days: LocalDays, minutes: i64) -> Value {
    let count = (days.end_utc() - days.start_utc()).num_minutes() / minutes;
    let items: Vec<Value> = (0..count)
        .map(|index| {
            let start = days.start_utc() + Duration::minutes(minutes * index);
            let electricity = (index * 7919 % 3000 - 300) as f64 / 100.0 + 0.005;
            let amount = ((electricity + 9.47 + 6.2) * 1000.0).round() / 1000.0;
            json!({"timestamp": start.format("%Y-%m-%dT%H:%M:%SZ").to_string(), "amount": amount, "components": [
                {"type": "electricity", "amount": electricity}, {"type": "grid", "amount": 9.47},
                {"type": "levies", "amount": 6.2}]})
        })
        .collect();
    json!({"object": "price", "subscription": "sub_1", "unit": "ct/kWh", "currency": "EUR", "reference": "EPEX",
        "resolution": if minutes == 15 { "15min" } else { "hourly" }, "items": items,
        "period": {"start": days.first().to_string(), "end": days.last().to_string()}})
}

fn read_json(answer: &Value, direction: Direction, days: LocalDays) -> Result<Publication, ProviderError> {
    let text = serde_json::to_vec(answer).unwrap();
    read(&serde_json::from_slice(&text).unwrap(), &of(direction), days, now())
}

fn complete(answer: &Value, days: LocalDays) -> PriceSeries {
    match read_json(answer, Direction::Consumption, days) {
        Ok(Publication::Complete(series)) => series,
        other => panic!("{other:?}"),
    }
}

fn damaged(days: LocalDays, change: impl FnOnce(&mut Vec<Value>)) -> Result<Publication, ProviderError> {
    let mut answer = good(days, 15);
    change(answer["items"].as_array_mut().unwrap());
    read_json(&answer, Direction::Consumption, days)
}

fn only_gap(published: Result<Publication, ProviderError>) -> Gap {
    match published {
        Ok(Publication::NotYetPublished { days, before: None }) if days.len() == 1 => days[0].gap,
        other => panic!("{other:?}"),
    }
}

/// What may happen to an answer on its way.
#[derive(Debug, Clone)]
enum Damage {
    Shuffle(u64),
    Drop(prop::sample::Index),
    Repeat(prop::sample::Index),
    RepeatDearer(prop::sample::Index),
    NullAmount(prop::sample::Index),
    NoAmount(prop::sample::Index),
    NullParts(prop::sample::Index),
    Zero(prop::sample::Index, usize),
    Move(prop::sample::Index, i64),
    Empty,
    NoItems,
    Foreign(&'static str, Value),
    Unknown,
}

fn damage() -> impl Strategy<Value = Damage> {
    use Damage::*;
    let index = any::<prop::sample::Index>;
    prop_oneof![
        any::<u64>().prop_map(Shuffle),
        index().prop_map(Drop),
        index().prop_map(Repeat),
        index().prop_map(RepeatDearer),
        index().prop_map(NullAmount),
        index().prop_map(NoAmount),
        index().prop_map(NullParts),
        (index(), 1_usize..40).prop_map(|(from, count)| Zero(from, count)),
        (index(), prop_oneof![Just(7_i64), Just(15), Just(-30), Just(100_000)])
            .prop_map(|(at, by)| Move(at, by)),
        Just(Empty),
        Just(NoItems),
        prop_oneof![
            Just(Foreign("subscription", json!("sub_2"))),
            Just(Foreign("unit", json!("EUR/MWh"))),
            Just(Foreign("currency", json!("CHF"))),
            Just(Foreign("resolution", json!("hourly"))),
            Just(Foreign("resolution", json!("5min"))),
            Just(Foreign("period", json!({"start": "2026-05-01", "end": "2026-05-01"}))),
        ],
        Just(Unknown),
    ]
}

fn apply(answer: &mut Value, damage: &Damage) {
    if let Damage::Foreign(field, value) = damage {
        answer[*field] = value.clone();
        return;
    }
    if matches!(damage, Damage::NoItems) {
        answer["items"] = Value::Null;
    }
    let Some(items) = answer["items"].as_array_mut().filter(|items| !items.is_empty()) else { return };
    match damage {
        Damage::Shuffle(seed) => {
            let mix = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            items.sort_by_cached_key(|item| item.to_string().bytes().fold(*seed, mix));
        }
        Damage::Drop(at) => drop(items.remove(at.index(items.len()))),
        Damage::Repeat(at) => items.push(items[at.index(items.len())].clone()),
        Damage::RepeatDearer(at) => {
            let mut other = items[at.index(items.len())].clone();
            other["amount"] = json!(99.0);
            items.push(other);
        }
        Damage::NullAmount(at) => at.get_mut_of(items)["amount"] = Value::Null,
        Damage::NoAmount(at) => drop(at.get_mut_of(items).as_object_mut().unwrap().remove("amount")),
        Damage::NullParts(at) => at.get_mut_of(items)["components"] = Value::Null,
        Damage::Zero(at, count) => {
            let from = at.index(items.len());
            for item in items.iter_mut().skip(from).take(*count) {
                item["amount"] = json!(0);
                item["components"] = json!([{"type": "electricity", "amount": 0}]);
            }
        }
        Damage::Move(at, by) => {
            let item = at.get_mut_of(items);
            let start: DateTime<Utc> = item["timestamp"].as_str().unwrap().parse().unwrap();
            item["timestamp"] = json!((start + Duration::minutes(*by)).to_rfc3339());
        }
        Damage::Empty => items.clear(),
        Damage::Unknown => {
            items[0]["carbon"] = json!({"g": 1});
            answer["novel"] = json!([1, "two"]);
        }
        Damage::NoItems | Damage::Foreign(..) => {}
    }
}

trait GetMutOf {
    fn get_mut_of<'a>(&self, items: &'a mut [Value]) -> &'a mut Value;
}

impl GetMutOf for prop::sample::Index {
    fn get_mut_of<'a>(&self, items: &'a mut [Value]) -> &'a mut Value {
        let place = self.index(items.len());
        &mut items[place]
    }
}

proptest! {
    #[test]
    fn damage_gives_the_good_prices_or_is_named(
        first in prop::sample::select(&CHANGE_DAYS), count in 1_u64..4, quarters: bool,
        damages in prop::collection::vec(damage(), 0..4),
    ) {
        // Another price in place of the right one, which is gone, is beyond anybody's knowing.
        let other = damages.iter().any(|one| matches!(one, Damage::RepeatDearer(_)));
        let gone = damages.iter().any(|one| matches!(one, Damage::Drop(_) | Damage::Move(..)));
        prop_assume!(!(other && gone));
        let days = days(first, count);
        let mut answer = good(days, if quarters { 15 } else { 60 });
        let whole = complete(&answer, days);
        for one in &damages {
            apply(&mut answer, one);
        }
        match read_json(&answer, Direction::Consumption, days) {
            Ok(Publication::Complete(series)) => prop_assert_eq!(&series.prices, &whole.prices),
            Ok(Publication::NotYetPublished { days: missing, before }) => {
                prop_assert!(!missing.is_empty());
                let known = before.map_or_else(Vec::new, |series| {
                    assert_eq!(series.prices.len(), series.days.intervals(series.resolution));
                    assert!(series.days.last() < missing[0].day);
                    series.prices
                });
                prop_assert_eq!(&known[..], &whole.prices[..known.len()]);
            }
            Ok(Publication::NotDelivered) => prop_assert!(answer["items"].is_null()),
            Err(error) => prop_assert!(error.to_string().contains("must")),
        }
    }
}

#[test]
fn both_resolutions_on_days_of_92_96_and_100_quarters() {
    for (first, quarters) in [("2026-03-29", 92), ("2026-06-01", 96), ("2026-10-25", 100)] {
        for (minutes, count) in [(15, quarters), (60, quarters / 4)] {
            let days = days(first, 1);
            let series = complete(&good(days, minutes), days);
            assert_eq!(series.prices.len(), count);
            let components = series.components.as_ref().unwrap();
            assert_eq!(components.grid, vec![Price(947_000); count]);
            assert_eq!(series.iter().last().unwrap().0 + Duration::minutes(minutes), days.end_utc());
        }
    }
}

#[test]
fn what_is_missing_is_told_apart() {
    let day = days("2026-06-01", 1);
    let start = day.start_utc();
    let at = |index: i32| start + Duration::minutes(15) * index;
    assert_eq!(only_gap(damaged(day, Vec::clear)), Gap::Absent);
    assert_eq!(only_gap(damaged(day, |items| drop(items.remove(5)))), Gap::Missing(at(5)));
    assert_eq!(only_gap(damaged(day, |items| items[7]["amount"] = Value::Null)), Gap::Null(at(7)));
    let zero = |items: &mut Vec<Value>| {
        items[95]["amount"] = json!(0);
        items[95]["components"] = Value::Null;
    };
    assert_eq!(only_gap(damaged(day, zero)), Gap::Zeros(at(95)));
    let moved = |by: &'static str| move |items: &mut Vec<Value>| items[0]["timestamp"] = json!(by);
    assert!(matches!(
        damaged(day, moved("2026-05-31T22:00:01Z")),
        Err(ProviderError::Series(SeriesError::OffGrid { .. }))
    ));
    assert!(matches!(
        damaged(day, moved("2026-05-31T22:15:00Z")),
        Err(ProviderError::Series(SeriesError::Conflict { .. }))
    ));
    let local = damaged(day, moved("2026-05-31T22:00:00")).unwrap_err().to_string();
    assert!(
        local.contains("timestamp in the answer: 2026-05-31T22:00:00; must be a time stamp with Z"),
        "{local}"
    );
}

#[test]
fn a_zero_that_its_parts_explain_is_a_price() {
    let day = days("2026-06-01", 1);
    let explained = |items: &mut Vec<Value>| {
        items[3]["amount"] = json!(0);
        items[3]["components"][0]["amount"] = json!(-15.67);
    };
    let Ok(Publication::Complete(series)) = damaged(day, explained) else { panic!("not taken") };
    assert_eq!(series.prices[3], Price(0));
}

#[test]
fn fees_alone_are_no_prices_and_eight_hours_of_zero_pay_are() {
    let day = days("2026-06-01", 1);
    let fees = |items: &mut Vec<Value>| {
        for item in items {
            item["amount"] = json!(15.67);
            item["components"][0]["amount"] = json!(0);
        }
    };
    assert_eq!(only_gap(damaged(day, fees)), Gap::Zeros(day.start_utc()));
    let pay = |zeros: usize| {
        let mut answer = good(day, 15);
        for item in &mut answer["items"].as_array_mut().unwrap()[40..40 + zeros] {
            item["amount"] = json!(0);
            item["components"] = json!([]);
        }
        read_json(&answer, Direction::FeedIn, day).unwrap()
    };
    let Publication::Complete(series) = pay(32) else { panic!("eight hours of zero are a price") };
    assert_eq!((series.kind, series.vat), (PriceKind::FeedIn, Vat::Unstated));
    assert_eq!(pay(48).unpublished(), [day.first()]);
}

#[test]
fn days_before_the_first_missing_one_are_whole() {
    let three = days("2026-03-28", 3);
    let published = damaged(three, |items| items.truncate(96 + 92 + 50)).unwrap();
    let Publication::NotYetPublished { days: missing, before: Some(before) } = published else {
        panic!("whole")
    };
    assert_eq!(missing.len(), 1);
    assert_eq!((before.days.first(), before.days.last()), (three.first(), three.first() + Days::new(1)));
    assert_eq!(before.prices.len(), 96 + 92);
}

#[test]
fn a_period_may_be_told_in_dates_or_instants() {
    let day = days("2026-06-01", 1);
    for (start, end, fits) in [
        ("2026-06-01", "2026-06-01", true),
        ("2026-05-31T22:00:00Z", "2026-06-01T21:59:59Z", true),
        ("2026-05-31T22:00:00.000Z", "2026-06-01T22:00:00.000Z", true),
        ("2026-06-01", "2026-06-02", false),
        ("2026-05-30T22:00:00Z", "2026-06-01T21:59:59Z", false),
    ] {
        let mut answer = good(day, 15);
        answer["period"] = json!({"start": start, "end": end});
        assert_eq!(read_json(&answer, Direction::Consumption, day).is_ok(), fits, "{start} to {end}");
    }
}

#[test]
fn prices_are_final_from_twenty_past_two_on_the_day_before() {
    let day = days("2026-11-26", 1);
    assert_eq!(settled(day, "2026-11-25T13:19:59Z".parse().unwrap()), Settled::Provisional);
    assert_eq!(settled(day, "2026-11-25T13:20:00Z".parse().unwrap()), Settled::Final);
}
