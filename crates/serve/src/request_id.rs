//! Each request has an id of our making; a log line tells its route and status, never its query.

use std::future::Future;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that is being answered.
pub(crate) fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

async fn within<F: Future>(id: &str, work: F) -> F::Output {
    CURRENT.scope(id.to_owned(), work).await
}

pub(crate) async fn name(request: Request, next: Next) -> Response {
    let id = new_id();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let started = Instant::now();
    let mut response = within(&id, next.run(request)).await;
    let (status, took_ms) = (response.status().as_u16(), started.elapsed().as_millis());
    tracing::info!(request_id = %id, %method, route, status, took_ms, "answered");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

/// 16 hex digits; all zero where the system has no randomness, which is no reason to refuse a request.
fn new_id() -> String {
    let mut bytes = [0_u8; 8];
    let _ = getrandom::fill(&mut bytes);
    hex::encode(bytes)
}
