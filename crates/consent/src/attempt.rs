//! One attempt: the request, and what each kind of answer does to the row.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use tokio::time::sleep;

use crate::answer;
use crate::endpoint::{Answer, Failure, Refusal};
use crate::refresh::origin;
use crate::store::{Lease, Row};
use crate::tokens::{AccessToken, Inner};
use crate::{Reason, Step, StoreError, TokenError};

/// How a turn ended.
pub(crate) enum Attempted {
    /// With a token.
    Done(AccessToken),
    /// With a row that must be read again.
    Again,
}

impl Inner {
    /// Sends the refresh token of a row whose lease is held.
    pub(crate) async fn attempt(
        &self,
        row: &Row,
        lease: &Lease,
        token: &SecretString,
        retry: bool,
    ) -> Result<Attempted, TokenError> {
        let sent_at = self.clock.now();
        self.step(Step::Sending);
        let outcome = self.endpoint.refresh(token).await;
        self.step(Step::Answered);
        match outcome {
            Ok(answer) => self.accepted(row, lease, &answer, sent_at).await.map(Attempted::Done),
            Err(Failure::Unsent(cause)) => {
                self.store.release(lease, retry, "UNREACHABLE", None).await?;
                Err(TokenError::Unreachable(cause))
            }
            Err(Failure::Lost(cause)) => self.lost(row, lease, retry, cause).await,
            Err(Failure::Refused(refusal)) => Err(self.refused(lease, retry, refusal, sent_at).await),
        }
    }

    async fn accepted(
        &self,
        row: &Row,
        lease: &Lease,
        answer: &Answer,
        sent_at: DateTime<Utc>,
    ) -> Result<AccessToken, TokenError> {
        let kept = persist(|| self.store.keep_body(origin(lease), &answer.body, self.clock.now())).await;
        if let Err(cause) = kept {
            tracing::error!(customer = %lease.customer, %cause, "an answer cannot be kept; it is in memory alone");
        }
        self.step(Step::Kept);
        self.breaker.succeeded(self.clock.now());
        let token = self.settle(row, lease, &answer.body, answer.request_id.as_deref(), sent_at).await?;
        self.step(Step::Settled);
        tracing::info!(customer = %lease.customer, version = lease.version + 1, request_id = answer.request_id, "refreshed");
        Ok(token)
    }

    /// Makes an answer the tokens of its row.
    pub(crate) async fn settle(
        &self,
        row: &Row,
        lease: &Lease,
        body: &[u8],
        request_id: Option<&str>,
        sent_at: DateTime<Utc>,
    ) -> Result<AccessToken, TokenError> {
        let customer = &lease.customer;
        let Some(new) = answer::read(body, sent_at) else {
            tracing::error!(%customer, "an answer holds no token that can be read; it is kept sealed");
            self.store.orphan_body(&lease.attempt_id, "unreadable").await?;
            self.store.doubt(lease, "UNREADABLE", self.again_at(row)).await?;
            return Err(TokenError::Unreadable(customer.clone()));
        };
        let now = self.clock.now();
        let settled =
            persist(|| self.store.settle(lease, row.refresh.as_ref(), &new, request_id, now)).await?;
        if !settled {
            return self.late(lease).await;
        }
        let scope = new.scope.or_else(|| row.consent.scope.clone());
        Ok(AccessToken { secret: new.access, expires_at: new.expires_at, scope })
    }

    /// An answer whose row has moved on: used already by another process that found it kept, dropped if the operator
    /// disconnected the customer meanwhile, else set aside with an alarm.
    async fn late(&self, lease: &Lease) -> Result<AccessToken, TokenError> {
        let row = self.row(&lease.customer).await?;
        let standing = self.standing(&row);
        if let Err(TokenError::Disconnected(_)) = standing {
            self.store.disconnect(&lease.provider, &lease.customer).await?;
            return Err(TokenError::Disconnected(lease.customer.clone()));
        }
        if self.store.orphan_body(&lease.attempt_id, "late").await? {
            tracing::error!(customer = %lease.customer, attempt = lease.attempt_id, "a token answer came too late: an orphan");
        } else if let Some(token) = standing? {
            return Ok(token);
        }
        Err(TokenError::Orphaned(lease.customer.clone()))
    }

    /// The first time the same token is sent once more when the attempt is certainly dead; then later calls try.
    async fn lost(
        &self,
        row: &Row,
        lease: &Lease,
        retry: bool,
        cause: String,
    ) -> Result<Attempted, TokenError> {
        tracing::warn!(customer = %lease.customer, cause, retry, "the answer to a refresh was lost");
        if !retry {
            return Ok(Attempted::Again);
        }
        let again_at = self.again_at(row);
        self.store.doubt(lease, "ANSWER_LOST", again_at).await?;
        Err(TokenError::InDoubt { customer: lease.customer.clone(), cause, again_at })
    }

    /// What a refusal means: for the customer, for our client, or for now alone.
    async fn refused(
        &self,
        lease: &Lease,
        retry: bool,
        refusal: Refusal,
        sent_at: DateTime<Utc>,
    ) -> TokenError {
        let Refusal { status, code, request_id, retry_after_s } = &refusal;
        tracing::warn!(customer = %lease.customer, status, code, request_id, "a refresh was refused");
        if code == "invalid_grant" || (*status == 401 && code != "invalid_client") {
            return self.judged(lease, retry, &refusal, sent_at).await.unwrap_or_else(TokenError::from);
        }
        if let Err(cause) = self.store.release(lease, retry, code, request_id.as_deref()).await {
            return cause.into();
        }
        let (status, code, request_id) = (*status, code.clone(), request_id.clone());
        match status {
            429 => TokenError::RateLimited { retry_after_s: *retry_after_s },
            _ if code == "invalid_client" => TokenError::ClientRefused { status, code, request_id },
            _ => TokenError::Refused { status, code, request_id },
        }
    }

    /// A refusal that may mean the customer: marked on proof that our own client is accepted.
    async fn judged(
        &self,
        lease: &Lease,
        retry: bool,
        refusal: &Refusal,
        sent_at: DateTime<Utc>,
    ) -> Result<TokenError, StoreError> {
        let customer = lease.customer.clone();
        let proven = refusal.code == "invalid_grant" || self.client_accepted(sent_at).await;
        let reason = if retry { Reason::LostRotation } else { Reason::Refused };
        let (code, request_id) = (refusal.code.as_str(), refusal.request_id.as_deref());
        if proven {
            self.store.mark(lease, reason, code, request_id).await?;
        } else {
            self.store.release(lease, retry, code, request_id).await?;
        }
        if let Some(storm) = self.breaker.refused(&customer, self.clock.now()) {
            for customer in &storm.refused {
                self.store.reinstate(&lease.provider, customer).await?;
            }
            let (refused, until) = (storm.refused.len(), storm.until);
            tracing::error!(refused, %until, "a storm of refusals: refreshes halt, nobody is marked");
            return Ok(TokenError::Halted { refused, until });
        }
        if !proven {
            return Ok(TokenError::Unconfirmed(customer));
        }
        tracing::warn!(%customer, %reason, "a fresh consent is needed");
        Ok(TokenError::NeedsConsent { customer, reason })
    }

    /// Whether our client was accepted since `then`: seen at another customer, or by asking for a token of our own.
    async fn client_accepted(&self, then: DateTime<Utc>) -> bool {
        if self.breaker.accepted_since(then) {
            return true;
        }
        self.endpoint.config.client_credentials && self.endpoint.client_credentials().await.is_ok()
    }
}

/// Writes what must not be lost, again and again while the database refuses, up to about half a minute.
async fn persist<T, F: Future<Output = Result<T, StoreError>>>(
    mut write: impl FnMut() -> F,
) -> Result<T, StoreError> {
    let mut wait = Duration::from_millis(50);
    loop {
        match write().await {
            Err(cause @ StoreError::Database { .. }) if wait < Duration::from_secs(16) => {
                tracing::error!(%cause, "tokens cannot be written yet");
                sleep(wait).await;
                wait *= 2;
            }
            done => return done,
        }
    }
}
