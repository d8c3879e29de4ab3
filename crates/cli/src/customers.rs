//! Customers and their tokens as the consents keep them, for what asks the provider.

use std::collections::BTreeSet;

use offpeak_consent::{AccessToken, CustomerId, OrganisationTokens, TokenError, Tokens};
use offpeak_ingest::{AccessTokens, CustomerList, IngestError, TokenFailure};
use secrecy::SecretString;

/// Where access tokens come from: each customer's consent, or the organisation's own client.
pub(crate) enum StoredTokens {
    Customers(Tokens),
    Organisation(Box<OrganisationTokens>),
}

impl AccessTokens for StoredTokens {
    async fn access_token(&self, customer: &str) -> Result<SecretString, TokenFailure> {
        let token = match self {
            Self::Customers(tokens) => tokens.access_token(&id(customer)?).await,
            Self::Organisation(tokens) => tokens.access_token().await,
        };
        token.map(|token| token.secret).map_err(|error| failure(&error))
    }

    async fn reject(&self, customer: &str, token: &SecretString) {
        // Known by its secret alone; when it would have ended does not matter any more.
        let token =
            AccessToken { secret: token.clone(), expires_at: chrono::DateTime::UNIX_EPOCH, scope: None };
        // What is wrong shows again when the next token is asked for.
        let _ = match (self, id(customer)) {
            (Self::Customers(tokens), Ok(customer)) => tokens.reject(&customer, &token).await,
            (Self::Customers(_), Err(_)) => return,
            (Self::Organisation(tokens), _) => tokens.reject(&token).await,
        };
    }
}

fn id(customer: &str) -> Result<CustomerId, TokenFailure> {
    customer.parse().map_err(|error| TokenFailure::Unavailable(format!("{error}")))
}

fn failure(error: &TokenError) -> TokenFailure {
    match error {
        TokenError::NeedsConsent { .. } | TokenError::Unknown(_) | TokenError::Disconnected(_) => {
            TokenFailure::NeedsConsent(error.to_string())
        }
        _ => TokenFailure::Unavailable(error.to_string()),
    }
}

/// Whom to ask for: everybody who is connected, or those who are named.
pub(crate) enum Customers {
    /// Whoever must consent again is among them, and named in the tables; whom the operator disconnected is not.
    Connected {
        tokens: Tokens,
        count: u64,
    },
    Named(BTreeSet<String>),
}

impl CustomerList for Customers {
    async fn after(&self, last: Option<&str>, limit: usize) -> Result<Vec<String>, IngestError> {
        let tokens = match self {
            Self::Connected { tokens, .. } => tokens,
            Self::Named(names) => return names.after(last, limit).await,
        };
        let wrong = |error: &dyn std::fmt::Display| IngestError::Customers(error.to_string());
        let after: Option<CustomerId> = last.map(str::parse).transpose().map_err(|error| wrong(&error))?;
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let page = tokens.customers(after.as_ref(), limit).await.map_err(|error| wrong(&error))?;
        Ok(page.iter().map(ToString::to_string).collect())
    }

    fn count(&self) -> Option<u64> {
        match self {
            Self::Connected { count, .. } => Some(*count),
            Self::Named(names) => names.count(),
        }
    }
}
