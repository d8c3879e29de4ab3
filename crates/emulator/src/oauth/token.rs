//! `POST /oauth/token`, with a form or with JSON.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, header};
use serde_json::Value;

use super::client::authenticated;
use super::grants::Refused;
use crate::http::answer::{Answer, Failure, json_text};
use crate::http::params::Params;
use crate::state::State;

pub(crate) async fn token(Shared(state): Shared<Arc<State>>, headers: HeaderMap, body: Bytes) -> Answer {
    let client = authenticated(&headers, &state)?;
    state.limit(client)?;
    let fields = fields(&headers, &body)?;
    let needed =
        |name: &str| fields.get(name).ok_or_else(|| Failure::invalid("invalid_type", name, "Required"));
    let now = state.now().timestamp();
    let refused = |refused: Refused| Failure::unauthorized(refused.reason());
    let pair = match needed("grant_type")? {
        "authorization_code" => {
            let (redirect_uri, verifier) = (fields.get("redirect_uri"), fields.get("code_verifier"));
            state.grants.exchange(needed("code")?, client, redirect_uri, verifier, now).map_err(refused)?
        }
        "refresh_token" => state.grants.refresh(needed("refresh_token")?, client, now).map_err(refused)?,
        "client_credentials" => {
            let is_read_only = state.config.clients[client as usize].read_only;
            let asked = fields.get("scope").unwrap_or("read:* write:*");
            let may_write = !is_read_only && asked.split(' ').any(|scope| scope == "write:*");
            state.grants.open(client, None, may_write, now)
        }
        _ => {
            let allowed = "must be authorization_code, refresh_token or client_credentials";
            return Err(Failure::invalid("invalid_value", "grant_type", allowed));
        }
    };
    Ok(json_text(serde_json::to_string(&pair).unwrap_or_default()))
}

/// The body's fields. The guide shows a form, the document JSON.
fn fields(headers: &HeaderMap, body: &[u8]) -> Result<Params, Failure> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return unrepeated(Params::read(body));
    }
    let wrong = |name: &str| Failure::invalid("invalid_type", name, "must be a string");
    let Ok(Value::Object(object)) = serde_json::from_slice(body) else { return Err(wrong("body")) };
    let pairs = object.into_iter().map(|(name, value)| match value {
        Value::String(text) => Ok((name, text)),
        _ => Err(wrong(&name)),
    });
    pairs.collect::<Result<_, _>>().map(Params)
}

/// RFC 6749 §3.2: parameters must not be sent twice.
fn unrepeated(params: Params) -> Result<Params, Failure> {
    let mut names: Vec<&str> = params.0.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Failure::invalid("custom", pair[0], "must not be repeated")),
        None => Ok(params),
    }
}
