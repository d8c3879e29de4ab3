//! The order of a refresh: look, wait or take the lease, recover or send, and look again.

use chrono::{DateTime, Utc};
use tokio::time::{Instant, sleep};

use crate::attempt::{Arrived, Attempted};
use crate::secret::random_id;
use crate::store::{Lease, Note, Origin, Row};
use crate::tokens::{AccessToken, Inner, spread};
use crate::{ConsentState, CustomerId, Reason, Step, StoreError, TokenError};

impl Inner {
    /// A new token, by whoever refreshes first: this task or another process.
    ///
    /// Every turn reads the row anew. A row that is `refreshing` and whose lease has ended belongs to an attempt whose
    /// answer was lost: its kept answer is used if there is one, else the same token is sent once more. If that answer
    /// is lost too, the row waits for a later call.
    pub(crate) async fn refresh(&self, customer: &CustomerId) -> Result<AccessToken, TokenError> {
        let timing = &self.options.timing;
        let give_up = Instant::now() + timing.lease + timing.request + timing.certainly_dead;
        loop {
            let row = self.row(customer).await?;
            if let Some(token) = self.standing(&row)? {
                return Ok(token);
            }
            if self.must_wait(&row)? {
                if Instant::now() > give_up {
                    return Err(TokenError::Busy(customer.clone()));
                }
                sleep(spread(timing.poll, customer)).await;
                continue;
            }
            self.breaker.check(self.clock.now())?;
            if let Attempted::Done(token) = self.turn(&row).await? {
                return Ok(token);
            }
        }
    }

    /// Whether somebody else is at it, or a lost attempt may still be alive.
    fn must_wait(&self, row: &Row) -> Result<bool, TokenError> {
        let now = self.clock.now();
        let mine = row.lease_owner.as_deref() == Some(&self.owner);
        if row.lease_until > now && !mine {
            if row.lease_owner.is_some() {
                return Ok(true);
            }
            let cause = row.consent.last_error_code.clone().unwrap_or_default();
            let customer = row.consent.customer.clone();
            return Err(TokenError::InDoubt { customer, cause, again_at: row.lease_until });
        }
        Ok(in_doubt(row) && now < row.attempt_at + self.options.timing.certainly_dead)
    }

    /// Leases mean the same to every host only if their clocks do: a host that is ahead would take over too early.
    async fn clocks_agree(&self) -> Result<(), TokenError> {
        let timing = &self.options.timing;
        let before = self.clock.now();
        let Some(database) = self.store.database_time().await? else { return Ok(()) };
        let off = (before - database).max(database - self.clock.now());
        let most = timing.lease.saturating_sub(timing.request) / 4;
        if off.to_std().is_ok_and(|off| off > most) {
            let (off_ms, most_ms) = (off.num_milliseconds(), most.as_millis());
            return Err(StoreError::Clock { off_ms, most_ms }.into());
        }
        Ok(())
    }

    /// One turn with the row as it was read: recover a kept answer, or take the lease and send.
    async fn turn(&self, row: &Row) -> Result<Attempted, TokenError> {
        if in_doubt(row) && self.recovered(row).await? {
            return Ok(Attempted::Again);
        }
        if let Some(gate) = &self.options.before_refresh {
            // Before the lease: a wait in a queue must not use it up.
            gate().await;
        }
        self.clocks_agree().await?;
        self.step(Step::Started);
        let now = self.clock.now();
        let lease = Lease {
            provider: self.endpoint.config.id.clone(),
            customer: row.consent.customer.clone(),
            version: row.consent.version,
            attempt_id: random_id()?,
            until: now + self.options.timing.lease,
        };
        if !self.store.lease(row, &lease, &self.owner, now).await? {
            return Ok(Attempted::Again);
        }
        self.step(Step::Leased);
        let Some(token) = &row.refresh else {
            let reason = Reason::NoRefreshToken;
            let note = Note { code: "NO_REFRESH_TOKEN", request_id: None, refused_at: None };
            self.store.mark(&lease, reason, note).await?;
            return Err(TokenError::NeedsConsent { customer: lease.customer, reason });
        };
        self.attempt(row, &lease, token, in_doubt(row)).await
    }

    /// Uses an answer that was kept by an attempt whose process died: no request is needed.
    async fn recovered(&self, row: &Row) -> Result<bool, TokenError> {
        let (provider, customer) = (self.endpoint.config.id.clone(), row.consent.customer.clone());
        let (version, attempt_id) = (row.consent.version, row.attempt_id.clone());
        let lease = Lease { provider, customer, version, attempt_id, until: row.lease_until };
        let Some((body, received_at)) = self.store.kept_body(origin(&lease)).await? else { return Ok(false) };
        tracing::warn!(customer = %lease.customer, "an earlier process died with an answer: it is used now");
        // It was sent before it was received: by how much was lost with the process, so the longest is assumed.
        let sent_at = received_at - self.options.timing.request;
        self.settle(row, &lease, Arrived::kept(&body, sent_at)).await?;
        Ok(true)
    }

    pub(crate) fn step(&self, step: Step) {
        if let Some(on_step) = &self.options.on_step {
            on_step(step);
        }
    }

    /// When a customer in doubt is tried again: later each time.
    pub(crate) fn again_at(&self, row: &Row) -> DateTime<Utc> {
        let doublings = u32::try_from(row.doubts.clamp(0, 6)).unwrap_or(6);
        let wait = spread(self.options.timing.doubt_wait, &row.consent.customer) * 2_u32.pow(doublings);
        self.clock.now() + wait.min(std::time::Duration::from_hours(1))
    }
}

/// Whether the answer to the row's last attempt is unknown.
pub(crate) fn in_doubt(row: &Row) -> bool {
    row.consent.state == ConsentState::Refreshing
}

/// The request that a lease is for.
pub(crate) fn origin(lease: &Lease) -> Origin<'_> {
    Origin {
        provider: &lease.provider,
        customer: &lease.customer,
        attempt_id: &lease.attempt_id,
        version: lease.version,
    }
}
