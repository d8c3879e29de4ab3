//! Tokens of the operator's own client, for providers that give one organisation access to all its customers.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use crate::answer;
use crate::endpoint::{Endpoint, Failure};
use crate::secret::same;
use crate::{AccessToken, Clock, ConfigError, Options, ProviderConfig, TokenError};

/// The organisation's token by `client_credentials`. Kept in memory alone; a refresh token that comes with it is
/// dropped unread. Reads every customer's data: never to be handed to a browser or device.
pub struct OrganisationTokens {
    endpoint: Endpoint,
    clock: Arc<dyn Clock>,
    options: Options,
    current: Mutex<Option<AccessToken>>,
}

impl OrganisationTokens {
    /// The tokens of our client at `provider`.
    ///
    /// # Errors
    /// If the provider's configuration cannot be trusted with secrets.
    pub fn new(
        provider: ProviderConfig,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Result<Self, ConfigError> {
        let endpoint = Endpoint::new(provider, options.timing.request)?;
        Ok(Self { endpoint, clock, options, current: Mutex::new(None) })
    }

    /// A token that is good for a while yet.
    ///
    /// # Errors
    /// Says whether to try later, or what to check.
    pub async fn access_token(&self) -> Result<AccessToken, TokenError> {
        let mut current = self.current.lock().await;
        let now = self.clock.now();
        if let Some(token) =
            current.as_ref().filter(|token| token.expires_at > now + self.options.timing.skew)
        {
            return Ok(token.clone());
        }
        let token = self.fetch(now).await?;
        *current = Some(token.clone());
        Ok(token)
    }

    /// Says that the provider refused `token` with a 401; another one.
    ///
    /// # Errors
    /// As [`Self::access_token`].
    pub async fn reject(&self, token: &AccessToken) -> Result<AccessToken, TokenError> {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|stored| same(&stored.secret, &token.secret)) {
            *current = None;
        }
        drop(current);
        self.access_token().await
    }

    async fn fetch(&self, sent_at: DateTime<Utc>) -> Result<AccessToken, TokenError> {
        let answer = self.endpoint.client_credentials().await.map_err(refused)?;
        let read = answer::read(&answer.body, sent_at);
        let unreadable = || TokenError::Refused {
            status: 200,
            code: "UNREADABLE".to_owned(),
            request_id: answer.request_id.clone(),
        };
        let tokens = read.ok_or_else(unreadable)?;
        Ok(AccessToken { secret: tokens.access, expires_at: tokens.expires_at, scope: tokens.scope })
    }
}

fn refused(failure: Failure) -> TokenError {
    match failure {
        Failure::Unsent(cause) | Failure::Lost(cause) => TokenError::Unreachable(cause),
        Failure::Refused(refusal) if refusal.status == 429 => {
            TokenError::RateLimited { retry_after_s: refusal.retry_after_s }
        }
        Failure::Refused(refusal) => {
            let (status, code, request_id) = (refusal.status, refusal.code, refusal.request_id);
            TokenError::ClientRefused { status, code, request_id }
        }
    }
}

impl fmt::Debug for OrganisationTokens {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("OrganisationTokens")
            .field("provider", &self.endpoint.config.id)
            .finish_non_exhaustive()
    }
}
