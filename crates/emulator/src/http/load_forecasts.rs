//! `POST /load-forecasts`: checked as the provider says, and summed up.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State as Shared;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, Failure, json_body};
use crate::oauth::grants::Bearer;
use crate::state::State;
use crate::text::stamp;
use crate::world::local::{self, QUARTER_S};

#[derive(Deserialize)]
struct Forecast {
    scope: String,
    subscription: String,
    resolution: String,
    unit: String,
    data: Vec<Point>,
}

#[derive(Deserialize)]
struct Point {
    start: DateTime<Utc>,
    value: f64,
}

pub(crate) async fn create(who: Bearer, Shared(state): Shared<Arc<State>>, body: Bytes) -> Answer {
    who.writer()?;
    let forecast: Forecast = serde_json::from_slice(&body)
        .map_err(|cause| Failure::invalid("invalid_type", "body", &cause.to_string()))?;
    let (start, end) = forecast.checked(state.now())?;
    let one = who.subscription(&forecast.subscription, &state)?;
    let total: f64 = forecast.data.iter().map(|point| point.value / 4.0).sum();
    Ok(json_body(&json!({
        "scope": "subscription",
        "subscription": one.id(),
        "start": stamp(start),
        "end": stamp(end),
        "total": total,
    })))
}

impl Forecast {
    /// The range, where the points are quarter-hours without a gap, over whole local days, and in time.
    fn checked(&self, now: DateTime<Utc>) -> Result<(DateTime<Utc>, DateTime<Utc>), Failure> {
        if (&*self.scope, &*self.resolution, &*self.unit) != ("subscription", "15min", "KW") {
            return Err(Failure::invalid(
                "invalid_value",
                "scope",
                "must be subscription, with 15min and KW",
            ));
        }
        let (Some(first), Some(last)) = (self.data.first(), self.data.last()) else {
            return Err(Failure::invalid("too_small", "data", "must hold at least one local day"));
        };
        if self.data.iter().any(|point| point.value < 0.0) {
            return Err(Failure::invalid("too_small", "data", "must be powers of at least 0"));
        }
        let step = TimeDelta::seconds(QUARTER_S);
        if self.data.windows(2).any(|pair| pair[1].start - pair[0].start != step) {
            return Err(Failure::invalid("custom", "data", "must be strictly consecutive quarter-hours"));
        }
        let end = last.start.checked_add_signed(step).unwrap_or(last.start);
        let is_midnight = |instant: DateTime<Utc>| local::midnight(local::date_of(instant)) == instant;
        if !is_midnight(first.start) || !is_midnight(end) {
            return Err(Failure::invalid("custom", "data", "must cover full local days"));
        }
        if first.start - now < step {
            return Err(Failure::invalid("custom", "data", "must come at least 15 minutes before delivery"));
        }
        Ok((first.start, end))
    }
}
