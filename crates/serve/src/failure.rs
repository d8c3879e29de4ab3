//! What goes wrong on a page, as a page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use offpeak_consent::{StoreError, TokenError};

use crate::pages;

/// Why a page cannot be shown. Details go to the log under the request's id, not to the browser.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no such thing.
    Missing,
    /// A form that was not sent from our own page.
    Forged,
    /// A link that is not ours, or old, or used up.
    Invitation,
    /// Too often.
    TooOften,
    /// Ours to mend.
    Inside(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Inside(error.to_string())
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Self::Inside(error.to_string())
    }
}

impl From<getrandom::Error> for Failure {
    fn from(error: getrandom::Error) -> Self {
        Self::Inside(error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, title, text) = match self {
            Self::Missing => {
                (StatusCode::NOT_FOUND, "There is nothing here", "Perhaps the address is mistyped.")
            }
            Self::Forged => (
                StatusCode::FORBIDDEN,
                "This did not come from our own page",
                "Nothing was changed. Open the page again and repeat the step there.",
            ),
            Self::Invitation => (
                StatusCode::FORBIDDEN,
                "This link does not work any more",
                "It is used up, or older than a week, or incomplete. Ask whoever sent it for a new one.",
            ),
            Self::TooOften => {
                (StatusCode::TOO_MANY_REQUESTS, "Too many attempts", "Wait a minute, then try again.")
            }
            Self::Inside(cause) => {
                tracing::error!(request_id = %crate::request_id::current(), cause, "cannot answer");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Something failed on our side",
                    "Nothing was lost. Try again in a few minutes.",
                )
            }
        };
        pages::message(status, title, text)
    }
}
