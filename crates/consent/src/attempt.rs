//! One attempt: the request, and what each kind of answer does to the row.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, sleep};

use crate::answer;
use crate::endpoint::{Answer, Failure};
use crate::refresh::origin;
use crate::store::{Lease, Note, Row};
use crate::tokens::{AccessToken, Inner};
use crate::{Step, StoreError, TokenError};

/// How long a write of what is durable elsewhere is tried.
const PATIENCE: Duration = Duration::from_secs(25);
/// How long a write of what is in memory alone is tried.
const LAST_PATIENCE: Duration = Duration::from_mins(10);

/// How a turn ended.
pub(crate) enum Attempted {
    /// With a token.
    Done(AccessToken),
    /// With a row that must be read again.
    Again,
}

/// A raw answer that is to become the tokens of its row.
#[derive(Clone, Copy)]
pub(crate) struct Arrived<'a> {
    pub(crate) body: &'a [u8],
    pub(crate) request_id: Option<&'a str>,
    pub(crate) sent_at: DateTime<Utc>,
    /// How long to try to write it.
    pub(crate) patience: Duration,
}

impl<'a> Arrived<'a> {
    /// One that an earlier process kept.
    pub(crate) fn kept(body: &'a [u8], sent_at: DateTime<Utc>) -> Self {
        Self { body, request_id: None, sent_at, patience: PATIENCE }
    }
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
        if sent_at + self.options.timing.request >= lease.until {
            // This process was held up; another may take over before an answer could come.
            let note = Note { code: "HELD_UP", request_id: None, refused_at: None };
            self.store.release(lease, retry, note).await?;
            return Ok(Attempted::Again);
        }
        self.step(Step::Sending);
        let outcome = self.endpoint.refresh(token).await;
        self.step(Step::Answered);
        match outcome {
            Ok(answer) => self.accepted(row, lease, retry, &answer, sent_at).await,
            Err(Failure::Unsent(cause)) => {
                let note = Note { code: "UNREACHABLE", request_id: None, refused_at: None };
                self.store.release(lease, retry, note).await?;
                Err(TokenError::Unreachable(cause))
            }
            Err(Failure::Lost(cause)) => self.lost(row, lease, retry, cause).await,
            Err(Failure::Refused(refusal)) => Err(self.refused(row, lease, retry, &refusal, sent_at).await),
        }
    }

    async fn accepted(
        &self,
        row: &Row,
        lease: &Lease,
        retry: bool,
        answer: &Answer,
        sent_at: DateTime<Utc>,
    ) -> Result<Attempted, TokenError> {
        let keep = || self.store.keep_body(origin(lease), &answer.body, self.clock.now());
        let kept = persist(PATIENCE, keep).await;
        if let Err(cause) = &kept {
            tracing::error!(customer = %lease.customer, %cause, "an answer cannot be kept; it is in memory alone");
        }
        self.step(Step::Kept);
        self.breaker.succeeded(&lease.customer, self.clock.now());
        let arrived = Arrived {
            body: &answer.body,
            request_id: answer.request_id.as_deref(),
            sent_at,
            patience: if kept.is_ok() { PATIENCE } else { LAST_PATIENCE },
        };
        let Some(token) = self.settle(row, lease, arrived).await? else {
            return self.lost(row, lease, retry, "it holds no token that can be read".to_owned()).await;
        };
        self.step(Step::Settled);
        tracing::info!(customer = %lease.customer, version = lease.version + 1, request_id = answer.request_id, "refreshed");
        Ok(Attempted::Done(token))
    }

    /// Makes an answer the tokens of its row. None if it holds none that can be read: then it is set aside.
    pub(crate) async fn settle(
        &self,
        row: &Row,
        lease: &Lease,
        arrived: Arrived<'_>,
    ) -> Result<Option<AccessToken>, TokenError> {
        let customer = &lease.customer;
        let Some(new) = answer::read(arrived.body, arrived.sent_at) else {
            tracing::error!(%customer, "an answer holds no token that can be read; it is kept sealed");
            self.store.orphan_body(&lease.attempt_id, "unreadable").await?;
            return Ok(None);
        };
        let now = self.clock.now();
        let write = || self.store.settle(lease, row.refresh.as_ref(), &new, arrived.request_id, now);
        if !persist(arrived.patience, write).await? {
            return self.late(lease).await.map(Some);
        }
        if new.access.expose_secret().is_empty() {
            // The refresh token is durable all the same: a later call goes on with it.
            let request_id = arrived.request_id.map(str::to_owned);
            return Err(TokenError::Refused { status: 200, code: "NO_ACCESS_TOKEN".to_owned(), request_id });
        }
        let scope = new.scope.or_else(|| row.consent.scope.clone());
        Ok(Some(AccessToken { secret: new.access, expires_at: new.expires_at, scope }))
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
        }
        standing?.ok_or_else(|| TokenError::Orphaned(lease.customer.clone()))
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
}

/// Writes what must not be lost, again and again while the database refuses.
async fn persist<T, F: Future<Output = Result<T, StoreError>>>(
    patience: Duration,
    mut write: impl FnMut() -> F,
) -> Result<T, StoreError> {
    let (started, mut wait) = (Instant::now(), Duration::from_millis(50));
    loop {
        match write().await {
            Err(cause @ StoreError::Database { .. }) if started.elapsed() + wait < patience => {
                tracing::error!(%cause, "tokens cannot be written yet");
                sleep(wait).await;
                wait = (wait * 2).min(Duration::from_secs(5));
            }
            done => return done,
        }
    }
}
