//! Tokens of our own devices: stored as hashes, for one customer each, revocable.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::row::cell;
use super::{Store, failed, millis, time};
use crate::secret::{hashed, random_id, random_secret};
use crate::{CustomerId, StoreError};

/// A device that may ask for the access tokens of one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Our id of it; no secret.
    pub id: String,
    /// Whose tokens it may have.
    pub customer: CustomerId,
    /// The operator's words for it.
    pub label: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Until when; none if it still may.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Store {
    /// Admits a device of a customer; its token is shown this once.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn add_device(
        &self,
        customer: &CustomerId,
        label: &str,
        now: DateTime<Utc>,
    ) -> Result<(Device, SecretString), StoreError> {
        let token = random_secret()?;
        let (id, label) = (random_id()?, label.to_owned());
        let mut write = self.write("admit a device").await?;
        sqlx::query(
            "INSERT INTO device_tokens (token_hash, tenant, id, customer, label, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(hashed(token.expose_secret()))
        .bind(self.tenant.as_str())
        .bind(id.as_str())
        .bind(customer.as_str())
        .bind(label.as_str())
        .bind(millis(now))
        .execute(&mut *write)
        .await
        .map_err(failed("admit a device"))?;
        write.commit().await.map_err(failed("admit a device"))?;
        let device =
            Device { id, customer: customer.clone(), label, created_at: time(millis(now)), revoked_at: None };
        Ok((device, token))
    }

    /// The device whose token this is, unless it was revoked.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn device_of(&self, token: &SecretString) -> Result<Option<Device>, StoreError> {
        let found = sqlx::query(
            "SELECT id, customer, label, created_at, revoked_at FROM device_tokens \
             WHERE token_hash = $1 AND tenant = $2 AND revoked_at IS NULL",
        )
        .bind(hashed(token.expose_secret()))
        .bind(self.tenant.as_str())
        .fetch_optional(&self.pool)
        .await
        .map_err(failed("find a device"))?;
        found.as_ref().map(device).transpose()
    }

    /// Every device of a customer, the revoked ones too, oldest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn devices(&self, customer: &CustomerId) -> Result<Vec<Device>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, customer, label, created_at, revoked_at FROM device_tokens \
             WHERE tenant = $1 AND customer = $2 ORDER BY created_at, id",
        )
        .bind(self.tenant.as_str())
        .bind(customer.as_str())
        .fetch_all(&self.pool)
        .await
        .map_err(failed("list devices"))?;
        rows.iter().map(device).collect()
    }

    /// Takes a device's right away. False if there is no such device, or it had none any more.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn revoke_device(&self, id: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut write = self.write("revoke a device").await?;
        let done = sqlx::query(
            "UPDATE device_tokens SET revoked_at = $1 WHERE tenant = $2 AND id = $3 AND revoked_at IS NULL",
        )
        .bind(millis(now))
        .bind(self.tenant.as_str())
        .bind(id)
        .execute(&mut *write)
        .await
        .map_err(failed("revoke a device"))?;
        write.commit().await.map_err(failed("revoke a device"))?;
        Ok(done.rows_affected() == 1)
    }
}

fn device(row: &sqlx::any::AnyRow) -> Result<Device, StoreError> {
    let customer: String = cell(row, "customer")?;
    let revoked_at: Option<i64> = cell(row, "revoked_at")?;
    let bad = |_| StoreError::Row { customer: "?".to_owned(), column: "customer", value: customer.clone() };
    Ok(Device {
        id: cell(row, "id")?,
        customer: customer.parse().map_err(bad)?,
        label: cell(row, "label")?,
        created_at: time(cell(row, "created_at")?),
        revoked_at: revoked_at.map(time),
    })
}
