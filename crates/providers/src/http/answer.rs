//! An answer in memory, no larger than allowed.

use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use url::Url;

use super::transport;
use crate::error::{ErrorCode, ProviderError, RequestId, printable};

/// Status, headers and the whole body.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) request_id: RequestId,
    body: Vec<u8>,
}

/// What Nomos says when it refuses; of other providers' errors the status is enough.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    code: String,
    #[serde(rename = "requestId", default)]
    request_id: Option<String>,
}

impl Answer {
    /// The body as JSON of a type.
    pub(crate) fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, ProviderError> {
        if !self.status.is_success() {
            return Err(ProviderError::Redirected { status: self.status.as_u16() });
        }
        serde_json::from_slice(&self.body).map_err(|cause| ProviderError::Unexpected {
            what: "json",
            // The category and the place only: the text of the cause may quote the answer.
            found: format!("{:?} error at line {} column {}", cause.classify(), cause.line(), cause.column())
                .into(),
            allowed: "must be what the provider's documentation says".into(),
            request_id: self.request_id.clone(),
        })
    }

    /// The provider's word for an error.
    pub(crate) fn code(&self) -> Option<ErrorCode> {
        envelope(&self.body).map(|envelope| ErrorCode::of(&envelope.code))
    }
}

fn envelope(body: &[u8]) -> Option<Envelope> {
    serde_json::from_slice(body).ok()
}

/// Reads an answer chunk by chunk and stops beyond `limit` bytes, counted after decompression.
pub(super) async fn read_body(
    mut response: Response,
    limit: usize,
    url: &Url,
) -> Result<Answer, ProviderError> {
    let status = response.status();
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut body = Vec::with_capacity(announced.min(limit).min(1 << 16));
    while let Some(chunk) = response.chunk().await.map_err(|cause| transport(url, &cause))? {
        if body.len() + chunk.len() > limit {
            return Err(ProviderError::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    let headers = std::mem::take(response.headers_mut());
    let from_header = headers.get("x-request-id").and_then(|value| value.to_str().ok()).map(printable);
    let failed = status.is_client_error() || status.is_server_error();
    let from_body = if failed { envelope(&body).and_then(|one| one.request_id) } else { None };
    let id = from_body.map(|id| printable(&id)).or(from_header);
    Ok(Answer { status, headers, request_id: RequestId(id.map(Into::into)), body })
}
