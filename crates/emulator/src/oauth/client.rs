//! Which application asks: HTTP Basic.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use crate::http::answer::Failure;
use crate::state::State;

/// The number of the client whose id and secret the header holds.
pub(crate) fn authenticated(headers: &HeaderMap, state: &State) -> Result<u32, Failure> {
    let refused = || Failure::unauthorized("Invalid client credentials");
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let encoded = header.and_then(|value| {
        let (scheme, rest) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("basic").then_some(rest.trim())
    });
    let decoded =
        encoded.and_then(|text| STANDARD.decode(text).ok()).and_then(|bytes| String::from_utf8(bytes).ok());
    let decoded = decoded.ok_or_else(refused)?;
    let (id, secret) = decoded.split_once(':').ok_or_else(refused)?;
    // RFC 6749 has both encoded as in a form; what holds no such sign is the same either way.
    let (id, secret) = (form_decoded(id), form_decoded(secret));
    let (number, client) = state.client(&id).ok_or_else(refused)?;
    let is_right = client.secret.expose_secret().as_bytes().ct_eq(secret.as_bytes());
    if bool::from(is_right) { Ok(number) } else { Err(refused()) }
}

fn form_decoded(text: &str) -> String {
    url::form_urlencoded::parse(format!("x={text}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
