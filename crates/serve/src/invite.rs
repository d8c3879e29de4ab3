//! Links by which customers connect, for who has no browser open.

use chrono::{DateTime, Utc};
use offpeak_consent::CustomerId;
use secrecy::{ExposeSecret, SecretString};

use crate::invitation::{self, Invitations};
use crate::{Config, Environment, SetupError};

/// A link by which the customer of this id and label connects, or connects again: good for a week and one consent. It stands in
/// the audit table as one from the operator's page does.
///
/// # Errors
/// If a secret is missing, or the database cannot be used.
pub async fn invitation_link(
    config: &Config,
    environment: &Environment,
    (customer, label): (&CustomerId, &str),
    now: DateTime<Utc>,
) -> Result<SecretString, SetupError> {
    let secrets = config.serve_secrets(environment)?;
    let provider = config.provider(environment)?.id;
    let store = config.store(environment).await?;
    let consent = store.consent(&provider, customer).await?;
    let granted_at = consent.map_or(0, |consent| consent.granted_at.timestamp_millis());
    let invitations = Invitations::new(&secrets.operator);
    let invite = invitations.make(customer.as_str(), &invitation::label(label), granted_at, now);
    store.audit(now, "operator", "consent.invited", Some(customer), "").await?;
    store.close().await;
    let origin = config.provider.redirect_uri.origin().ascii_serialization();
    Ok(format!("{origin}/connect?invite={}", invite.expose_secret()).into())
}
