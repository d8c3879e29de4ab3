//! What every answer has: the version echoed, a request's id, the envelope around errors; and counting.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::answer::{Failure, json_body};
use crate::mac::hex;
use crate::state::State;
use crate::world::dice::dice;

/// The version that is played.
pub(crate) const VERSION: &str = "2026-05-27.curie";
/// Header of the version.
const VERSION_HEADER: &str = "x-api-version";
/// Header of the request's id.
const REQUEST_ID_HEADER: &str = "x-request-id";

/// The outermost layer.
pub(crate) async fn dress(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let version = request.headers().get(VERSION_HEADER).cloned();
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let label = format!("{} {}", request.method(), path.as_deref().unwrap_or("other"));
    let request_id = request_id(&state);
    let mut response = enveloped(next.run(request).await, &request_id);
    state.counters.count(&label, response.status());
    let headers = response.headers_mut();
    headers.insert(VERSION_HEADER, version.unwrap_or(HeaderValue::from_static(VERSION)));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        headers.insert(REQUEST_ID_HEADER, id);
    }
    response
}

/// Writes the envelope of a failure, keeping the headers that the failure came with.
fn enveloped(response: Response, request_id: &str) -> Response {
    let Some(failure) = response.extensions().get::<Failure>().cloned() else { return response };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let (body_parts, body) = json_body(&failure.envelope(request_id)).into_parts();
    parts.headers.extend(body_parts.headers);
    Response::from_parts(parts, body)
}

/// No such path.
pub(crate) async fn not_found() -> Response {
    Failure::not_found().into_response()
}

/// No such method; axum adds which there are.
pub(crate) async fn no_method() -> Response {
    Failure::with_status(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed").into_response()
}

/// A UUID that follows from the seed and the order of requests.
fn request_id(state: &State) -> String {
    let number = state.counters.next_request();
    uuid(dice(state.seed, 30, number, 0), dice(state.seed, 30, number, 1))
}

/// A version-4 UUID of two numbers.
fn uuid(high: u64, low: u64) -> String {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&high.to_be_bytes());
    bytes[8..].copy_from_slice(&low.to_be_bytes());
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let text = hex(&bytes);
    [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-")
}
