//! Consents as a whole: granted, listed, taken back.

use chrono::{DateTime, Utc};

use super::group::Change;
use super::refresh::body_dropped;
use super::row::{cell, consent, customer};
use super::{Consent, Origin, Store, TokenSet, failed, millis};
use crate::{CustomerId, ProviderId, StoreError};

impl Store {
    /// Writes the tokens of a fresh consent, over those of an earlier one if there is one, and drops the raw answer.
    pub(crate) async fn grant(
        &self,
        origin: Origin<'_>,
        label: &str,
        new: &TokenSet,
        request_id: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        // Another may change the row between the look and the write: then it is looked at again.
        while !self.granted(origin, label, new, request_id, now).await? {}
        Ok(())
    }

    /// False if the row was changed meanwhile.
    async fn granted(
        &self,
        origin: Origin<'_>,
        label: &str,
        new: &TokenSet,
        request_id: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (provider, customer) = (origin.provider, origin.customer);
        let earlier = self.version(provider, customer).await?;
        let version = earlier + 1;
        let sealed = self.sealed(provider, customer, version, &new.access, new.refresh.as_ref(), None)?;
        let first = sqlx::query(
            "INSERT INTO consents (tenant, provider, customer, label, state, version, access_ct, access_exp, refresh_ct, \
             key_id, scope, granted_at, last_ok_at, last_request_id) \
             VALUES ($1, $2, $3, $4, 'active', $5, $6, $7, $8, $9, $10, $11, $11, $12) \
             ON CONFLICT (tenant, provider, customer) DO UPDATE SET label = excluded.label, state = 'active', \
             reason = NULL, version = excluded.version, lease_owner = NULL, lease_until = 0, attempt_id = '', \
             doubts = 0, refused_at = 0, access_ct = excluded.access_ct, access_exp = excluded.access_exp, \
             refresh_ct = excluded.refresh_ct, prev_refresh_ct = NULL, key_id = excluded.key_id, \
             scope = excluded.scope, granted_at = excluded.granted_at, last_ok_at = excluded.last_ok_at, \
             last_error_code = NULL, last_request_id = excluded.last_request_id WHERE consents.version = $13",
        )
        .bind(self.tenant.as_str())
        .bind(provider.as_str())
        .bind(customer.as_str())
        .bind(label)
        .bind(version)
        .bind(sealed.access)
        .bind(millis(new.expires_at))
        .bind(sealed.refresh)
        .bind(self.ring.current())
        .bind(new.scope.as_deref())
        .bind(millis(now))
        .bind(request_id)
        .bind(earlier);
        let then = Some(body_dropped(origin.attempt_id));
        self.change(Change { what: "write a consent", first, then }).await
    }

    /// The version of a row; 0 if there is none.
    async fn version(&self, provider: &ProviderId, customer: &CustomerId) -> Result<i64, StoreError> {
        let found =
            sqlx::query("SELECT version FROM consents WHERE tenant = $1 AND provider = $2 AND customer = $3")
                .bind(self.tenant.as_str())
                .bind(provider.as_str())
                .bind(customer.as_str())
                .fetch_optional(&self.pool)
                .await
                .map_err(failed("write a consent"))?;
        found.map_or(Ok(0), |row| cell(&row, "version"))
    }

    /// The consent of a customer, without its tokens.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn consent(
        &self,
        provider: &ProviderId,
        customer: &CustomerId,
    ) -> Result<Option<Consent>, StoreError> {
        Ok(self.load(provider, customer).await?.map(|row| row.consent))
    }

    /// Up to `limit` consents of a provider in the order of their ids, from the one after `after`.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn list(
        &self,
        provider: &ProviderId,
        after: Option<&CustomerId>,
        limit: u32,
    ) -> Result<Vec<Consent>, StoreError> {
        let rows = sqlx::query(
            "SELECT customer, label, state, reason, version, granted_at, last_ok_at, access_exp, scope, \
             last_error_code, last_request_id FROM consents WHERE tenant = $1 AND provider = $2 AND customer > $3 \
             ORDER BY customer LIMIT $4",
        )
        .bind(self.tenant.as_str())
        .bind(provider.as_str())
        .bind(after.map_or("", CustomerId::as_str))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(failed("list consents"))?;
        rows.iter().map(consent).collect()
    }

    /// The ids of [`crate::Tokens::customers`].
    pub(crate) async fn connected(
        &self,
        provider: &ProviderId,
        after: Option<&CustomerId>,
        limit: u32,
    ) -> Result<Vec<CustomerId>, StoreError> {
        let rows = sqlx::query(
            "SELECT customer FROM consents WHERE tenant = $1 AND provider = $2 AND customer > $3 \
             AND state <> 'revoked_local' ORDER BY customer LIMIT $4",
        )
        .bind(self.tenant.as_str())
        .bind(provider.as_str())
        .bind(after.map_or("", CustomerId::as_str))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(failed("list customers"))?;
        rows.iter().map(customer).collect()
    }

    /// How many there are.
    pub(crate) async fn count_connected(&self, provider: &ProviderId) -> Result<u64, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS found FROM consents WHERE tenant = $1 AND provider = $2 AND state <> 'revoked_local'",
        )
        .bind(self.tenant.as_str())
        .bind(provider.as_str())
        .fetch_one(&self.pool)
        .await
        .map_err(failed("count customers"))?;
        Ok(u64::try_from(cell::<i64>(&row, "found")?).unwrap_or_default())
    }

    /// How many consents of a provider are in each state, by its stored name (`active`, `refreshing`,
    /// `needs_consent`, `revoked_local`).
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn counts(&self, provider: &ProviderId) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT state, COUNT(*) AS found FROM consents WHERE tenant = $1 AND provider = $2 GROUP BY state \
             ORDER BY state",
        )
        .bind(self.tenant.as_str())
        .bind(provider.as_str())
        .fetch_all(&self.pool)
        .await
        .map_err(failed("count consents"))?;
        rows.iter().map(|row| Ok((cell(row, "state")?, cell(row, "found")?))).collect()
    }

    /// Deletes every token of a customer and remembers that the operator did so. False if there is no such customer.
    ///
    /// The provider has no revocation endpoint: the customer must withdraw the consent there too.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn disconnect(&self, provider: &ProviderId, customer: &CustomerId) -> Result<bool, StoreError> {
        let mut write = self.write("disconnect").await?;
        let done = sqlx::query(
            "UPDATE consents SET state = 'revoked_local', reason = NULL, version = version + 1, lease_owner = NULL, \
             lease_until = 0, attempt_id = '', doubts = 0, refused_at = 0, access_ct = NULL, access_exp = 0, refresh_ct = NULL, \
             prev_refresh_ct = NULL WHERE tenant = $1 AND provider = $2 AND customer = $3",
        )
        .bind(self.tenant.as_str())
        .bind(provider.as_str())
        .bind(customer.as_str())
        .execute(&mut *write)
        .await
        .map_err(failed("disconnect"))?;
        for statement in [
            "DELETE FROM token_bodies WHERE tenant = $1 AND provider = $2 AND customer = $3",
            "DELETE FROM authorizations WHERE tenant = $1 AND provider = $2 AND customer = $3",
        ] {
            let drop = sqlx::query(statement).bind(self.tenant.as_str()).bind(provider.as_str());
            drop.bind(customer.as_str()).execute(&mut *write).await.map_err(failed("disconnect"))?;
        }
        write.commit().await.map_err(failed("disconnect"))?;
        Ok(done.rows_affected() == 1)
    }

    /// Takes a wrong verdict back: a customer marked as needing a consent is tried again with the tokens it has, and
    /// is in doubt again if it was.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn reinstate(&self, provider: &ProviderId, customer: &CustomerId) -> Result<bool, StoreError> {
        let mut write = self.write("reinstate").await?;
        let done = sqlx::query(
            "UPDATE consents SET state = CASE reason WHEN 'lost_rotation' THEN 'refreshing' ELSE 'active' END, \
             reason = NULL WHERE tenant = $1 AND provider = $2 \
             AND customer = $3 AND state = 'needs_consent' AND refresh_ct IS NOT NULL",
        )
        .bind(self.tenant.as_str())
        .bind(provider.as_str())
        .bind(customer.as_str())
        .execute(&mut *write)
        .await
        .map_err(failed("reinstate"))?;
        write.commit().await.map_err(failed("reinstate"))?;
        Ok(done.rows_affected() == 1)
    }
}
