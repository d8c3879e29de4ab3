//! Day-ahead prices of Germany and Luxembourg from SMARD (Bundesnetzagentur), which asks for no account.
//!
//! Files of one week each: `index_<resolution>.json` lists when they begin, in milliseconds, and
//! `<filter>_<region>_<resolution>_<begin>.json` holds pairs of start and EUR/MWh, null for prices to come. Known from public
//! documentation and recordings. The licence is CC BY 4.0.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::base_url::BaseUrl;
use crate::days::LocalDays;
use crate::error::ProviderError;
use crate::http::Http;
use crate::normalise::Point;
use crate::series::Publication;
use crate::source::PriceSource;
use crate::spot::{BiddingZone, publish_spot, spot_point};

/// The series of day-ahead prices, and the region under which it is filed.
const FILTER: &str = "4169";
const REGION: &str = "DE";

/// The client.
#[derive(Clone)]
pub struct Smard {
    http: Arc<Http>,
    base: BaseUrl,
}

#[derive(Deserialize)]
struct Index {
    timestamps: Vec<i64>,
}

#[derive(Deserialize)]
struct Week {
    series: Vec<(i64, Option<f64>)>,
}

impl Smard {
    /// Where the provider is.
    pub const URL: &str = "https://www.smard.de/app/chart_data";

    /// A client for the files below `base`.
    pub fn new(http: Arc<Http>, base: BaseUrl) -> Self {
        Self { http, base }
    }

    /// The points of the weeks that touch a span.
    async fn points(
        &self,
        resolution: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Point>, ProviderError> {
        let url = self.base.join(&[FILTER, REGION, &format!("index_{resolution}.json")], &[]);
        let mut weeks = self.http.get(&url, None, &[]).await?.json::<Index>()?.timestamps;
        weeks.sort_unstable();
        weeks.dedup();
        let (from, to) = (from.timestamp_millis(), to.timestamp_millis());
        // The week that the span begins in began before it.
        let first = weeks.partition_point(|week| *week <= from).saturating_sub(1);
        let mut points = Vec::new();
        for week in weeks[first..].iter().take_while(|week| **week < to) {
            let file = format!("{FILTER}_{REGION}_{resolution}_{week}.json");
            let url = self.base.join(&[FILTER, REGION, &file], &[]);
            for (millis, price) in self.http.get(&url, None, &[]).await?.json::<Week>()?.series {
                let start = DateTime::from_timestamp_millis(millis).ok_or_else(|| {
                    ProviderError::unexpected("start", millis.to_string(), "must be a point in time")
                })?;
                points.push(spot_point(start, price)?);
            }
        }
        Ok(points)
    }
}

impl PriceSource for Smard {
    type Of = BiddingZone;

    async fn prices(&self, of: &BiddingZone, days: LocalDays) -> Result<Publication, ProviderError> {
        if of.as_str() != "DE-LU" {
            return Err(ProviderError::setting("bidding zone", of.as_str(), "must be DE-LU for this source"));
        }
        // The market clears in quarter-hours since that day; before, their file repeats nothing of the hours.
        let quarters_from = NaiveDate::from_ymd_opt(2025, 10, 1).unwrap_or_default();
        let split =
            LocalDays::one(quarters_from, days.zone()).start_utc().clamp(days.start_utc(), days.end_utc());
        let mut points = Vec::new();
        if days.start_utc() < split {
            let hours = self.points("hour", days.start_utc(), split).await?;
            points.extend(hours.into_iter().filter(|point| point.start < split));
        }
        if split < days.end_utc() {
            let quarters = self.points("quarterhour", split, days.end_utc()).await?;
            points.extend(quarters.into_iter().filter(|point| point.start >= split));
        }
        publish_spot(points, days, self.http.now())
    }
}
