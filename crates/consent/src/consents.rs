//! The consent flow: start it, and make something of the browser that comes back.

use std::fmt;
use std::sync::Arc;

use chrono::TimeDelta;
use futures::FutureExt;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::answer::{self, plain_word};
use crate::endpoint::Failure;
use crate::query::Callback;
use crate::secret::{hashed, random_id, random_secret};
use crate::store::{Origin, Pending};
use crate::tokens::{Inner, Tokens};
use crate::{Consent, CustomerId, StoreError, TokenError};

const MINUTES: i64 = 10;

/// Where to send a browser that is to consent.
pub struct AuthorizeRedirect {
    /// The provider's page. Holds the state: not for a log.
    pub url: Url,
    /// The value of a cookie that binds the consent to this browser: `Secure`, `HttpOnly`, `SameSite=Lax`, ten minutes.
    pub cookie: SecretString,
    /// The single-use state, as it stands in the URL.
    pub state: SecretString,
    /// Who will be connected.
    pub customer: CustomerId,
}

impl fmt::Debug for AuthorizeRedirect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AuthorizeRedirect").field("customer", &self.customer).finish_non_exhaustive()
    }
}

/// What became of a consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The customer is connected.
    Connected {
        /// Who.
        customer: CustomerId,
        /// The scope granted; none if the provider did not say.
        scope: Option<String>,
    },
    /// The customer said no.
    Denied,
    /// The ten minutes were over.
    Expired,
    /// Another browser came back than the one that left.
    WrongBrowser,
    /// Nothing of this state was started here, or it was answered before.
    UnknownState,
    /// The answer does not come from the provider that was asked, or holds a parameter twice, or lacks the code.
    Malformed,
    /// The provider could not or would not connect.
    ProviderError {
        /// Its code.
        code: String,
        /// Its request id.
        request_id: Option<String>,
    },
}

/// The consent flow of one provider.
#[derive(Debug, Clone)]
pub struct Consents {
    tokens: Tokens,
}

impl Consents {
    /// The flow that feeds `tokens`.
    pub fn new(tokens: &Tokens) -> Self {
        Self { tokens: tokens.clone() }
    }

    /// Starts a consent for a new customer, or anew for one there is. `label`: the operator's words for the customer.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn start(
        &self,
        customer: Option<CustomerId>,
        label: &str,
    ) -> Result<AuthorizeRedirect, TokenError> {
        let inner = &self.tokens.inner;
        let customer = match customer {
            Some(customer) => customer,
            None => new_customer()?,
        };
        let (state, cookie) = (random_secret()?, random_secret()?);
        let (url, verifier) = inner.endpoint.authorize_url(&state);
        let now = inner.clock.now();
        let pending = Pending {
            customer: customer.clone(),
            label: label.to_owned(),
            browser_hash: hashed(cookie.expose_secret()),
            verifier,
            expires_at: now + TimeDelta::minutes(MINUTES),
        };
        inner.store.prune_authorizations(now - TimeDelta::hours(1)).await?;
        inner.store.prune_disconnected().await?;
        inner.store.put_authorization(&inner.endpoint.config.id, &state, &pending).await?;
        inner.store.audit(now, "browser", "consent.started", Some(&customer), "").await?;
        Ok(AuthorizeRedirect { url, cookie, state, customer })
    }

    /// Makes something of a callback: its raw query, and the cookie's value if the browser sent one.
    ///
    /// Whatever comes of it, the state and its verifier are used up.
    ///
    /// # Errors
    /// If the database refuses, or the process shuts down.
    pub async fn finish(&self, query: &str, cookie: Option<&SecretString>) -> Result<Outcome, TokenError> {
        let inner = &self.tokens.inner;
        let Some(callback) = Callback::read(query) else { return Ok(Outcome::Malformed) };
        let Some(state) = &callback.state else { return Ok(Outcome::UnknownState) };
        let taken = inner.store.take_authorization(&inner.endpoint.config.id, state.expose_secret()).await?;
        let Some(pending) = taken else { return Ok(Outcome::UnknownState) };
        let customer = pending.customer.clone();
        let outcome = match self.refused(&callback, &pending, cookie) {
            Some(outcome) => outcome,
            None => self.redeem(callback.code.unwrap_or_default(), pending).await?,
        };
        let (action, detail) = described(&outcome);
        inner.store.audit(inner.clock.now(), "browser", action, Some(&customer), &detail).await?;
        Ok(outcome)
    }

    /// Deletes every token of a customer and revokes its devices. False if there is no such customer.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn disconnect(&self, customer: &CustomerId) -> Result<bool, StoreError> {
        let Inner { store, endpoint, clock, .. } = &*self.tokens.inner;
        let found = store.disconnect(&endpoint.config.id, customer).await?;
        if found {
            let now = clock.now();
            for device in store.devices(customer).await? {
                store.revoke_device(&device.id, now).await?;
            }
            store.audit(now, "operator", "consent.disconnected", Some(customer), "").await?;
        }
        Ok(found)
    }

    /// Up to `limit` customers in the order of their ids, from the one after `after`.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn list(&self, after: Option<&CustomerId>, limit: u32) -> Result<Vec<Consent>, StoreError> {
        self.tokens.inner.store.list(&self.tokens.provider().id, after, limit).await
    }

    /// Why a callback ends before its code is redeemed.
    fn refused(
        &self,
        callback: &Callback,
        pending: &Pending,
        cookie: Option<&SecretString>,
    ) -> Option<Outcome> {
        let inner = &self.tokens.inner;
        if inner.clock.now() > pending.expires_at {
            return Some(Outcome::Expired);
        }
        // Both are hashes of random secrets: where they differ tells nothing.
        if cookie.map(|cookie| hashed(cookie.expose_secret())).as_ref() != Some(&pending.browser_hash) {
            return Some(Outcome::WrongBrowser);
        }
        if callback.issuer.as_ref().is_some_and(|issuer| *issuer != inner.endpoint.config.expected_issuer()) {
            return Some(Outcome::Malformed);
        }
        match (&callback.error, &callback.code) {
            (Some(error), None) if error == "access_denied" => Some(Outcome::Denied),
            (Some(error), None) => {
                let code = plain_word(error).unwrap_or_else(|| "UNREADABLE".to_owned());
                Some(Outcome::ProviderError { code, request_id: None })
            }
            (None, Some(_)) => None,
            _ => Some(Outcome::Malformed),
        }
    }

    /// Redeems a code in a task of its own: a browser that leaves must not take the tokens with it.
    async fn redeem(&self, code: SecretString, pending: Pending) -> Result<Outcome, TokenError> {
        let inner = Arc::clone(&self.tokens.inner);
        self.tokens.inner.spawn(async move { inner.connect(&code, &pending).await }.boxed())?.await?
    }
}

impl Inner {
    async fn connect(&self, code: &SecretString, pending: &Pending) -> Result<Outcome, TokenError> {
        let sent_at = self.clock.now();
        let answer = match self.endpoint.exchange(code, &pending.verifier).await {
            Ok(answer) => answer,
            Err(failure) => return Ok(failed(failure)),
        };
        let attempt_id = random_id()?;
        let (provider, customer) = (&self.endpoint.config.id, &pending.customer);
        let origin = Origin { provider, customer, attempt_id: &attempt_id, version: 0 };
        self.store.keep_body(origin, &answer.body, self.clock.now()).await?;
        self.breaker.succeeded(customer, self.clock.now());
        let request_id = answer.request_id.as_deref();
        let Some(new) = answer::read(&answer.body, sent_at) else {
            self.store.orphan_body(&attempt_id, "unreadable").await?;
            return Ok(Outcome::ProviderError {
                code: "UNREADABLE".to_owned(),
                request_id: answer.request_id,
            });
        };
        self.store.grant(origin, &pending.label, &new, request_id, self.clock.now()).await?;
        Ok(Outcome::Connected { customer: customer.clone(), scope: new.scope })
    }
}

fn failed(failure: Failure) -> Outcome {
    let (code, request_id) = match failure {
        Failure::Unsent(_) => ("UNREACHABLE".to_owned(), None),
        Failure::Lost(_) => ("ANSWER_LOST".to_owned(), None),
        Failure::Refused(refusal) => (refusal.code, refusal.request_id),
    };
    Outcome::ProviderError { code, request_id }
}

fn described(outcome: &Outcome) -> (&'static str, String) {
    match outcome {
        Outcome::Connected { scope, .. } => ("consent.granted", scope.clone().unwrap_or_default()),
        Outcome::Denied => ("consent.denied", String::new()),
        Outcome::ProviderError { code, .. } => ("consent.failed", code.clone()),
        other => ("consent.refused", format!("{other:?}")),
    }
}

fn new_customer() -> Result<CustomerId, TokenError> {
    let id = format!("cus_{}", random_id()?);
    let value = id.clone();
    id.parse().map_err(|_| StoreError::Row { customer: "?".to_owned(), column: "customer", value }.into())
}
