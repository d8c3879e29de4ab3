//! Links by which a customer starts a consent: signed, for a week, used up by the consent.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

const DAYS: i64 = 7;

/// Whom a link is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Invitation {
    pub(crate) customer: String,
    pub(crate) label: String,
    /// When the customer last consented, in milliseconds since 1970; 0 if never. A later consent uses the link up.
    pub(crate) granted_at: i64,
    /// Seconds since 1970.
    until: i64,
}

/// Words of an operator as they are kept: no control characters, not too long for a page.
pub(crate) fn label(text: &str) -> String {
    text.trim().chars().filter(|char| !char.is_control()).take(80).collect()
}

/// Signs and reads them. The key follows from the operator's secret: a new secret ends every open link.
pub(crate) struct Invitations {
    mac: Hmac<Sha256>,
}

impl Invitations {
    pub(crate) fn new(operator: &SecretString) -> Self {
        let derived = signed(&keyed(operator.expose_secret().as_bytes()), b"offpeak invitation 1");
        Self { mac: keyed(&derived) }
    }

    /// The value of the link's `invite`.
    pub(crate) fn make(
        &self,
        customer: &str,
        label: &str,
        granted_at: i64,
        now: DateTime<Utc>,
    ) -> SecretString {
        let until = (now + TimeDelta::days(DAYS)).timestamp();
        let (customer, label) = (customer.to_owned(), label.to_owned());
        // Strings and integers always serialise.
        let text =
            serde_json::to_string(&Invitation { customer, label, granted_at, until }).unwrap_or_default();
        let mac = signed(&self.mac, text.as_bytes());
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(mac)).into()
    }

    /// What a link says, if it is ours and its week is not over.
    pub(crate) fn read(&self, invite: &str, now: DateTime<Utc>) -> Option<Invitation> {
        let (text, mac) = invite.split_once('.')?;
        let (text, mac) = (URL_SAFE_NO_PAD.decode(text).ok()?, URL_SAFE_NO_PAD.decode(mac).ok()?);
        self.mac.clone().chain_update(&text).verify_slice(&mac).ok()?;
        let invitation: Invitation = serde_json::from_slice(&text).ok()?;
        (invitation.until > now.timestamp()).then_some(invitation)
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

fn signed(mac: &Hmac<Sha256>, text: &[u8]) -> [u8; 32] {
    mac.clone().chain_update(text).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_for_a_week_under_the_secret_that_made_it_and_unchanged() {
        let (ours, theirs) = (Invitations::new(&"one".into()), Invitations::new(&"another".into()));
        let now = DateTime::UNIX_EPOCH;
        let link = ours.make("cus_1", "Müller & Söhne", 7, now);
        let link = link.expose_secret();
        let read = ours.read(link, now).unwrap();
        assert_eq!(
            (read.customer.as_str(), read.label.as_str(), read.granted_at),
            ("cus_1", "Müller & Söhne", 7)
        );
        assert!(ours.read(link, now + TimeDelta::days(DAYS)).is_none());
        assert!(theirs.read(link, now).is_none());
        let (_, mac) = link.split_once('.').unwrap();
        let other = ours.make("cus_2", "Müller & Söhne", 7, now);
        let (text, _) = other.expose_secret().split_once('.').unwrap();
        assert!(ours.read(&format!("{text}.{mac}"), now).is_none());
        assert!(ours.read("", now).is_none() && ours.read(".", now).is_none());
    }
}
