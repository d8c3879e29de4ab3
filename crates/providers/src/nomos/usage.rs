//! The metered energy of a subscription.

use chrono::Days;
use secrecy::SecretString;
use serde::Deserialize;

use super::time::instant;
use super::{Nomos, check_id};
use crate::days::LocalDays;
use crate::decimal::Energy;
use crate::error::{ProviderError, printable};
use crate::usage::{MeterKind, UsageReading, UsageResolution, UsageSeries, UsageStatus};

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    meter_type: Option<String>,
    resolution: String,
    // Documented as required; an answer without it says nothing about any interval.
    #[serde(default)]
    data: Option<Vec<Item>>,
}

#[derive(Deserialize)]
struct Item {
    start: String,
    #[serde(default)]
    usage: Option<f64>,
    r#type: String,
}

impl Nomos {
    /// The energy of whole local days, in quarter-hours where the meter tells them; what it does not tell is missing.
    ///
    /// # Errors
    /// [`ProviderError`] if there is no answer, one that is not as documented, or values that make no series.
    pub async fn usage(
        &self,
        token: &SecretString,
        subscription: &str,
        days: LocalDays,
    ) -> Result<UsageSeries, ProviderError> {
        if days.zone() != Self::ZONE {
            return Err(ProviderError::setting("zone", days.zone().name(), "must be Europe/Berlin"));
        }
        // Unlike that of prices, the end of usage is the day after the last.
        let (start, end) = (days.first().to_string(), (days.last() + Days::new(1)).to_string());
        let path = ["subscriptions", check_id(subscription)?, "usage"];
        let query = [("start", start.as_str()), ("end", &end), ("resolution", "15min")];
        let answer = self.get(token, &path, &query).await?;
        let body: Body = answer.json()?;
        read(&body, days).map_err(|error| error.in_request(&answer.request_id))
    }
}

fn read(body: &Body, days: LocalDays) -> Result<UsageSeries, ProviderError> {
    let meter = match body.meter_type.as_deref() {
        Some("smart") => MeterKind::Smart,
        Some("analog") => MeterKind::Analog,
        _ => MeterKind::Unknown,
    };
    let resolution = match body.resolution.as_str() {
        "15min" => UsageResolution::QuarterHour,
        "hour" => UsageResolution::Hour,
        "day" => UsageResolution::Day,
        "week" => UsageResolution::Week,
        "month" => UsageResolution::Month,
        other => {
            let allowed = "must be 15min, hour, day, week or month";
            return Err(ProviderError::unexpected("resolution", printable(other), allowed));
        }
    };
    let items = body.data.as_deref().unwrap_or_default();
    let readings =
        items.iter().filter_map(|item| reading(item).transpose()).collect::<Result<Vec<_>, _>>()?;
    Ok(UsageSeries::new(meter, resolution, days, readings)?)
}

/// The reading; none if its value is empty, which is missing like one that is not there.
fn reading(item: &Item) -> Result<Option<UsageReading>, ProviderError> {
    let start = instant("start", &item.start)?;
    let Some(usage) = item.usage else { return Ok(None) };
    let energy = Energy::from_kwh(usage).filter(|energy| energy.0 >= 0).ok_or_else(|| {
        ProviderError::unexpected("usage", usage.to_string(), "must be a number of kWh of at least 0")
    })?;
    let status = match item.r#type.as_str() {
        "final" => UsageStatus::Final,
        // Whatever is not called final may change.
        _ => UsageStatus::Preliminary,
    };
    Ok(Some(UsageReading { start, energy, status }))
}
