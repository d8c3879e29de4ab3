//! The database: `SQLite` for one host, `PostgreSQL` for several, the same statements for both.
//!
//! The store seals and opens by itself, so no statement ever carries a secret in clear.

mod audit;
mod authorizations;
mod bodies;
mod consents;
mod devices;
mod durability;
mod group;
mod keys;
mod open;
mod refresh;
mod row;
mod webhooks;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::{Any, AnyPool, Transaction};

use crate::seal::{KeyRing, Place};
use crate::{ProviderId, StoreError, TenantId};

pub use audit::AuditRow;
pub(crate) use authorizations::Pending;
pub use bodies::KeptBody;
pub(crate) use bodies::Origin;
pub use devices::Device;
pub use durability::Durability;
pub use keys::Resealed;
pub(crate) use refresh::{Lease, Note};
pub use row::{Consent, ConsentState, Reason};
pub(crate) use row::{Row, Tokens as TokenSet};
pub use webhooks::WebhookEvent;

/// Where consents, tokens, audit rows, webhook events and device tokens of one tenant are kept. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: AnyPool,
    /// How a transaction that will write begins: `SQLite` must take its one write lock at once.
    begin: &'static str,
    /// Where writes gather; none for an engine that commits those of many connections together by itself.
    group: Option<Arc<group::Group>>,
    /// What decides whether a commit survives a power cut: how to ask, and what it must be.
    durable: &'static [(&'static str, &'static str)],
    /// How to ask for its time; none for an engine that runs in this process.
    ask_time: Option<&'static str>,
    tenant: TenantId,
    ring: Arc<KeyRing>,
}

impl Store {
    /// The tenant whose rows this handle sees.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Closes every connection; `SQLite` then folds its log into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// If it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map_err(failed("ping")).map(drop)
    }

    /// The database's own time, where it is not on this host for certain.
    pub(crate) async fn database_time(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let Some(ask) = self.ask_time else { return Ok(None) };
        let row = sqlx::query(ask).fetch_one(&self.pool).await.map_err(failed("ask the time"))?;
        row::cell(&row, "millis").map(time).map(Some)
    }

    async fn write(&self, what: &'static str) -> Result<Transaction<'static, Any>, StoreError> {
        self.pool.begin_with(self.begin).await.map_err(failed(what))
    }

    fn place<'a>(
        &'a self,
        provider: &'a ProviderId,
        customer: &'a str,
        column: &'static str,
        version: i64,
    ) -> Place<'a> {
        Place { tenant: self.tenant.as_str(), provider: provider.as_str(), customer, column, version }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Store")
            .field("tenant", &self.tenant)
            .field("keys", &self.ring)
            .finish_non_exhaustive()
    }
}

/// Names what was tried when the database refused it.
fn failed(what: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |cause| StoreError::Database { what, cause: cause.to_string() }
}

fn millis(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

/// The time of a column; the epoch where a column holds none that can be.
fn time(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}
