//! Whether what is committed survives a power cut.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, failed};
use crate::StoreError;

/// A setting of the database that decides whether a commit survives a power cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durability {
    /// Its name in the database's own words.
    pub setting: &'static str,
    /// What it is.
    pub found: String,
    /// What it must be.
    pub wanted: &'static str,
}

impl Store {
    /// The settings as they hold for a connection of this store.
    ///
    /// # Errors
    /// If the database does not tell.
    pub async fn durability(&self) -> Result<Vec<Durability>, StoreError> {
        let mut settings = Vec::new();
        for (ask, wanted) in self.durable {
            let row = sqlx::query(*ask).fetch_one(&self.pool).await.map_err(failed("ask a setting"))?;
            let setting = ask.rsplit(' ').next().unwrap_or(ask);
            settings.push(Durability { setting, found: word_or_number(&row)?, wanted });
        }
        Ok(settings)
    }
}

fn word_or_number(row: &AnyRow) -> Result<String, StoreError> {
    let number = || row.try_get::<i64, _>(0).map(|number| number.to_string());
    row.try_get(0).or_else(|_| number()).map_err(failed("ask a setting"))
}
