//! Lists: newest first, a page at a time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::answer::Failure;
use super::params::Params;

/// Which part of a list is asked for.
pub(crate) struct Page {
    limit: usize,
    /// Key of the last item of the page before.
    pub(crate) after: Option<String>,
}

impl Page {
    pub(crate) fn of(params: &Params) -> Result<Self, Failure> {
        let after = params.get("cursor").map(opened).transpose()?;
        Ok(Self { limit: limit(params)?, after })
    }

    /// The list's answer. `items` starts after `self.after` and comes newest first, each with its key.
    pub(crate) fn answer(&self, items: impl Iterator<Item = (String, Value)>) -> Value {
        let mut taken: Vec<(String, Value)> = items.take(self.limit + 1).collect();
        let has_more = taken.len() > self.limit;
        taken.truncate(self.limit);
        let next =
            taken.last().filter(|_| has_more).map(|(key, _)| URL_SAFE_NO_PAD.encode(format!("after:{key}")));
        let items: Vec<Value> = taken.into_iter().map(|(_, item)| item).collect();
        json!({ "object": "list", "items": items, "next_page": next, "has_more": has_more })
    }

    /// The same for a list that is short enough to be made whole.
    pub(crate) fn answer_short(&self, items: Vec<(String, Value)>) -> Value {
        let first = match &self.after {
            None => 0,
            Some(after) => {
                items.iter().position(|(key, _)| key == after).map_or(items.len(), |place| place + 1)
            }
        };
        self.answer(items.into_iter().skip(first))
    }
}

fn opened(cursor: &str) -> Result<String, Failure> {
    let text = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.and_then(|text| text.strip_prefix("after:").map(str::to_owned))
        .ok_or_else(|| Failure::invalid("invalid_format", "cursor", "must be the next_page of an answer"))
}

/// The document calls the limit a number: 2.0 is as good as 2.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be 1 to 100")]
fn limit(params: &Params) -> Result<usize, Failure> {
    let Some(text) = params.get("limit") else { return Ok(10) };
    match text.parse::<f64>() {
        Ok(limit) if (1.0..=100.0).contains(&limit) => Ok(limit as usize),
        Ok(limit) if limit > 100.0 => Err(Failure::invalid("too_big", "limit", "must be 1 to 100")),
        Ok(_) => Err(Failure::invalid("too_small", "limit", "must be 1 to 100")),
        Err(_) => Err(Failure::invalid("invalid_type", "limit", "must be a number of 1 to 100")),
    }
}
