//! Consents that were started and not yet answered.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::row::cell;
use super::{Store, failed, millis, time};
use crate::secret::hashed;
use crate::{CustomerId, ProviderId, StoreError};

/// A started consent. The state and the browser's cookie value are stored as hashes, the verifier sealed.
pub(crate) struct Pending {
    pub(crate) customer: CustomerId,
    pub(crate) label: String,
    pub(crate) browser_hash: String,
    pub(crate) verifier: SecretString,
    pub(crate) expires_at: DateTime<Utc>,
}

impl Store {
    /// Writes a started consent down under the hash of its `state`.
    pub(crate) async fn put_authorization(
        &self,
        provider: &ProviderId,
        state: &SecretString,
        pending: &Pending,
    ) -> Result<(), StoreError> {
        let state_hash = hashed(state.expose_secret());
        let place = self.place(provider, &state_hash, "verifier", 0);
        let sealed = self.ring.seal(&place, pending.verifier.expose_secret().as_bytes())?;
        let started = sqlx::query(
            "INSERT INTO authorizations (state_hash, tenant, provider, browser_hash, customer, label, verifier_ct, \
             key_id, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(state_hash.as_str())
        .bind(self.tenant.as_str())
        .bind(provider.as_str())
        .bind(pending.browser_hash.as_str())
        .bind(pending.customer.as_str())
        .bind(pending.label.as_str())
        .bind(sealed)
        .bind(self.ring.current())
        .bind(millis(pending.expires_at));
        self.one(started, "start a consent").await.map(drop)
    }

    /// Takes a started consent out: whatever follows, its state and verifier were used once.
    pub(crate) async fn take_authorization(
        &self,
        provider: &ProviderId,
        state: &str,
    ) -> Result<Option<Pending>, StoreError> {
        let state_hash = hashed(state);
        let what = "take a started consent";
        let found = sqlx::query(
            "SELECT browser_hash, customer, label, verifier_ct, expires_at FROM authorizations \
             WHERE state_hash = $1 AND tenant = $2 AND provider = $3",
        )
        .bind(state_hash.as_str())
        .bind(self.tenant.as_str())
        .bind(provider.as_str())
        .fetch_optional(&self.pool)
        .await
        .map_err(failed(what))?;
        let Some(row) = found else { return Ok(None) };
        // Of two that have found it one alone deletes it.
        let taken = sqlx::query("DELETE FROM authorizations WHERE state_hash = $1").bind(state_hash.as_str());
        if !self.one(taken, what).await? {
            return Ok(None);
        }
        let customer: String = cell(&row, "customer")?;
        let sealed: Vec<u8> = cell(&row, "verifier_ct")?;
        let verifier = self.ring.open_text(&self.place(provider, &state_hash, "verifier", 0), &sealed)?;
        let bad =
            |_| StoreError::Row { customer: "?".to_owned(), column: "customer", value: customer.clone() };
        Ok(Some(Pending {
            customer: customer.parse().map_err(bad)?,
            label: cell(&row, "label")?,
            browser_hash: cell(&row, "browser_hash")?,
            verifier,
            expires_at: time(cell(&row, "expires_at")?),
        }))
    }

    /// Drops started consents that nobody answered in time; how many.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn prune_authorizations(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut write = self.write("prune started consents").await?;
        let done = sqlx::query("DELETE FROM authorizations WHERE tenant = $1 AND expires_at < $2")
            .bind(self.tenant.as_str())
            .bind(millis(now))
            .execute(&mut *write)
            .await
            .map_err(failed("prune started consents"))?;
        write.commit().await.map_err(failed("prune started consents"))?;
        Ok(done.rows_affected())
    }
}
