//! `POST /webhooks/{provider}`: believed if signed, answered once it is kept.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use offpeak_consent::WebhookEvent;

use crate::app::App;
use crate::webhook::{Refusal, id_of, verify};

/// The signature is over the raw bytes, so it comes before any reading of them.
pub(crate) async fn receive(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    let (status, outcome) = kept(&app, &headers, &body).await;
    app.metrics.webhook(outcome);
    (status, format!("{outcome}\n")).into_response()
}

async fn kept(app: &App, headers: &HeaderMap, body: &[u8]) -> (StatusCode, &'static str) {
    if app.webhook_secrets.is_empty() {
        return (StatusCode::NOT_FOUND, "off");
    }
    let now = app.now();
    match verify(headers, body, &app.webhook_secrets, now) {
        Ok(()) => {}
        Err(Refusal::Unreadable) => return (StatusCode::UNAUTHORIZED, "unsigned"),
        Err(Refusal::Forged) => return (StatusCode::UNAUTHORIZED, "forged"),
        Err(Refusal::Stale) => return (StatusCode::UNAUTHORIZED, "stale"),
    }
    let Some(id) = id_of(body) else { return (StatusCode::BAD_REQUEST, "unreadable") };
    match app.store.keep_event(&WebhookEvent { id, received_at: now, body: body.to_vec() }).await {
        Ok(true) => {
            app.kept.notify_one();
            (StatusCode::OK, "kept")
        }
        Ok(false) => (StatusCode::OK, "repeated"),
        Err(error) => {
            tracing::error!(%error, "an event cannot be kept");
            (StatusCode::SERVICE_UNAVAILABLE, "not_kept")
        }
    }
}
