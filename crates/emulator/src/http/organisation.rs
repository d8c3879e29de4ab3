//! What only an organisation may read: plans, customers, market partners, leads, meter orders, events.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use serde_json::{Value, json};

use super::answer::{Answer, Failure, json_body};
use super::page::Page;
use super::params::Params;
use super::subscription_json::{customer, plan_id};
use crate::oauth::grants::Bearer;
use crate::state::{State, held};
use crate::world::customer::{customer_id, customer_number};

const PLANS: std::ops::RangeInclusive<u32> = 1..=3;

pub(crate) async fn plans(who: Bearer, Shared(state): Shared<Arc<State>>, params: Params) -> Answer {
    who.organisation()?;
    let items = PLANS.rev().map(|number| (plan_id(number), plan(number, &state))).collect();
    Ok(json_body(&Page::of(&params)?.answer_short(items)))
}

pub(crate) async fn one_plan(
    who: Bearer,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
) -> Answer {
    who.organisation()?;
    Ok(json_body(&plan(plan_number(&id)?, &state)))
}

/// A quote at flat rates: only its form is that of the provider.
pub(crate) async fn quote(
    who: Bearer,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    who.organisation()?;
    let zip =
        params.get("zip_code").ok_or_else(|| Failure::invalid("invalid_type", "zip_code", "Required"))?;
    let usage = params.get("usage").ok_or_else(|| Failure::invalid("invalid_type", "usage", "Required"))?;
    let usage = usage.parse::<f64>().ok().filter(|usage| (100.0..=50_000.0).contains(usage));
    let usage = usage.ok_or_else(|| Failure::invalid("invalid_type", "usage", "must be 100 to 50000 kWh"))?;
    one_of(&params, "meter_type", &["analog", "smart"])?;
    for flag in ["14a_module_1", "14a_module_2", "is_tax_exempt"] {
        one_of(&params, flag, &["true", "false", "null", ""])?;
    }
    let number = plan_number(&id)?;
    if zip.len() != 5 {
        return Err(Failure::invalid("unserviceable_zip", "zip_code", "is not served"));
    }
    let part = |group: &str, unit: &str, amount: f64, quantity: f64| {
        json!({
            "group": group, "amount": amount * quantity, "quantity": quantity, "quantity_unit": unit,
            "unit_amount": amount, "subcomponents": [],
        })
    };
    Ok(json_body(&json!({
        "object": "quote",
        "amount": f64::from(state.config.base_fee_cents) / 100.0 + usage / 12.0 * 0.28,
        "currency": "EUR",
        "components": [part("base", "month", f64::from(state.config.base_fee_cents) / 100.0, 1.0), part("variable", "kWh", 0.28, usage / 12.0)],
        "quoted_at": crate::text::stamp(state.now()),
        "plan": plan_id(number),
    })))
}

fn one_of(params: &Params, name: &str, allowed: &[&str]) -> Result<(), Failure> {
    match params.get(name) {
        Some(value) if !allowed.contains(&value) => {
            Err(Failure::invalid("invalid_value", name, &format!("must be one of {}", allowed.join(", "))))
        }
        _ => Ok(()),
    }
}

fn plan_number(id: &str) -> Result<u32, Failure> {
    PLANS.into_iter().find(|number| plan_id(*number) == id).ok_or_else(Failure::not_found)
}

fn plan(number: u32, state: &State) -> Value {
    let (name, slug, kind) = match number {
        1 => ("Emulated quarter-hours", "quarter-hours", "consumption"),
        2 => ("Emulated hours", "hours", "consumption"),
        _ => ("Emulated feed-in", "feed-in", "feed_in"),
    };
    json!({
        "object": "plan", "id": plan_id(number), "name": name, "slug": slug, "description": "A plan of the emulator",
        "price": f64::from(state.config.base_fee_cents) / 100.0, "currency": "EUR",
        "created_at": format!("2021-01-0{number}T00:00:00Z"), "type": kind,
    })
}

pub(crate) async fn customers(who: Bearer, Shared(state): Shared<Arc<State>>, params: Params) -> Answer {
    who.organisation()?;
    let page = Page::of(&params)?;
    let after = page.after.as_deref().and_then(|key| customer_number(key, state.customers));
    let last = after.map_or(state.customers, |after| after - 1);
    Ok(json_body(&page.answer((1..=last).rev().map(|number| (customer_id(number), customer(number))))))
}

pub(crate) async fn one_customer(
    who: Bearer,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
) -> Answer {
    who.organisation()?;
    Ok(json_body(&customer(customer_number(&id, state.customers).ok_or_else(Failure::not_found)?)))
}

pub(crate) async fn market_partners(who: Bearer, params: Params) -> Answer {
    who.organisation()?;
    let item = json!({
        "object": "market_partner", "id": "mp_emu1", "name": "Emulated Energy GmbH", "type": "supplier",
        "code": "9900000000001", "code_type": "BDEW", "country": "DE", "created_at": "2021-01-01T00:00:00Z",
    });
    Ok(json_body(&Page::of(&params)?.answer_short(vec![("mp_emu1".to_owned(), item)])))
}

/// Leads and meter orders: there are none.
pub(crate) async fn empty(who: Bearer, params: Params) -> Answer {
    who.organisation()?;
    Ok(json_body(&Page::of(&params)?.answer_short(Vec::new())))
}

/// One of the things that there are none of.
pub(crate) async fn none(who: Bearer, Path(_): Path<String>) -> Answer {
    who.organisation()?;
    Err(Failure::not_found())
}

pub(crate) async fn event(who: Bearer, Shared(state): Shared<Arc<State>>, Path(id): Path<String>) -> Answer {
    who.organisation()?;
    held(&state.events).get(&id).map(json_body).ok_or_else(Failure::not_found)
}
