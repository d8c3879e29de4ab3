//! The Nomos API, read with a customer's token or an organisation's.

mod invoices;
mod list;
mod prices;
mod reductions;
mod subscriptions;
mod time;
mod usage;

use std::sync::Arc;

use secrecy::SecretString;

use crate::base_url::BaseUrl;
use crate::error::ProviderError;
use crate::http::{Answer, Http};
pub use invoices::{Invoice, InvoiceFile, InvoiceKind, InvoiceStatus};
pub use prices::NomosSeries;
pub use reductions::{GridFeeModule, GridFeeReduction, ReductionStatus};
pub use subscriptions::{
    Connection, Direction, NomosOrganisation, Subscription, SubscriptionStatus, connections,
};

/// The client; it keeps no token, so one serves all customers.
#[derive(Clone)]
pub struct Nomos {
    http: Arc<Http>,
    base: BaseUrl,
}

impl Nomos {
    /// Where the provider is.
    pub const URL: &str = "https://api.nomos.energy";
    /// The version of the API that this client was written for.
    pub const VERSION: &str = "2026-05-27.curie";
    /// By whose wall clock its days begin.
    pub const ZONE: chrono_tz::Tz = chrono_tz::Europe::Berlin;

    /// A client for the API at `base`.
    pub fn new(http: Arc<Http>, base: BaseUrl) -> Self {
        Self { http, base }
    }

    async fn get(
        &self,
        token: &SecretString,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Answer, ProviderError> {
        let url = self.base.join(path, query);
        self.http
            .get(&url, Some(token), &[("x-api-version", Self::VERSION), ("accept", "application/json")])
            .await
    }
}

/// Refuses what cannot be an id, so that none leads to another path.
fn check_id(id: &str) -> Result<&str, ProviderError> {
    let usable = !id.is_empty() && id.len() <= 200 && id != "." && id != "..";
    if usable && id.chars().all(|char| char.is_ascii_graphic()) {
        return Ok(id);
    }
    Err(ProviderError::setting(
        "id",
        &crate::error::printable(id),
        "must be 1 to 200 visible ASCII characters",
    ))
}
