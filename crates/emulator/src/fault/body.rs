//! Answers that are wrong in one way.

use serde_json::{Value, json};

use super::FaultKind;
use crate::world::local;

/// The body with the fault in it, where there is something to change.
pub(crate) fn changed(kind: FaultKind, body: &[u8]) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    match kind {
        FaultKind::FloatExpiresIn => expires_in(&mut value, |seconds| json!(seconds))?,
        FaultKind::StringExpiresIn => expires_in(&mut value, |seconds| json!(seconds.to_string()))?,
        FaultKind::NullAmounts => {
            items(&mut value)?.iter_mut().step_by(2).for_each(|item| item["amount"] = Value::Null);
        }
        FaultKind::NullComponents => {
            items(&mut value)?.iter_mut().for_each(|item| item["components"] = Value::Null);
        }
        FaultKind::NullItems => *value.get_mut("items")? = Value::Null,
        FaultKind::Unsorted => shuffled(items(&mut value)?),
        FaultKind::UnknownFields => unknown_fields(&mut value),
        FaultKind::DayMissing => without_last_day(items(&mut value)?),
        FaultKind::ZeroRun => zero_run(items(&mut value)?),
        FaultKind::WrongSubscription => *value.get_mut("subscription")? = json!("sub_emu99999999c"),
        _ => return None,
    }
    serde_json::to_vec(&value).ok()
}

fn expires_in(value: &mut Value, written: impl Fn(f64) -> Value) -> Option<()> {
    let field = value.get_mut("expires_in")?;
    *field = written(field.as_f64()?);
    Some(())
}

fn items(value: &mut Value) -> Option<&mut Vec<Value>> {
    let name = if value.get("items").is_some() { "items" } else { "data" };
    value.get_mut(name)?.as_array_mut()
}

/// Halves swapped and the first two turned round: neither ascending nor descending.
fn shuffled(items: &mut [Value]) {
    let half = items.len() / 2;
    items.rotate_left(half);
    if items.len() > 1 {
        items.swap(0, 1);
    }
}

fn unknown_fields(value: &mut Value) {
    value["not_in_the_document"] = json!({ "nested": [1, 2] });
    for item in items(value).into_iter().flatten().filter(|item| item.is_object()) {
        item["not_in_the_document"] = json!("x");
    }
}

fn without_last_day(items: &mut Vec<Value>) {
    let day = |item: &Value| {
        let text = item.get("timestamp").or_else(|| item.get("start"))?.as_str()?;
        chrono::DateTime::parse_from_rfc3339(text).ok().map(|instant| local::date_of(instant.to_utc()))
    };
    let last = items.iter().filter_map(day).max();
    items.retain(|item| day(item) != last);
}

fn zero_run(items: &mut [Value]) {
    let from = items.len() - items.len() / 4;
    for item in &mut items[from..] {
        item["amount"] = json!(0);
        for part in item["components"].as_array_mut().into_iter().flatten() {
            part["amount"] = json!(0);
        }
    }
}
