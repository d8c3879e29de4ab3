//! Raw answers of the token endpoint, kept sealed until their tokens stand in a consent.

use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use super::row::cell;
use super::{Store, failed, millis, time};
use crate::{CustomerId, ProviderId, StoreError};

/// Which request an answer belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) provider: &'a ProviderId,
    pub(crate) customer: &'a CustomerId,
    pub(crate) attempt_id: &'a str,
    /// The version of the row that asked.
    pub(crate) version: i64,
}

/// A raw answer that never became the tokens of a consent. What it holds stays sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBody {
    /// The attempt that received it.
    pub attempt_id: String,
    /// Whose it is.
    pub customer: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Why it was set aside; none if its process died before it could use it.
    pub orphaned_for: Option<String>,
}

impl Store {
    /// Writes an answer down before anything else is done with it.
    pub(crate) async fn keep_body(
        &self,
        origin: Origin<'_>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let place = self.place(origin.provider, origin.customer.as_str(), "body", origin.version);
        let sealed = self.ring.seal(&place, body)?;
        let kept = sqlx::query(
            "INSERT INTO token_bodies (attempt_id, tenant, provider, customer, version, body_ct, key_id, received_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (attempt_id) DO NOTHING",
        )
        .bind(origin.attempt_id)
        .bind(self.tenant.as_str())
        .bind(origin.provider.as_str())
        .bind(origin.customer.as_str())
        .bind(origin.version)
        .bind(sealed)
        .bind(self.ring.current())
        .bind(millis(now));
        self.one(kept, "keep an answer").await.map(drop)
    }

    /// The answer that an attempt has kept and not used, and when it came.
    pub(crate) async fn kept_body(
        &self,
        origin: Origin<'_>,
    ) -> Result<Option<(Zeroizing<Vec<u8>>, DateTime<Utc>)>, StoreError> {
        let found = sqlx::query(
            "SELECT body_ct, received_at FROM token_bodies WHERE attempt_id = $1 AND tenant = $2 AND provider = $3 \
             AND customer = $4 AND version = $5 AND orphaned_for IS NULL",
        )
        .bind(origin.attempt_id)
        .bind(self.tenant.as_str())
        .bind(origin.provider.as_str())
        .bind(origin.customer.as_str())
        .bind(origin.version)
        .fetch_optional(&self.pool)
        .await
        .map_err(failed("read a kept answer"))?;
        let Some(row) = found else { return Ok(None) };
        let sealed: Vec<u8> = cell(&row, "body_ct")?;
        let place = self.place(origin.provider, origin.customer.as_str(), "body", origin.version);
        Ok(Some((self.ring.open(&place, &sealed)?, time(cell(&row, "received_at")?))))
    }

    /// Sets an answer aside that cannot become the tokens of its row. False if it is not kept any more.
    pub(crate) async fn orphan_body(&self, attempt_id: &str, why: &str) -> Result<bool, StoreError> {
        let aside =
            sqlx::query("UPDATE token_bodies SET orphaned_for = $1 WHERE attempt_id = $2 AND tenant = $3")
                .bind(why)
                .bind(attempt_id)
                .bind(self.tenant.as_str());
        self.one(aside, "set an answer aside").await
    }

    /// Drops answers that came for customers who had been disconnected meanwhile, and whose process died.
    pub(crate) async fn prune_disconnected(&self) -> Result<(), StoreError> {
        let mut write = self.write("prune answers").await?;
        sqlx::query(
            "DELETE FROM token_bodies WHERE tenant = $1 AND EXISTS (SELECT 1 FROM consents \
             WHERE consents.tenant = token_bodies.tenant AND consents.provider = token_bodies.provider \
             AND consents.customer = token_bodies.customer AND consents.state = 'revoked_local' \
             AND token_bodies.version > 0)",
        )
        .bind(self.tenant.as_str())
        .execute(&mut *write)
        .await
        .map_err(failed("prune answers"))?;
        write.commit().await.map_err(failed("prune answers"))
    }

    /// Every answer that never became tokens, oldest first: each one is worth an alarm.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn kept_bodies(&self) -> Result<Vec<KeptBody>, StoreError> {
        let rows = sqlx::query(
            "SELECT attempt_id, customer, received_at, orphaned_for FROM token_bodies WHERE tenant = $1 \
             ORDER BY received_at, attempt_id",
        )
        .bind(self.tenant.as_str())
        .fetch_all(&self.pool)
        .await
        .map_err(failed("list kept answers"))?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok(KeptBody {
                attempt_id: cell(row, "attempt_id")?,
                customer: cell(row, "customer")?,
                received_at: time(cell(row, "received_at")?),
                orphaned_for: cell(row, "orphaned_for")?,
            })
        };
        rows.iter().map(read).collect()
    }
}
