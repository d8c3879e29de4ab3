//! Who did what, for those who must answer for it.

use chrono::{DateTime, Utc};

use super::row::cell;
use super::{Store, failed, millis, time};
use crate::{CustomerId, StoreError};

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom: a device's id, `operator`, `browser`, `offpeak`.
    pub actor: String,
    /// What, as a short name such as `consent.granted`.
    pub action: String,
    /// To whom; none if to nobody.
    pub customer: Option<String>,
    /// Anything else worth knowing. Never a secret.
    pub detail: String,
}

impl Store {
    /// Writes down what was done.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn audit(
        &self,
        at: DateTime<Utc>,
        actor: &str,
        action: &str,
        customer: Option<&CustomerId>,
        detail: &str,
    ) -> Result<(), StoreError> {
        let row = sqlx::query(
            "INSERT INTO audit (tenant, at, actor, action, customer, detail) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(self.tenant.as_str())
        .bind(millis(at))
        .bind(actor)
        .bind(action)
        .bind(customer.map(CustomerId::as_str))
        .bind(detail);
        self.one(row, "audit").await.map(drop)
    }

    /// The last `limit` rows, newest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn audited(&self, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT at, actor, action, customer, detail FROM audit WHERE tenant = $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(self.tenant.as_str())
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(failed("read the audit"))?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok(AuditRow {
                at: time(cell(row, "at")?),
                actor: cell(row, "actor")?,
                action: cell(row, "action")?,
                customer: cell(row, "customer")?,
                detail: cell(row, "detail")?,
            })
        };
        rows.iter().map(read).collect()
    }
}
