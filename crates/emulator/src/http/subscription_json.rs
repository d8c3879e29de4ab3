//! A subscription as JSON: by reference in lists, with name, address and account where one is asked for.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::state::State;
use crate::text::stamp;
use crate::world::customer::{Status, Subscription, customer_id};
use crate::world::local;

/// As in a list.
pub(crate) fn listed(one: Subscription, state: &State) -> Value {
    let status = state.status(one);
    let n = one.customer;
    let ended = (status == Status::Ended).then(|| stamp(local::midnight(one.end())));
    json!({
        "object": "subscription",
        "id": one.id(),
        "plan": plan_id(one.plan()),
        "customer": customer_id(n),
        "address": format!("adr_emu{n:08}"),
        "meter": meter_id(one),
        "payment_method": format!("pm_emu{n:08}"),
        "supplier": "mp_emu1",
        "number": format!("4X{n:06}"),
        "status": status.name(),
        "estimated_usage": 2500 + n % 20 * 100,
        "created_at": stamp(one.created_at()),
        "updated_at": stamp(one.created_at() + TimeDelta::days(1)),
        "start_at": (status != Status::Pending).then(|| stamp(local::midnight(one.start()))),
        "terminated_at": ended,
        "end_at": ended,
        "metadata": Value::Null,
        "type": one.flow.name(),
        "billing_address": format!("adr_emu{n:08}"),
    })
}

/// As asked for by id.
pub(crate) fn expanded(one: Subscription, state: &State) -> Value {
    let mut body = listed(one, state);
    let address = address(one.customer, &body);
    body["customer"] = customer(one.customer);
    body["meter"] = json!({
        "object": "meter", "id": meter_id(one), "melo": Value::Null, "number": format!("1EMU{:08}", one.customer),
        "type": if one.is_smart() { "smart" } else { "analog" }, "malo": Value::Null, "created_at": body["created_at"],
    });
    body["payment_method"] = json!({
        "object": "payment_method", "id": body["payment_method"], "type": "sepa_debit",
        "sepa_debit": { "iban": "DE************0000", "account_holder": format!("Customer {}", one.customer) },
        "created_at": body["created_at"],
    });
    body["supplier"] = json!({
        "object": "supplier", "id": "mp_emu1", "name": "Emulated Energy GmbH", "country": "DE",
        "created_at": "2021-01-01T00:00:00Z",
    });
    body["billing_address"] = address.clone();
    body["address"] = address;
    body
}

/// A customer, who has a name but no person behind it.
pub(crate) fn customer(number: u32) -> Value {
    let created =
        Subscription { customer: number, flow: crate::world::customer::Flow::Consumption }.created_at();
    json!({
        "object": "customer", "id": customer_id(number), "type": "person", "first_name": "Customer",
        "last_name": number.to_string(), "email": format!("customer{number}@example.com"), "vat_id": Value::Null,
        "created_at": stamp(created),
    })
}

fn address(number: u32, subscription: &Value) -> Value {
    json!({
        "object": "address", "id": format!("adr_emu{number:08}"), "street": "Beispielstraße",
        "house_number": (number % 200 + 1).to_string(), "zip": "10115", "city": "Berlin",
        "created_at": subscription["created_at"],
    })
}

pub(crate) fn plan_id(number: u32) -> String {
    format!("pln_emu{number}")
}

pub(crate) fn meter_id(one: Subscription) -> String {
    // Consumption and feed-in run through one meter.
    format!("mtr_emu{:08}", one.customer)
}
