//! `/meter-readings`: one reading at the start of each supply.

use std::sync::Arc;

use axum::extract::State as Shared;
use serde_json::{Value, json};

use super::answer::{Answer, json_body};
use super::page::Page;
use super::params::Params;
use super::subscription_json::meter_id;
use super::subscriptions::newest_first;
use crate::oauth::grants::Bearer;
use crate::state::State;
use crate::text::stamp;
use crate::world::customer::{Status, Subscription, customer_id};
use crate::world::local;

pub(crate) async fn list(who: Bearer, Shared(state): Shared<Arc<State>>, params: Params) -> Answer {
    let page = Page::of(&params)?;
    let after = page.after.as_deref().and_then(|key| Subscription::of(key, state.customers));
    let all = newest_first(&state, who.customer, after).filter(|one| one.first_status() != Status::Pending);
    Ok(json_body(&page.answer(all.map(|one| (one.id(), written(one))))))
}

fn written(one: Subscription) -> Value {
    json!({
        "object": "meter_reading",
        "id": format!("mr_{}", one.id().trim_start_matches("sub_")),
        "customer": customer_id(one.customer),
        "subscription": one.id(),
        "meter": meter_id(one),
        "value": 100 + one.customer % 900,
        "timestamp": stamp(local::midnight(one.start())),
        "type": "customer_report",
        "created_at": stamp(local::midnight(one.start())),
    })
}
