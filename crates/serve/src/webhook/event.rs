//! What an event says, and who is told.

use async_trait::async_trait;
use offpeak_consent::Tokens;
use serde::Deserialize;

/// Longest id that is kept.
const LONGEST_ID: usize = 200;

/// A subscription became active: its prices start.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Activation {
    /// The provider's id of the event.
    pub event: String,
    /// The provider's id of the subscription.
    pub subscription: String,
}

/// Is told of activations. An event is told again until it succeeds, perhaps by several processes: do nothing twice.
#[async_trait]
pub trait Trigger: Send + Sync {
    /// A subscription became active.
    ///
    /// # Errors
    /// In words, for the log; the event is tried again later.
    async fn on_activation(&self, activation: &Activation, tokens: &Tokens) -> Result<(), String>;
}

/// Does nothing: prices come with the next fetch anyway.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTrigger;

#[async_trait]
impl Trigger for NoTrigger {
    async fn on_activation(&self, _: &Activation, _: &Tokens) -> Result<(), String> {
        Ok(())
    }
}

#[derive(Deserialize)]
struct Event {
    id: String,
    topic: String,
    #[serde(default)]
    context: serde_json::Map<String, serde_json::Value>,
}

fn read(body: &[u8]) -> Option<Event> {
    let event: Event = serde_json::from_slice(body).ok()?;
    let usable = !event.id.is_empty() && event.id.len() <= LONGEST_ID;
    (usable && event.id.bytes().all(|byte| byte.is_ascii_graphic())).then_some(event)
}

/// The event's id, if the body is an event.
pub(crate) fn id_of(body: &[u8]) -> Option<String> {
    read(body).map(|event| event.id)
}

/// The activation that a kept event tells of, if it tells of one. The context names its subscription by `subscription`
/// or `subscription_id`: no page of the provider shows one.
pub(super) fn activation(body: &[u8]) -> Option<Activation> {
    let event = read(body).filter(|event| event.topic == "subscription.activated")?;
    let named = |key| event.context.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
    let subscription = named("subscription").or_else(|| named("subscription_id"))?;
    Some(Activation { event: event.id, subscription })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_activation_is_told_from_other_events_and_from_nonsense() {
        let body = br#"{"id":"e1","timestamp":"x","topic":"subscription.activated","context":{"subscription":"s1"},"new":1}"#;
        let expected = Activation { event: "e1".to_owned(), subscription: "s1".to_owned() };
        assert_eq!(activation(body), Some(expected));
        assert_eq!(
            activation(br#"{"id":"e1","topic":"subscription.ended","context":{"subscription":"s1"}}"#),
            None
        );
        assert_eq!(id_of(br#"{"id":"e1","topic":"other"}"#).as_deref(), Some("e1"));
        for bad in [&b"{}"[..], b"[", br#"{"id":"","topic":"t"}"#, br#"{"id":7,"topic":"t"}"#, b"\xff"] {
            assert_eq!(id_of(bad), None);
        }
        let long = format!(r#"{{"id":"{}","topic":"t"}}"#, "x".repeat(201));
        assert_eq!(id_of(long.as_bytes()), None);
    }
}
