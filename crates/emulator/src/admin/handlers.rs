//! The steering paths. They are open: the emulator listens on loopback and holds nothing of anybody.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State as Shared};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::webhook::{WebhookCall, send};
use crate::fault::Fault;
use crate::http::answer::{Answer, Failure, json_body};
use crate::http::params::Params;
use crate::state::State;
use crate::stats::Stats;
use crate::text::stamp;
use crate::world::customer::{Status, Subscription, customer_id};

/// Most grants of one call.
const MOST_GRANTS: u32 = 10_000;

pub(crate) async fn stats(Shared(state): Shared<Arc<State>>) -> Json<Stats> {
    Json(state.counters.read(state.grants.counts()))
}

pub(crate) async fn reset_stats(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    state.counters.reset();
    Json(json!({}))
}

/// `POST /__fault/{kind}?path=..&times=..&skip=..&probability=..&delay_ms=..`
pub(crate) async fn add_fault(
    Shared(state): Shared<Arc<State>>,
    Path(kind): Path<String>,
    params: Params,
) -> Answer {
    let named = || {
        Failure::invalid(
            "invalid_value",
            "kind",
            "is no fault, such as drop-answer, rate-limited, slow, cut-body",
        )
    };
    let mut fault = Fault::new(kind.parse().map_err(|_| named())?, params.get("path").unwrap_or("/**"));
    fault.skip = number(&params, "skip")?.unwrap_or(0);
    fault.times = number(&params, "times")?;
    fault.probability = number(&params, "probability")?.unwrap_or(1.0);
    if let Some(delay) = number(&params, "delay_ms")? {
        fault.delay = Duration::from_millis(delay);
    }
    let shown = format!("{fault:?}");
    state.faults.add(fault);
    Ok(json_body(&json!({ "fault": shown })))
}

pub(crate) async fn clear_faults(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    state.faults.clear();
    Json(json!({}))
}

pub(crate) async fn clock(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(json!({ "now": stamp(state.now()) }))
}

/// `POST /__clock?now=2026-03-28T15:00:00Z`
pub(crate) async fn set_clock(Shared(state): Shared<Arc<State>>, params: Params) -> Answer {
    let now: DateTime<Utc> =
        number(&params, "now")?.ok_or_else(|| Failure::invalid("invalid_type", "now", "Required"))?;
    state.clock.set(now);
    Ok(json_body(&json!({ "now": stamp(state.now()) })))
}

/// `POST /__grants?from=1&count=100&client=fleet`: consents without a browser, for a fleet of tests.
pub(crate) async fn grants(Shared(state): Shared<Arc<State>>, params: Params) -> Answer {
    let from: u32 = number(&params, "from")?.unwrap_or(1);
    let count: u32 = number(&params, "count")?.unwrap_or(1);
    let client = client(&params, &state)?.unwrap_or(0);
    let last = from.saturating_add(count.saturating_sub(1));
    if from == 0 || last > state.customers || count > MOST_GRANTS {
        let allowed = format!("must be at most {MOST_GRANTS}, of customers 1 to {}", state.customers);
        return Err(Failure::invalid("too_big", "count", &allowed));
    }
    let now = state.now().timestamp();
    let granted = (from..=last).map(|number| {
        json!({ "customer": customer_id(number), "tokens": state.grants.open(client, Some(number), false, now) })
    });
    Ok(json_body(&granted.collect()))
}

/// `POST /__revoke?customer=1&client=fleet`: the customer takes the consent back.
pub(crate) async fn revoke(Shared(state): Shared<Arc<State>>, params: Params) -> Answer {
    let customer = number(&params, "customer")?
        .ok_or_else(|| Failure::invalid("invalid_type", "customer", "Required"))?;
    let revoked = state.grants.revoke(customer, client(&params, &state)?);
    Ok(json_body(&json!({ "revoked": revoked })))
}

/// `POST /__subscriptions/{id}/status?status=active`
pub(crate) async fn set_status(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    let one = Subscription::of(&id, state.customers).ok_or_else(Failure::not_found)?;
    let status = params.get("status").and_then(Status::read);
    let wrong = || Failure::invalid("invalid_value", "status", "must be pending, active or ended");
    state.set_status(one, status.ok_or_else(wrong)?);
    Ok(json_body(&json!({})))
}

pub(crate) async fn webhook(Shared(state): Shared<Arc<State>>, Json(call): Json<WebhookCall>) -> Answer {
    let sent = send(&state, &call).await?;
    Ok(json_body(&json!({ "event": sent.event, "status": sent.status })))
}

fn client(params: &Params, state: &State) -> Result<Option<u32>, Failure> {
    let unknown = || Failure::invalid("invalid_value", "client", "is not registered");
    params.get("client").map(|id| state.client(id).map(|(number, _)| number).ok_or_else(unknown)).transpose()
}

fn number<T: std::str::FromStr>(params: &Params, name: &str) -> Result<Option<T>, Failure> {
    let wrong = |_| Failure::invalid("invalid_format", name, "cannot be read");
    params.get(name).map(|text| text.parse().map_err(wrong)).transpose()
}
