//! Changing the key: every sealed column is opened with the old key and sealed with the new one.

use sqlx::any::AnyRow;

use super::row::cell;
use super::{Store, failed};
use crate::{ProviderId, StoreError};

const BATCH: i64 = 50;
const COLUMNS: [(&str, &str); 3] =
    [("access", "access_ct"), ("refresh", "refresh_ct"), ("prev_refresh", "prev_refresh_ct")];

/// What a change of keys did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Consents sealed anew.
    pub consents: u64,
    /// Kept answers sealed anew.
    pub bodies: u64,
}

impl Store {
    /// Seals every row of the tenant with the current key. May be stopped and started again at any time, beside
    /// running refreshes; each row changes in one statement. Started consents keep their key for their ten minutes.
    ///
    /// # Errors
    /// If the database refuses, or a row needs a key that is not in the ring.
    pub async fn reseal(&self) -> Result<Resealed, StoreError> {
        let mut total = Resealed::default();
        let mut after = (String::new(), String::new());
        loop {
            let rows = self.old_consents(&after).await?;
            let Some(last) = rows.last() else { break };
            after = (cell(last, "provider")?, cell(last, "customer")?);
            for row in &rows {
                total.consents += self.reseal_consent(row).await?;
            }
        }
        for row in self.old_bodies().await? {
            total.bodies += self.reseal_body(&row).await?;
        }
        Ok(total)
    }

    async fn old_consents(&self, after: &(String, String)) -> Result<Vec<AnyRow>, StoreError> {
        sqlx::query(
            "SELECT provider, customer, version, key_id, access_ct, refresh_ct, prev_refresh_ct FROM consents \
             WHERE tenant = $1 AND key_id <> $2 AND (provider > $3 OR (provider = $3 AND customer > $4)) \
             ORDER BY provider, customer LIMIT $5",
        )
        .bind(self.tenant.as_str())
        .bind(self.ring.current())
        .bind(after.0.as_str())
        .bind(after.1.as_str())
        .bind(BATCH)
        .fetch_all(&self.pool)
        .await
        .map_err(failed("read sealed consents"))
    }

    /// A refresh that settles meanwhile has already sealed the row with the new key: then nothing is changed.
    async fn reseal_consent(&self, row: &AnyRow) -> Result<u64, StoreError> {
        let (provider, customer) = (provider(row)?, cell::<String>(row, "customer")?);
        let version: i64 = cell(row, "version")?;
        let mut sealed = Vec::new();
        for (name, column) in COLUMNS {
            let place = self.place(&provider, &customer, name, version);
            let old: Option<Vec<u8>> = cell(row, column)?;
            let anew =
                |old: Vec<u8>| self.ring.open(&place, &old).and_then(|text| self.ring.seal(&place, &text));
            sealed.push(old.map(anew).transpose()?);
        }
        let mut write = self.write("seal a consent anew").await?;
        let mut statement = sqlx::query(
            "UPDATE consents SET access_ct = $1, refresh_ct = $2, prev_refresh_ct = $3, key_id = $4 \
             WHERE tenant = $5 AND provider = $6 AND customer = $7 AND version = $8 AND key_id = $9",
        );
        for column in sealed {
            statement = statement.bind(column);
        }
        let done = statement
            .bind(self.ring.current())
            .bind(self.tenant.as_str())
            .bind(provider.as_str())
            .bind(customer)
            .bind(version)
            .bind(cell::<String>(row, "key_id")?)
            .execute(&mut *write)
            .await
            .map_err(failed("seal a consent anew"))?;
        write.commit().await.map_err(failed("seal a consent anew"))?;
        Ok(done.rows_affected())
    }

    async fn old_bodies(&self) -> Result<Vec<AnyRow>, StoreError> {
        sqlx::query(
            "SELECT attempt_id, provider, customer, version, body_ct FROM token_bodies \
             WHERE tenant = $1 AND key_id <> $2",
        )
        .bind(self.tenant.as_str())
        .bind(self.ring.current())
        .fetch_all(&self.pool)
        .await
        .map_err(failed("read sealed answers"))
    }

    async fn reseal_body(&self, row: &AnyRow) -> Result<u64, StoreError> {
        let (provider, customer) = (provider(row)?, cell::<String>(row, "customer")?);
        let place = self.place(&provider, &customer, "body", cell(row, "version")?);
        let old: Vec<u8> = cell(row, "body_ct")?;
        let sealed = self.ring.seal(&place, &self.ring.open(&place, &old)?)?;
        let mut write = self.write("seal an answer anew").await?;
        let done = sqlx::query("UPDATE token_bodies SET body_ct = $1, key_id = $2 WHERE attempt_id = $3")
            .bind(sealed)
            .bind(self.ring.current())
            .bind(cell::<String>(row, "attempt_id")?)
            .execute(&mut *write)
            .await
            .map_err(failed("seal an answer anew"))?;
        write.commit().await.map_err(failed("seal an answer anew"))?;
        Ok(done.rows_affected())
    }
}

fn provider(row: &AnyRow) -> Result<ProviderId, StoreError> {
    let value: String = cell(row, "provider")?;
    let bad = |_| StoreError::Row { customer: "?".to_owned(), column: "provider", value: value.clone() };
    value.parse().map_err(bad)
}
