//! The steps of a refresh in the database: lease, settle, give back. Each compares before it swaps.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::group::{Change, Statement};
use super::{Reason, Row, Store, TokenSet, millis};
use crate::{CustomerId, ProviderId, StoreError};

/// A refresh that this process alone may send.
#[derive(Debug, Clone)]
pub(crate) struct Lease {
    pub(crate) provider: ProviderId,
    pub(crate) customer: CustomerId,
    pub(crate) version: i64,
    pub(crate) attempt_id: String,
    /// Whoever has not sent by then must not send.
    pub(crate) until: DateTime<Utc>,
}

/// What is noted of an attempt that brought no token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Note<'a> {
    pub(crate) code: &'a str,
    pub(crate) request_id: Option<&'a str>,
    /// When the provider refused the token itself; none if it did not.
    pub(crate) refused_at: Option<DateTime<Utc>>,
}

/// The sealed columns of a token pair.
pub(super) struct Sealed {
    pub(super) access: Vec<u8>,
    pub(super) refresh: Option<Vec<u8>>,
    pub(super) previous: Option<Vec<u8>>,
}

impl Store {
    /// Takes the lease of `row`, if it still stands as it was read and nobody else holds it.
    ///
    /// This commit also shows that the database takes writes, before anything is sent that must be written down.
    pub(crate) async fn lease(
        &self,
        row: &Row,
        lease: &Lease,
        owner: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE consents SET state = 'refreshing', lease_owner = $1, lease_until = $2, attempt_id = $3, \
             attempt_at = $4 WHERE tenant = $5 AND provider = $6 AND customer = $7 AND version = $8 \
             AND attempt_id = $9 AND state IN ('active', 'refreshing') AND (lease_until <= $4 OR lease_owner = $1)",
        )
        .bind(owner)
        .bind(millis(lease.until))
        .bind(lease.attempt_id.as_str())
        .bind(millis(now))
        .bind(self.tenant.as_str())
        .bind(lease.provider.as_str())
        .bind(lease.customer.as_str())
        .bind(lease.version)
        .bind(row.attempt_id.as_str());
        self.one(done, "take a lease").await
    }

    /// Writes the pair in place of the old one and drops the raw answer, in one durable commit. False if the row
    /// has moved on.
    pub(crate) async fn settle(
        &self,
        lease: &Lease,
        old_refresh: Option<&SecretString>,
        new: &TokenSet,
        request_id: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        // A provider that does not rotate sends none: the old one stays good.
        let refresh = new.refresh.as_ref().or(old_refresh);
        let version = lease.version + 1;
        let sealed =
            self.sealed(&lease.provider, &lease.customer, version, &new.access, refresh, old_refresh)?;
        let first = sqlx::query(
            "UPDATE consents SET state = 'active', reason = NULL, version = version + 1, lease_owner = NULL, \
             lease_until = 0, doubts = 0, refused_at = 0, access_ct = $1, access_exp = $2, refresh_ct = $3, prev_refresh_ct = $4, \
             key_id = $5, scope = COALESCE($6, scope), last_ok_at = $7, last_error_code = NULL, last_request_id = $8 \
             WHERE tenant = $9 AND provider = $10 AND customer = $11 AND version = $12 AND attempt_id = $13 \
             AND state = 'refreshing'",
        )
        .bind(sealed.access)
        .bind(millis(new.expires_at))
        .bind(sealed.refresh)
        .bind(sealed.previous)
        .bind(self.ring.current())
        .bind(new.scope.as_deref())
        .bind(millis(now))
        .bind(request_id);
        let then = Some(body_dropped(&lease.attempt_id));
        self.change(Change { what: "write tokens", first: self.of_lease(first, lease), then }).await
    }

    /// Gives the lease back after an answer that shows that the token was not used.
    ///
    /// `in_doubt`: an earlier answer was lost, so the row stays as one that is refreshing.
    pub(crate) async fn release(
        &self,
        lease: &Lease,
        in_doubt: bool,
        note: Note<'_>,
    ) -> Result<(), StoreError> {
        let state = if in_doubt { "refreshing" } else { "active" };
        let done = sqlx::query(
            "UPDATE consents SET state = $1, lease_owner = NULL, lease_until = 0, last_error_code = $2, \
             last_request_id = $3, refused_at = CASE WHEN refused_at = 0 THEN $4 ELSE refused_at END \
             WHERE tenant = $5 AND provider = $6 AND customer = $7 AND version = $8 AND attempt_id = $9 \
             AND state = 'refreshing'",
        )
        .bind(state)
        .bind(note.code)
        .bind(note.request_id)
        .bind(note.refused_at.map_or(0, millis));
        self.one(self.of_lease(done, lease), "give a lease back").await.map(drop)
    }

    /// Notes that the answer was lost; nobody sends again before `again_at`.
    pub(crate) async fn doubt(
        &self,
        lease: &Lease,
        code: &str,
        again_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE consents SET doubts = doubts + 1, lease_owner = NULL, lease_until = $1, last_error_code = $2 \
             WHERE tenant = $3 AND provider = $4 AND customer = $5 AND version = $6 AND attempt_id = $7 \
             AND state = 'refreshing'",
        )
        .bind(millis(again_at))
        .bind(code);
        self.one(self.of_lease(done, lease), "note a lost answer").await.map(drop)
    }

    /// Marks the customer as needing a consent. The tokens stay, sealed, so that a wrong verdict can be undone.
    pub(crate) async fn mark(
        &self,
        lease: &Lease,
        reason: Reason,
        note: Note<'_>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE consents SET state = 'needs_consent', reason = $1, lease_owner = NULL, lease_until = 0, \
             last_error_code = $2, last_request_id = $3, \
             refused_at = CASE WHEN refused_at = 0 THEN $4 ELSE refused_at END WHERE tenant = $5 AND provider = $6 \
             AND customer = $7 AND version = $8 AND attempt_id = $9 AND state = 'refreshing'",
        )
        .bind(reason.as_str())
        .bind(note.code)
        .bind(note.request_id)
        .bind(note.refused_at.map_or(0, millis));
        self.one(self.of_lease(done, lease), "mark a consent").await
    }

    /// Lets the stored access token count as ended, if it is still the one of `version`.
    pub(crate) async fn expire_access(
        &self,
        provider: &ProviderId,
        customer: &CustomerId,
        version: i64,
    ) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE consents SET access_exp = 0 WHERE tenant = $1 AND provider = $2 AND customer = $3 AND version = $4",
        )
        .bind(self.tenant.as_str())
        .bind(provider.as_str())
        .bind(customer.as_str())
        .bind(version);
        self.one(done, "expire an access token").await.map(drop)
    }

    /// The columns of a pair, sealed for `version`; `previous` is for diagnosis alone and never sent.
    pub(super) fn sealed(
        &self,
        provider: &ProviderId,
        customer: &CustomerId,
        version: i64,
        access: &SecretString,
        refresh: Option<&SecretString>,
        previous: Option<&SecretString>,
    ) -> Result<Sealed, StoreError> {
        let seal = |column, secret: &SecretString| {
            let place = self.place(provider, customer.as_str(), column, version);
            self.ring.seal(&place, secret.expose_secret().as_bytes())
        };
        Ok(Sealed {
            access: seal("access", access)?,
            refresh: refresh.map(|secret| seal("refresh", secret)).transpose()?,
            previous: previous.map(|secret| seal("prev_refresh", secret)).transpose()?,
        })
    }

    /// Binds what says that the row still is as the lease found it: the last five places of its statements.
    fn of_lease(&self, statement: Statement, lease: &Lease) -> Statement {
        statement
            .bind(self.tenant.as_str())
            .bind(lease.provider.as_str())
            .bind(lease.customer.as_str())
            .bind(lease.version)
            .bind(lease.attempt_id.as_str())
    }

    /// Runs one statement; whether it changed one row.
    pub(super) async fn one(&self, first: Statement, what: &'static str) -> Result<bool, StoreError> {
        self.change(Change { what, first, then: None }).await
    }
}

/// Drops the raw answer of an attempt whose tokens stand in their row.
pub(super) fn body_dropped(attempt_id: &str) -> Statement {
    sqlx::query("DELETE FROM token_bodies WHERE attempt_id = $1").bind(attempt_id)
}
