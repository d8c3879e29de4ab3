//! Headers that hold for every answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;

/// Nothing from elsewhere, in no frame, in no cache, and no address of ours to anybody.
pub(crate) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut usual = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    usual(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    usual(header::X_FRAME_OPTIONS, "DENY");
    usual(header::REFERRER_POLICY, "no-referrer");
    usual(header::CACHE_CONTROL, "no-store");
    usual(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    usual(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    usual(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    );
    if app.origin.starts_with("https:") {
        usual(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    // A form's redirects are held to `form-action` too, hence the provider.
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {}; frame-ancestors 'none'; \
         base-uri 'none'",
        app.provider_origin
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
