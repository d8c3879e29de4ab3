//! Day-ahead prices from Energy-Charts (Fraunhofer ISE), which asks for no account.
//!
//! The answer is known from public documentation and recordings: `unix_seconds` and `price` side by side, `unit` as
//! `EUR / MWh`, a licence per zone in `license_info` (CC BY 4.0 for most). Null stands for a price to come.

use std::sync::Arc;

use chrono::DateTime;
use serde::Deserialize;

use crate::base_url::BaseUrl;
use crate::days::LocalDays;
use crate::error::{ProviderError, printable};
use crate::http::Http;
use crate::series::Publication;
use crate::source::PriceSource;
use crate::spot::{BiddingZone, publish_spot, spot_point};

/// The client.
#[derive(Clone)]
pub struct EnergyCharts {
    http: Arc<Http>,
    base: BaseUrl,
}

#[derive(Deserialize)]
struct Body {
    unix_seconds: Vec<i64>,
    price: Vec<Option<f64>>,
    unit: String,
}

impl EnergyCharts {
    /// Where the provider is.
    pub const URL: &str = "https://api.energy-charts.info";

    /// A client for the API at `base`.
    pub fn new(http: Arc<Http>, base: BaseUrl) -> Self {
        Self { http, base }
    }
}

impl PriceSource for EnergyCharts {
    type Of = BiddingZone;

    async fn prices(&self, of: &BiddingZone, days: LocalDays) -> Result<Publication, ProviderError> {
        let (start, end) = (days.first().to_string(), days.last().to_string());
        let url = self.base.join(&["price"], &[("bzn", of.as_str()), ("start", &start), ("end", &end)]);
        let body: Body = self.http.get(&url, None, &[("accept", "application/json")]).await?.json()?;
        let unit: String = body.unit.split_whitespace().collect();
        if !unit.eq_ignore_ascii_case("EUR/MWh") {
            return Err(ProviderError::unexpected("unit", printable(&body.unit), "must be EUR / MWh"));
        }
        if body.unix_seconds.len() != body.price.len() {
            let found = format!("{} starts and {} prices", body.unix_seconds.len(), body.price.len());
            return Err(ProviderError::unexpected("prices", found, "must be one for each start"));
        }
        let pairs = body.unix_seconds.into_iter().zip(body.price);
        let points = pairs.map(|(seconds, price)| {
            let start = DateTime::from_timestamp(seconds, 0).ok_or_else(|| {
                ProviderError::unexpected("unix_seconds", seconds.to_string(), "must be a point in time")
            })?;
            spot_point(start, price)
        });
        publish_spot(points.collect::<Result<_, _>>()?, days, self.http.now())
    }
}
