//! Strikes a request: before it is carried out, or its answer.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::channel::Channel;

use super::FaultKind;
use super::body::changed;
use crate::http::answer::Failure;
use crate::state::State;

/// Most bytes of an answer that is changed.
const LARGEST: usize = 64 << 20;

/// Marks an answer that must not be sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dropped;

/// The layer below the envelope, above everything else.
pub(crate) async fn strike(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let faults = state.faults.striking(request.uri().path());
    for fault in &faults {
        state.counters.fault(name(fault.kind));
    }
    if let Some(response) = faults.iter().find_map(|fault| instead(fault.kind)) {
        return response;
    }
    let mut response = next.run(request).await;
    for fault in &faults {
        if fault.kind == FaultKind::Slow {
            tokio::time::sleep(fault.delay).await;
        }
        response = after(fault.kind, response).await;
    }
    response
}

fn name(kind: FaultKind) -> String {
    serde_json::to_value(kind).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What is answered without the request being carried out.
fn instead(kind: FaultKind) -> Option<Response> {
    let failure = match kind {
        FaultKind::RateLimited | FaultKind::RateLimitedBare => {
            Failure::with_status(StatusCode::TOO_MANY_REQUESTS, "Wait before retrying.")
        }
        FaultKind::ServerErrorBefore => {
            Failure::with_status(StatusCode::SERVICE_UNAVAILABLE, "Try again later")
        }
        FaultKind::Unauthorized => Failure::unauthorized("Invalid or malformed token"),
        _ => return None,
    };
    let mut response = failure.into_response();
    if kind == FaultKind::RateLimited {
        limit_headers(response.headers_mut());
    }
    Some(response)
}

fn limit_headers(headers: &mut HeaderMap) {
    for (name, value) in [
        ("retry-after", "1"),
        ("ratelimit-limit", "10"),
        ("ratelimit-remaining", "0"),
        ("ratelimit-reset", "1"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

async fn after(kind: FaultKind, mut response: Response) -> Response {
    match kind {
        FaultKind::DropAnswer => {
            response.extensions_mut().insert(Dropped);
            response
        }
        FaultKind::ServerErrorAfter => {
            Failure::with_status(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").into_response()
        }
        FaultKind::CutBody => cut(response).await,
        _ => rewritten(kind, response).await,
    }
}

/// Changes a JSON body; one that has nothing to change stays as it is.
async fn rewritten(kind: FaultKind, response: Response) -> Response {
    if response.extensions().get::<Failure>().is_some() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else { return Response::from_parts(parts, Body::empty()) };
    parts.headers.remove(header::CONTENT_LENGTH);
    let bytes = changed(kind, &bytes).map_or(bytes, Bytes::from);
    Response::from_parts(parts, Body::from(bytes))
}

/// Announces the whole body and sends half of it.
async fn cut(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else { return Response::from_parts(parts, Body::empty()) };
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let half = bytes.slice(..bytes.len() / 2);
    let (mut sender, body) = Channel::<Bytes, io::Error>::new(1);
    tokio::spawn(async move {
        // A reader that went away has seen enough.
        let _ = sender.send_data(half).await;
        // What was sent must leave before the connection breaks.
        tokio::time::sleep(Duration::from_millis(20)).await;
        sender.abort(io::Error::other("cut"));
    });
    Response::from_parts(parts, Body::new(body))
}
