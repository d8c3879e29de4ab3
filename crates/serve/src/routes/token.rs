//! `POST /v1/customers/{id}/access-token`: a device of ours gets the access token of its one customer.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use offpeak_consent::{AccessToken, CustomerId, Device, StoreError, TokenError};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::app::App;
use crate::request_id;

/// Why there is no token: status, code, words, and seconds to wait where that helps.
type Refused = (StatusCode, &'static str, &'static str, Option<u64>);

pub(crate) async fn hand_out(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    match token(&app, peer.ip(), &id, &headers).await {
        Ok(token) => {
            app.metrics.handout("handed_out");
            answer(&app, &token)
        }
        Err((status, code, message, wait_s)) => {
            app.metrics.handout(code);
            refusal(status, code, message, wait_s)
        }
    }
}

async fn token(app: &App, peer: IpAddr, id: &str, headers: &HeaderMap) -> Result<AccessToken, Refused> {
    let device = device(app, peer, headers).await?;
    if !app.limits.device(&device.id) {
        return Err((
            StatusCode::TOO_MANY_REQUESTS,
            "TOO_MANY_REQUESTS",
            "this device asks too often",
            Some(20),
        ));
    }
    // The same answer whether there is such a customer or not.
    let customer = id.parse::<CustomerId>().ok().filter(|customer| *customer == device.customer);
    let Some(customer) = customer else {
        note(app, &device, "token.refused", "another customer").await?;
        return Err((StatusCode::FORBIDDEN, "FORBIDDEN", "this device may not act for this customer", None));
    };
    let token = app.tokens.access_token(&customer).await.map_err(|error| unavailable(&error))?;
    if !reads_only(token.scope.as_deref().unwrap_or(&app.tokens.provider().scope)) {
        note(app, &device, "token.refused", "scope").await?;
        let message = "the customer's token may do more than read, and is not handed out";
        return Err((StatusCode::FORBIDDEN, "SCOPE_TOO_WIDE", message, None));
    }
    // What is not written down is not handed out.
    note(app, &device, "token.handed_out", "").await?;
    Ok(token)
}

async fn device(app: &App, peer: IpAddr, headers: &HeaderMap) -> Result<Device, Refused> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let line = lines.next().filter(|_| lines.next().is_none()).and_then(|line| line.to_str().ok());
    let secret = line
        .and_then(|line| line.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let known = match secret {
        Some((_, secret)) => {
            app.store.device_of(&SecretString::from(secret.trim())).await.map_err(|e| down(&e))?
        }
        None => None,
    };
    if let Some(device) = known {
        return Ok(device);
    }
    if !app.limits.stranger(peer) {
        return Err((
            StatusCode::TOO_MANY_REQUESTS,
            "TOO_MANY_REQUESTS",
            "too many unknown tokens",
            Some(60),
        ));
    }
    Err((
        StatusCode::UNAUTHORIZED,
        "UNAUTHORIZED",
        "send a device token that was not revoked as Bearer",
        None,
    ))
}

/// Whether every word of a scope is about reading.
fn reads_only(scope: &str) -> bool {
    let mut words = scope.split_ascii_whitespace().peekable();
    words.peek().is_some() && words.all(|word| word.starts_with("read:"))
}

async fn note(app: &App, device: &Device, action: &str, detail: &str) -> Result<(), Refused> {
    let done = app.store.audit(app.now(), &device.id, action, Some(&device.customer), detail).await;
    done.map_err(|error| down(&error))
}

fn down(error: &StoreError) -> Refused {
    tracing::error!(request_id = %request_id::current(), %error, "no token");
    (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "try again later", Some(30))
}

fn unavailable(error: &TokenError) -> Refused {
    match error {
        TokenError::Unknown(_) | TokenError::Disconnected(_) => {
            (StatusCode::CONFLICT, "NOT_CONNECTED", "the customer is not connected", None)
        }
        TokenError::NeedsConsent { .. } => {
            (StatusCode::CONFLICT, "NEEDS_CONSENT", "the customer must connect again", None)
        }
        TokenError::RateLimited { retry_after_s } => {
            let wait = retry_after_s.unwrap_or(60);
            (StatusCode::SERVICE_UNAVAILABLE, "PROVIDER_BUSY", "the provider asks to wait", Some(wait))
        }
        other => {
            tracing::warn!(request_id = %request_id::current(), error = %other, "no token");
            (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "try again later", Some(60))
        }
    }
}

/// Of the pair only the access token: a refresh token never comes this far.
fn answer(app: &App, token: &AccessToken) -> Response {
    let expires_in = (token.expires_at - app.now()).num_seconds().max(0);
    let body = json!({
        "access_token": token.secret.expose_secret(), "token_type": "Bearer", "expires_in": expires_in,
        "expires_at": token.expires_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true), "scope": token.scope,
    });
    ([(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")], Json(body)).into_response()
}

fn refusal(status: StatusCode, code: &str, message: &str, wait_s: Option<u64>) -> Response {
    let body = json!({ "code": code, "message": message, "requestId": request_id::current() });
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    if let Some(wait) = wait_s {
        headers.insert(header::RETRY_AFTER, wait.into());
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, axum::http::HeaderValue::from_static("Bearer"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_that_may_write_does_not_read_only() {
        assert!(reads_only("read:*") && reads_only("read:prices read:usage"));
        for wide in ["read:* write:*", "write:*", "*", "", " ", "readwrite:*"] {
            assert!(!reads_only(wide), "{wide}");
        }
    }
}
