//! Events of providers: each id once, durable before it is answered.

use chrono::{DateTime, Utc};

use super::row::cell;
use super::{Store, failed, millis, time};
use crate::StoreError;

/// An event as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEvent {
    /// The provider's id of it.
    pub id: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Its raw body.
    pub body: Vec<u8>,
}

impl Store {
    /// Keeps an event. False if one of this id was kept before; then nothing is changed.
    ///
    /// # Errors
    /// If the database refuses: then the provider must send it again.
    pub async fn keep_event(&self, event: &WebhookEvent) -> Result<bool, StoreError> {
        let mut write = self.write("keep an event").await?;
        let done = sqlx::query(
            "INSERT INTO webhook_events (tenant, id, received_at, body) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (tenant, id) DO NOTHING",
        )
        .bind(self.tenant.as_str())
        .bind(event.id.as_str())
        .bind(millis(event.received_at))
        .bind(event.body.clone())
        .execute(&mut *write)
        .await
        .map_err(failed("keep an event"))?;
        write.commit().await.map_err(failed("keep an event"))?;
        Ok(done.rows_affected() == 1)
    }

    /// Up to `limit` events that nobody has worked on, oldest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn open_events(&self, limit: u32) -> Result<Vec<WebhookEvent>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, received_at, body FROM webhook_events WHERE tenant = $1 AND done_at IS NULL \
             ORDER BY received_at, id LIMIT $2",
        )
        .bind(self.tenant.as_str())
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(failed("read events"))?;
        let read = |row: &sqlx::any::AnyRow| {
            let received_at = time(cell(row, "received_at")?);
            Ok(WebhookEvent { id: cell(row, "id")?, received_at, body: cell(row, "body")? })
        };
        rows.iter().map(read).collect()
    }

    /// Notes that an event was worked on.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn close_event(&self, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.write("close an event").await?;
        sqlx::query(
            "UPDATE webhook_events SET done_at = $1 WHERE tenant = $2 AND id = $3 AND done_at IS NULL",
        )
        .bind(millis(now))
        .bind(self.tenant.as_str())
        .bind(id)
        .execute(&mut *write)
        .await
        .map_err(failed("close an event"))?;
        write.commit().await.map_err(failed("close an event"))
    }

    /// Drops events that were worked on and came before `before`; how many. A provider repeats an id for
    /// days, so keep at least four of them.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn prune_events(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut write = self.write("prune events").await?;
        let done = sqlx::query(
            "DELETE FROM webhook_events WHERE tenant = $1 AND received_at < $2 AND done_at IS NOT NULL",
        )
        .bind(self.tenant.as_str())
        .bind(millis(before))
        .execute(&mut *write)
        .await
        .map_err(failed("prune events"))?;
        write.commit().await.map_err(failed("prune events"))?;
        Ok(done.rows_affected())
    }
}
