//! `/invoices`: list, one, and its file.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{Datelike, TimeDelta};
use serde_json::{Value, json};

use super::answer::{Answer, Failure, json_body};
use super::page::Page;
use super::params::Params;
use super::subscriptions::newest_first;
use crate::oauth::grants::Bearer;
use crate::state::State;
use crate::text::stamp;
use crate::world::customer::customer_id;
use crate::world::invoice::{Invoice, issued};
use crate::world::local;

/// Days until an invoice is paid.
const PAID_AFTER_DAYS: i64 = 14;

/// An organisation's list goes customer by customer; within each, newest first.
pub(crate) async fn list(who: Bearer, Shared(state): Shared<Arc<State>>, params: Params) -> Answer {
    let page = Page::of(&params)?;
    let wanted = params.get("filter[subscription][eq]");
    let now = state.now();
    let after = page.after.as_deref().and_then(|key| Invoice::of(key, state.customers));
    let from = after.map(|invoice| invoice.subscription);
    let rest = from
        .into_iter()
        .flat_map(|one| issued(one, now))
        .filter(|one| after.is_some_and(|after| one.month < after.month));
    let further = newest_first(&state, who.customer, from).flat_map(|one| issued(one, now));
    let all = rest.chain(further).filter(|one| who.sees(one.subscription.customer));
    let all = all.filter(|one| wanted.is_none_or(|id| id == one.subscription.id()));
    Ok(json_body(&page.answer(all.map(|one| (one.id(), written(one, &state))))))
}

pub(crate) async fn one(who: Bearer, Shared(state): Shared<Arc<State>>, Path(id): Path<String>) -> Answer {
    Ok(json_body(&written(found(&who, &state, &id)?, &state)))
}

/// The file lies in a storage of its own, as with the provider.
pub(crate) async fn file(who: Bearer, Shared(state): Shared<Arc<State>>, Path(id): Path<String>) -> Answer {
    let invoice = found(&who, &state, &id)?;
    let place = format!("{}/__storage/{}.pdf", state.base_url, invoice.id());
    Ok((StatusCode::FOUND, [(header::LOCATION, place)]).into_response())
}

/// The storage: the smallest PDF that opens, with one empty page.
pub(crate) async fn storage(Path(_): Path<String>) -> impl IntoResponse {
    let body = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
    ([(header::CONTENT_TYPE, "application/pdf")], body)
}

fn found(who: &Bearer, state: &State, id: &str) -> Result<Invoice, Failure> {
    let invoice = Invoice::of(id, state.customers).filter(|one| who.sees(one.subscription.customer));
    invoice.filter(|one| issued(one.subscription, state.now()).contains(one)).ok_or_else(Failure::not_found)
}

fn written(one: Invoice, state: &State) -> Value {
    let (wh, cents) = one.bill(state.seed, &state.book, state.config.base_fee_cents);
    let paid_at = one.issued_at() + TimeDelta::days(PAID_AFTER_DAYS);
    let is_paid = paid_at <= state.now();
    json!({
        "object": "invoice",
        "id": one.id(),
        "customer": customer_id(one.subscription.customer),
        "subscription": one.subscription.id(),
        "invoice_number": format!("EMU{:08}-{:03}", one.subscription.customer, one.period_number()),
        "month": one.month.month(),
        "year": one.month.year(),
        "period_start": stamp(local::midnight(one.first_day())),
        "period_end": stamp(local::midnight(one.end_day())),
        "period_number": one.period_number(),
        "status": if is_paid { "paid" } else { "open" },
        "issued_at": stamp(one.issued_at()),
        "paid_at": is_paid.then(|| stamp(paid_at)),
        "type": "usage",
        "usage": wh as f64 / 1000.0,
        "total": cents as f64 / 100.0,
    })
}
