//! Sends a signed event, as the provider does.

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::{Host, Url};

use crate::http::answer::Failure;
use crate::mac::{hex, hmac_sha256};
use crate::state::{State, held};
use crate::text::stamp;
use crate::world::dice::dice;

/// An event to send.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WebhookCall {
    /// Where to; `http` on loopback only.
    pub url: String,
    /// Such as `subscription.activated`.
    pub topic: String,
    /// The subscription in its context.
    pub subscription: String,
    /// An id used before, to send an event once more; a new one where none.
    pub event: Option<String>,
    /// Seconds by which the signature's time is off.
    pub skew_s: i64,
    /// Whether to sign with another key.
    pub forged: bool,
}

impl Default for WebhookCall {
    fn default() -> Self {
        Self {
            url: String::new(),
            topic: "subscription.activated".to_owned(),
            subscription: "sub_emu00000001c".to_owned(),
            event: None,
            skew_s: 0,
            forged: false,
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WebhookSent {
    /// Id of the event.
    pub event: String,
    /// What the receiver answered.
    pub status: u16,
}

/// Sends it once.
pub(crate) async fn send(state: &State, call: &WebhookCall) -> Result<WebhookSent, Failure> {
    let url = receiver(&call.url)?;
    let number = state.counters.next_event();
    let event =
        call.event.clone().unwrap_or_else(|| format!("evt_emu{:016x}", dice(state.seed, 40, number, 0)));
    let now = state.now();
    let body = json!({
        "id": event, "timestamp": stamp(now), "topic": call.topic, "context": { "subscription": call.subscription },
    });
    held(&state.events).insert(event.clone(), body.clone());
    let (body, at) = (body.to_string(), now.timestamp() + call.skew_s);
    let secret = if call.forged { "forged" } else { state.config.webhook_secret.expose_secret() };
    let signature = hex(&hmac_sha256(secret.as_bytes(), format!("{at}.{body}").as_bytes()));
    let request = state.http.post(url).header("content-type", "application/json");
    let request = request.header("x-nomos-signature", format!("t={at},v1={signature}")).body(body);
    let unreachable =
        |cause: reqwest::Error| Failure::invalid("custom", "url", &format!("does not answer: {cause}"));
    let status = request.send().await.map_err(unreachable)?.status().as_u16();
    Ok(WebhookSent { event, status })
}

/// The emulator speaks to this machine only.
fn receiver(url: &str) -> Result<Url, Failure> {
    let wrong = || {
        Failure::invalid(
            "invalid_format",
            "url",
            "must be an http URL of this machine, such as http://127.0.0.1:8099/",
        )
    };
    let url = Url::parse(url).map_err(|_| wrong())?;
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if is_here && url.scheme() == "http" { Ok(url) } else { Err(wrong()) }
}
