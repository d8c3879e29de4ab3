//! A client that does not wait long, and answers as the provider writes them.

use std::sync::Arc;
use std::time::Duration;

use offpeak_providers::{BaseUrl, Budget, Clock, Http, HttpSettings, Nomos};
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::MockServer;

/// Settings whose waits are short.
pub(crate) fn quick() -> HttpSettings {
    HttpSettings {
        timeout: Duration::from_secs(2),
        attempts: 3,
        first_backoff: Duration::from_millis(20),
        longest_wait: Duration::from_secs(2),
        ..HttpSettings::default()
    }
}

/// A client of its own budget.
pub(crate) fn http(settings: HttpSettings, budget: Budget) -> Arc<Http> {
    let clock: Clock = Arc::new(|| "2026-11-25T14:00:00Z".parse().unwrap());
    Arc::new(Http::new(settings, Arc::new(budget), 7, clock).unwrap())
}

/// A client of a played provider.
pub(crate) fn nomos(server: &MockServer) -> Nomos {
    Nomos::new(http(quick(), Budget::unlimited()), base(server))
}

/// Where a played provider is.
pub(crate) fn base(server: &MockServer) -> BaseUrl {
    BaseUrl::parse(&server.uri()).unwrap()
}

/// The token that the tests use.
pub(crate) fn token() -> SecretString {
    SecretString::from("canary-token")
}

/// An error as the provider writes it.
pub(crate) fn envelope(code: &str) -> Value {
    json!({"code": code, "message": "x", "requestId": "req-17", "docs": "https://docs.example"})
}
