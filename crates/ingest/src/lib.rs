//! Pulls prices and usage of a fleet of customers into tables, and bills them.
//!
//! [`Sync::prices`] asks for the prices of every customer and writes the tables that a plan reads, [`Sync::usage`]
//! what their meters tell, [`Sync::bill`] both, interval by interval, set against the provider's invoices. Each
//! customer stands alone: what fails for one is named in the table `customers` and stops no other. What is done
//! is on the disk at once, so that a run that was killed goes on where it stopped; only what failed, or was not
//! published, is asked for again.
//!
//! Consent is somebody else's: tokens come from [`AccessTokens`], customers from [`CustomerList`].
//!
//! ```text
//! out/prices.parquet      price_id, start_utc, import_ct_per_kwh, export_ct_per_kwh: each series once
//! out/tariffs.parquet     tariff_id (the customer), price_id: what `homes` refer to
//! out/customers.parquet   customer, status, reason, subscriptions, price_id
//! state/*.log             what is done; may be removed, and is then done again
//! ```

mod appender;
mod bill;
mod customers;
mod error;
mod folder;
mod known;
mod log;
mod outcome;
mod pair;
mod price_csv;
mod prices;
mod reach;
mod run;
mod sync;
mod tokens;
mod usage;

pub use customers::CustomerList;
pub use error::IngestError;
pub use outcome::{Outcome, Summary};
pub use price_csv::price_csv;
pub use run::Progress;
pub use sync::{Folders, Sync, SyncOptions};
pub use tokens::{AccessTokens, OneToken, TokenFailure};
