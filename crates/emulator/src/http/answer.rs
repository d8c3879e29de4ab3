//! Answers: JSON bodies, and the provider's envelope around every error.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Where a handler's answer or error ends up.
pub(crate) type Answer = Result<Response, Failure>;

/// An error; the envelope is written by the outermost layer, which knows the request's id.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    /// `code`, `field`, `message` of what was wrong with the input.
    pub(crate) error: Option<(&'static str, String)>,
}

impl Failure {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), error: None }
    }

    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Resource not found")
    }

    pub(crate) fn with_status(status: StatusCode, message: impl Into<String>) -> Self {
        Self::new(status, message)
    }

    /// A field of the input is wrong: `code` is one of those of the provider's document.
    pub(crate) fn invalid(code: &'static str, field: &str, message: &str) -> Self {
        let failure = Self::new(StatusCode::BAD_REQUEST, format!("{code} in '{field}': {message}"));
        Self { error: Some((code, field.to_owned())), ..failure }
    }

    /// The provider's name for the status.
    fn code(&self) -> &'static str {
        match self.status.as_u16() {
            400 => "BAD_REQUEST",
            401 => "UNAUTHORIZED",
            402 => "PAYMENT_REQUIRED",
            403 => "FORBIDDEN",
            404 => "NOT_FOUND",
            405 => "METHOD_NOT_ALLOWED",
            409 => "CONFLICT",
            422 => "UNPROCESSABLE_ENTITY",
            429 => "TOO_MANY_REQUESTS",
            _ => "INTERNAL_SERVER_ERROR",
        }
    }

    /// The envelope.
    pub(crate) fn envelope(&self, request_id: &str) -> Value {
        let code = self.code();
        let mut body = json!({
            "code": code,
            "message": self.message,
            "requestId": request_id,
            "docs": format!("https://docs.nomos.energy/api-references/errors/{code}"),
        });
        if let Some((code, field)) = &self.error {
            body["errors"] = json!([{ "code": code, "field": field, "message": self.message }]);
        }
        body
    }
}

/// Leaves the body to the outermost layer.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A JSON body that is already text.
pub(crate) fn json_text(body: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

/// A JSON body.
pub(crate) fn json_body(body: &Value) -> Response {
    json_text(body.to_string())
}
