//! The answer with a subscription's prices, its body kept for all who share the series.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Value, json};

use super::local;
use super::series::{PriceItem, Series, SeriesKey};
use crate::config::Unpublished;
use crate::text::instant;

/// Bodies that are kept, at most; then all are forgotten.
const KEPT: usize = 512;

/// What a body depends on; the last is whether tomorrow's prices were out, as the last local day published.
type BodyKey = (SeriesKey, NaiveDate, NaiveDate, NaiveDate);

/// Prices as they go over the wire.
pub(crate) struct PriceBook {
    pub(crate) series: Series,
    publication: NaiveTime,
    unpublished: Unpublished,
    bodies: Mutex<HashMap<BodyKey, Arc<str>>>,
}

impl PriceBook {
    pub(crate) fn new(seed: u64, publication: NaiveTime, unpublished: Unpublished) -> Self {
        Self { series: Series::new(seed), publication, unpublished, bodies: Mutex::default() }
    }

    /// The last local day whose prices are out.
    pub(crate) fn last_published(&self, now: DateTime<Utc>) -> NaiveDate {
        let today = local::date_of(now);
        if now >= local::at(today, self.publication) { local::next(today) } else { today }
    }

    /// The body for `subscription`, from `start` to `end`, both included.
    pub(crate) fn body(
        &self,
        id: &str,
        key: SeriesKey,
        range: (NaiveDate, NaiveDate),
        now: DateTime<Utc>,
    ) -> String {
        let rest = self.rest(key, range, self.last_published(now));
        format!(r#"{{"object":"price","subscription":"{id}",{rest}"#)
    }

    /// Everything after the subscription's id.
    fn rest(&self, key: SeriesKey, (start, end): (NaiveDate, NaiveDate), last: NaiveDate) -> Arc<str> {
        let mut bodies = self.bodies.lock().unwrap_or_else(PoisonError::into_inner);
        if bodies.len() > KEPT {
            bodies.clear();
        }
        bodies
            .entry((key, start, end, last))
            .or_insert_with(|| self.written(key, (start, end), last).into())
            .clone()
    }

    fn written(&self, key: SeriesKey, (start, end): (NaiveDate, NaiveDate), last: NaiveDate) -> String {
        let items: Vec<Value> =
            local::days(start, local::next(end)).flat_map(|date| self.day(key, date, last)).collect();
        let body = head(key, start, end, &json!(items)).to_string();
        body.trim_start_matches('{').to_owned()
    }

    fn day(&self, key: SeriesKey, date: NaiveDate, last: NaiveDate) -> Vec<Value> {
        if date <= last {
            return self.series.day(key, date).iter().map(known).collect();
        }
        // Only the next day is announced empty; later ones are not there at all.
        let stands_for = if date == local::next(last) { self.unpublished } else { Unpublished::Absent };
        let amount = match stands_for {
            Unpublished::Absent => return Vec::new(),
            Unpublished::Null => Value::Null,
            Unpublished::Zero => json!(0),
        };
        self.series.day(key, date).iter().map(|item| empty(item, &amount)).collect()
    }
}

/// The answer for a supply that does not run.
pub(crate) fn inactive(id: &str, key: SeriesKey, (start, end): (NaiveDate, NaiveDate)) -> String {
    let mut body = head(key, start, end, &Value::Null);
    body["object"] = json!("price");
    body["subscription"] = json!(id);
    body.to_string()
}

fn head(key: SeriesKey, start: NaiveDate, end: NaiveDate, items: &Value) -> Value {
    json!({
        "period": { "start": start.to_string(), "end": end.to_string() },
        "unit": "ct/kWh",
        "currency": "EUR",
        "resolution": key.resolution(),
        "reference": if key.hourly { "EPEX Day-Ahead Hourly" } else { "EPEX Day-Ahead 15min" },
        "items": items,
    })
}

fn known(item: &PriceItem) -> Value {
    let part = |kind: &str, amount: i64| json!({ "type": kind, "amount": ct(amount) });
    let parts = [("electricity", item.electricity), ("grid", item.grid), ("levies", item.levies)];
    // What a flow does not pay has no part, rather than a part of zero.
    let parts: Vec<Value> = parts
        .iter()
        .filter(|(kind, of)| *kind == "electricity" || *of != 0)
        .map(|(k, of)| part(k, *of))
        .collect();
    json!({ "timestamp": instant(item.start), "amount": ct(item.amount()), "components": parts })
}

fn empty(item: &PriceItem, amount: &Value) -> Value {
    let parts: Vec<Value> = ["electricity", "grid", "levies"]
        .iter()
        .map(|kind| json!({ "type": kind, "amount": amount }))
        .collect();
    json!({ "timestamp": instant(item.start), "amount": amount, "components": parts })
}

/// Hundredths as ct; the nearest double prints with two decimals at most.
fn ct(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}
