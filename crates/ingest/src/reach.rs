//! How a job reaches a customer: a token, once refreshed if it is not accepted, and the connections, listed if not known.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use offpeak_providers::{Nomos, ProviderError};
use secrecy::SecretString;
use thiserror::Error;

use crate::known::{Known, Listed};
use crate::outcome::Outcome;
use crate::tokens::{AccessTokens, TokenFailure};

/// Why nothing came of a customer.
#[derive(Debug, Error)]
pub(crate) enum Trouble {
    #[error("needs a fresh consent: {0}")]
    NeedsConsent(String),
    #[error("no access token: {0}")]
    NoToken(String),
    #[error("a fresh access token is not accepted either")]
    Refused,
    #[error("{0}")]
    Provider(#[from] ProviderError),
    #[error("{0}")]
    State(String),
}

impl Trouble {
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::NeedsConsent(_) => Outcome::NeedsConsent,
            _ => Outcome::Failed,
        }
    }
}

impl From<TokenFailure> for Trouble {
    fn from(failure: TokenFailure) -> Self {
        match failure {
            TokenFailure::NeedsConsent(reason) => Self::NeedsConsent(reason),
            TokenFailure::Unavailable(reason) => Self::NoToken(reason),
        }
    }
}

/// What every job needs.
pub(crate) struct Reach<A> {
    pub(crate) nomos: Nomos,
    pub(crate) tokens: Arc<A>,
    pub(crate) known: Known,
    pub(crate) now: DateTime<Utc>,
    /// For how long a list of subscriptions is believed.
    pub(crate) listed_for: Duration,
}

impl<A: AccessTokens> Reach<A> {
    /// Asks with a token of the customer, and once more with a fresh one if it is not accepted.
    pub(crate) async fn ask<T, F>(
        &self,
        customer: &str,
        op: impl Fn(SecretString) -> F + Send + Sync,
    ) -> Result<T, Trouble>
    where
        T: Send,
        F: Future<Output = Result<T, ProviderError>> + Send,
    {
        let token = self.tokens.access_token(customer).await?;
        match op(token.clone()).await {
            Err(ProviderError::Unauthorized { .. }) => self.tokens.reject(customer, &token).await,
            other => return Ok(other?),
        }
        let fresh = self.tokens.access_token(customer).await?;
        match op(fresh).await {
            Err(ProviderError::Unauthorized { .. }) => Err(Trouble::Refused),
            other => Ok(other?),
        }
    }

    /// The connections of a customer, and whether they were listed just now.
    pub(crate) async fn connections(&self, customer: &str) -> Result<(Listed, bool), Trouble> {
        let known = self.known.get(customer, self.now, self.listed_for);
        let owner = match known {
            Some((listed, true)) => return Ok((listed, false)),
            Some((listed, false)) => listed.owner,
            None => None,
        };
        let owner = owner.as_deref();
        let connections =
            self.ask(customer, |token| async move { self.nomos.connections(&token, owner).await }).await?;
        let listed = Listed::new(&connections, self.now);
        self.known.set(customer, Some(&listed)).map_err(|error| Trouble::State(error.to_string()))?;
        Ok((listed, true))
    }

    /// Forgets the connections of a customer, because the provider knows one of them no more.
    pub(crate) fn forget(&self, customer: &str) -> Result<(), Trouble> {
        self.known.set(customer, None).map_err(|error| Trouble::State(error.to_string()))
    }
}
