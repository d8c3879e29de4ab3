//! What a refusal means: for the customer, for our own client, or for now alone.

use chrono::{DateTime, Utc};

use crate::endpoint::Refusal;
use crate::store::{Lease, Note, Row};
use crate::tokens::Inner;
use crate::{CustomerId, Reason, StoreError, TokenError};

/// A customer whose refusals go on for so many halts has left even if others were refused in the same row.
const HALTS: i32 = 12;

impl Inner {
    /// Writes down what a refusal means, and says it.
    pub(crate) async fn refused(
        &self,
        row: &Row,
        lease: &Lease,
        retry: bool,
        refusal: &Refusal,
        sent_at: DateTime<Utc>,
    ) -> TokenError {
        let Refusal { status, code, request_id, .. } = refusal;
        tracing::warn!(customer = %lease.customer, status, code, request_id, "a refresh was refused");
        let verdict = if code == "invalid_client" {
            self.client_refused(lease, retry, refusal).await
        } else if code == "invalid_grant" || *status == 401 {
            self.judged(row, lease, retry, refusal, sent_at).await
        } else {
            self.passed_on(lease, retry, refusal).await
        };
        verdict.unwrap_or_else(TokenError::from)
    }

    /// A refusal that says nothing about tokens.
    async fn passed_on(
        &self,
        lease: &Lease,
        retry: bool,
        refusal: &Refusal,
    ) -> Result<TokenError, StoreError> {
        self.store.release(lease, retry, note(refusal, None)).await?;
        let Refusal { status, code, request_id, retry_after_s } = refusal.clone();
        Ok(match status {
            429 => TokenError::RateLimited { retry_after_s },
            _ => TokenError::Refused { status, code, request_id },
        })
    }

    /// The provider says in so many words that it is our client which it refuses.
    async fn client_refused(
        &self,
        lease: &Lease,
        retry: bool,
        refusal: &Refusal,
    ) -> Result<TokenError, StoreError> {
        self.store.release(lease, retry, note(refusal, None)).await?;
        if let Some(halted) = self.counted(lease).await? {
            return Ok(halted);
        }
        let Refusal { status, code, request_id, .. } = refusal.clone();
        Ok(TokenError::ClientRefused { status, code, request_id })
    }

    /// A refusal that may mean the customer: marked on proof that our own client is accepted.
    async fn judged(
        &self,
        row: &Row,
        lease: &Lease,
        retry: bool,
        refusal: &Refusal,
        sent_at: DateTime<Utc>,
    ) -> Result<TokenError, StoreError> {
        let customer = lease.customer.clone();
        let proven = refusal.code == "invalid_grant" || self.client_accepted(&customer, sent_at).await;
        let reason = if retry { Reason::LostRotation } else { Reason::Refused };
        let note = note(refusal, Some(self.clock.now()));
        if proven {
            self.store.mark(lease, reason, note).await?;
        } else {
            self.store.release(lease, retry, note).await?;
        }
        if !(proven && self.long_refused(row))
            && let Some(halted) = self.counted(lease).await?
        {
            return Ok(halted);
        }
        if !proven {
            return Ok(TokenError::Unconfirmed(customer));
        }
        tracing::warn!(%customer, %reason, "a fresh consent is needed");
        let detail = reason.as_str();
        self.store.audit(self.clock.now(), "offpeak", "consent.ended", Some(&customer), detail).await?;
        Ok(TokenError::NeedsConsent { customer, reason })
    }

    /// Counts a refusal. If that makes a storm, what was marked in its row is taken back.
    async fn counted(&self, lease: &Lease) -> Result<Option<TokenError>, StoreError> {
        let now = self.clock.now();
        let Some(storm) = self.breaker.refused(&lease.customer, now) else { return Ok(None) };
        for customer in &storm.refused {
            self.store.reinstate(&lease.provider, customer).await?;
        }
        let (refused, until) = (storm.refused.len(), storm.until);
        tracing::error!(refused, %until, "a storm of refusals: refreshes halt, nobody is marked");
        let detail = format!("{refused} customers refused in a row");
        self.store.audit(now, "offpeak", "refreshes.halted", None, &detail).await?;
        Ok(Some(TokenError::Halted { refused, until }))
    }

    /// Whether an earlier storm is no excuse any more. Else a fleet of customers who all left would halt for ever.
    fn long_refused(&self, row: &Row) -> bool {
        let patience = chrono::TimeDelta::from_std(self.options.timing.halt).unwrap_or_default() * HALTS;
        row.refused_at.is_some_and(|since| since + patience <= self.clock.now())
    }

    /// Whether our client was accepted since `then`: seen at another customer, or by asking for a token of our own.
    async fn client_accepted(&self, customer: &CustomerId, then: DateTime<Utc>) -> bool {
        if self.breaker.accepted_since(customer, then) {
            return true;
        }
        self.endpoint.config.client_credentials && self.endpoint.client_credentials().await.is_ok()
    }
}

fn note(refusal: &Refusal, refused_at: Option<DateTime<Utc>>) -> Note<'_> {
    Note { code: &refusal.code, request_id: refusal.request_id.as_deref(), refused_at }
}
