//! `/grid-fee-reductions`: the modules of §14a EnWG.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use serde_json::{Value, json};

use super::answer::{Answer, Failure, json_body};
use super::page::Page;
use super::params::Params;
use super::subscriptions::newest_first;
use crate::oauth::grants::Bearer;
use crate::state::State;
use crate::text::stamp;
use crate::world::customer::{Subscription, customer_id};
use crate::world::local;

pub(crate) async fn list(who: Bearer, Shared(state): Shared<Arc<State>>, params: Params) -> Answer {
    let page = Page::of(&params)?;
    let after = page.after.as_deref().and_then(|key| parts(key, state.customers));
    // The subscription of the cursor once more, and of it only what comes after.
    let first = after
        .into_iter()
        .flat_map(|(one, module)| reductions(one).filter(move |(_, other, _)| *other < module));
    let further = newest_first(&state, who.customer, after.map(|(one, _)| one)).flat_map(reductions);
    let all = first.chain(further).filter(|(one, ..)| who.sees(one.customer));
    Ok(json_body(
        &page.answer(all.map(|(one, module, status)| (id(one, module), written(one, module, status)))),
    ))
}

pub(crate) async fn one(who: Bearer, Shared(state): Shared<Arc<State>>, Path(id): Path<String>) -> Answer {
    let found = parts(&id, state.customers).filter(|(one, _)| who.sees(one.customer));
    let found = found.and_then(|(one, module)| reductions(one).find(|(_, other, _)| *other == module));
    let (one, module, status) = found.ok_or_else(Failure::not_found)?;
    Ok(json_body(&written(one, module, status)))
}

/// Newest first: module 3 was ordered after module 1.
fn reductions(one: Subscription) -> impl Iterator<Item = (Subscription, u32, &'static str)> {
    one.modules().iter().rev().map(move |(module, status)| (one, *module, *status))
}

fn id(one: Subscription, module: u32) -> String {
    format!("gfr_{}{module}", one.id().trim_start_matches("sub_"))
}

fn parts(id: &str, customers: u32) -> Option<(Subscription, u32)> {
    let (one, module) = id.strip_prefix("gfr_")?.split_at_checked(id.len().checked_sub(5)?)?;
    Some((Subscription::of(&format!("sub_{one}"), customers)?, module.parse().ok()?))
}

fn written(one: Subscription, module: u32, status: &str) -> Value {
    json!({
        "object": "grid_fee_reduction",
        "id": id(one, module),
        "subscription": one.id(),
        "type": format!("enwg-14a-module-{module}"),
        "status": status,
        "valid_from": (status == "activated").then(|| stamp(local::midnight(one.start()))),
        "valid_until": Value::Null,
        "created_at": stamp(one.created_at()),
        "updated_at": stamp(one.created_at()),
        "customer": customer_id(one.customer),
    })
}
