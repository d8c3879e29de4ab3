//! Where access tokens come from.

use secrecy::{ExposeSecret as _, SecretString};

/// Why there is no token for a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenFailure {
    /// Only the customer can help, by a fresh consent; the reason in words.
    NeedsConsent(String),
    /// Something else; a later run may succeed.
    Unavailable(String),
}

/// Gives access tokens of customers; a refresh happens behind it, and no refresh token comes out of it.
pub trait AccessTokens: Send + std::marker::Sync + 'static {
    /// A token that is live now.
    fn access_token(&self, customer: &str)
    -> impl Future<Output = Result<SecretString, TokenFailure>> + Send;

    /// Says that the provider did not accept `token`, so that the next one is a fresh one.
    fn reject(&self, customer: &str, token: &SecretString) -> impl Future<Output = ()> + Send;
}

/// One token for all customers: an organisation's, or that of a customer who tries things out.
#[derive(Debug, Clone)]
pub struct OneToken(SecretString);

impl OneToken {
    /// The token to give.
    pub fn new(token: SecretString) -> Self {
        Self(token)
    }
}

impl AccessTokens for OneToken {
    async fn access_token(&self, _customer: &str) -> Result<SecretString, TokenFailure> {
        if self.0.expose_secret().is_empty() {
            return Err(TokenFailure::Unavailable("no access token".to_owned()));
        }
        Ok(self.0.clone())
    }

    async fn reject(&self, _customer: &str, _token: &SecretString) {}
}
