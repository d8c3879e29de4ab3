//! The prices of a subscription.

use std::borrow::Cow;

use chrono::{DateTime, Days, NaiveTime, TimeZone as _, Utc};
use secrecy::SecretString;
use serde::Deserialize;

use super::subscriptions::Direction;
use super::time::{instant, local_day};
use super::{Nomos, NomosOrganisation, check_id};
use crate::days::{LocalDays, Resolution};
use crate::decimal::Price;
use crate::error::{ProviderError, printable};
use crate::normalise::{Meaning, Point, publish};
use crate::series::{PriceKind, Publication, Settled, Vat};
use crate::source::PriceSource;

/// A subscription whose prices are asked for, and a token that may read it.
#[derive(Debug, Clone)]
pub struct NomosSeries {
    /// The access token of the customer or of the organisation.
    pub token: SecretString,
    /// The id of the subscription.
    pub subscription: String,
    /// Whether it is for consumption or feed-in.
    pub direction: Direction,
}

#[derive(Deserialize)]
struct Body<'a> {
    subscription: String,
    period: Period,
    unit: String,
    currency: String,
    resolution: String,
    #[serde(borrow, default)]
    items: Option<Vec<Item<'a>>>,
}

#[derive(Deserialize)]
struct Period {
    start: String,
    end: String,
}

#[derive(Deserialize)]
struct Item<'a> {
    // A day has a hundred items with three parts each: their texts are not copied.
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(default)]
    amount: Option<f64>,
    #[serde(borrow, default)]
    components: Option<Vec<Part<'a>>>,
}

#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(default)]
    amount: Option<f64>,
}

impl PriceSource for Nomos {
    type Of = NomosSeries;

    /// Days are those of the customer, in Germany; unpublished ones may be absent, empty or zeros in the answer.
    async fn prices(&self, of: &NomosSeries, days: LocalDays) -> Result<Publication, ProviderError> {
        if days.zone() != Self::ZONE {
            return Err(ProviderError::setting("zone", days.zone().name(), "must be Europe/Berlin"));
        }
        let (start, end) = (days.first().to_string(), days.last().to_string());
        let path = ["subscriptions", check_id(&of.subscription)?, "prices"];
        let answer = self.get(&of.token, &path, &[("start", &start), ("end", &end)]).await?;
        let body: Body<'_> = answer.json()?;
        read(&body, of, days, self.http.now()).map_err(|error| error.in_request(&answer.request_id))
    }
}

impl PriceSource for NomosOrganisation {
    type Of = NomosSeries;

    async fn prices(&self, of: &NomosSeries, days: LocalDays) -> Result<Publication, ProviderError> {
        self.client().prices(of, days).await
    }
}

fn read(
    body: &Body<'_>,
    of: &NomosSeries,
    days: LocalDays,
    now: DateTime<Utc>,
) -> Result<Publication, ProviderError> {
    must_be("subscription", &body.subscription, &of.subscription)?;
    must_be("unit", &body.unit, "ct/kWh")?;
    must_be("currency", &body.currency, "EUR")?;
    check_period(&body.period, days)?;
    let resolution = match body.resolution.as_str() {
        "15min" => Resolution::QuarterHour,
        "hourly" => Resolution::Hour,
        other => {
            return Err(ProviderError::unexpected("resolution", printable(other), "must be 15min or hourly"));
        }
    };
    let Some(items) = &body.items else { return Ok(Publication::NotDelivered) };
    let points = items.iter().map(point).collect::<Result<Vec<_>, _>>()?;
    let (kind, vat) = match of.direction {
        Direction::Consumption => (PriceKind::AllIn, Vat::Included),
        // An exempt customer is paid without tax, and the answer does not say who is.
        Direction::FeedIn => (PriceKind::FeedIn, Vat::Unstated),
    };
    Ok(publish(
        points,
        days,
        resolution,
        Meaning { kind, vat, settled: settled(days, now), fetched_at: now },
    )?)
}

fn must_be(what: &'static str, found: &str, expected: &str) -> Result<(), ProviderError> {
    if found == expected {
        return Ok(());
    }
    Err(ProviderError::unexpected(what, printable(found), format!("must be {expected}, as asked for")))
}

fn check_period(period: &Period, days: LocalDays) -> Result<(), ProviderError> {
    let first = local_day("period.start", &period.start, false)?;
    let last = local_day("period.end", &period.end, true)?;
    if (first, last) == (days.first(), days.last()) {
        return Ok(());
    }
    let allowed = format!("must be {} to {}, as asked for", days.first(), days.last());
    Err(ProviderError::unexpected("period", format!("{first} to {last}"), allowed))
}

fn point(item: &Item<'_>) -> Result<Point, ProviderError> {
    let start = instant("timestamp", &item.timestamp)?;
    let price = item.amount.map(|amount| price("amount", amount)).transpose()?;
    Ok(Point { start, price, parts: parts(item.components.as_deref().unwrap_or_default())? })
}

fn price(what: &'static str, amount: f64) -> Result<Price, ProviderError> {
    Price::from_ct_per_kwh(amount).ok_or_else(|| {
        ProviderError::unexpected(what, amount.to_string(), "must be a price of at most 100000 ct/kWh")
    })
}

/// Electricity, grid and levies, if each is told once; a part of another type makes them no breakdown.
fn parts(components: &[Part<'_>]) -> Result<Option<[Price; 3]>, ProviderError> {
    let mut each = [None; 3];
    for part in components {
        let place = match part.r#type.as_ref() {
            "electricity" => 0,
            "grid" => 1,
            "levies" => 2,
            _ => return Ok(None),
        };
        let Some(amount) = part.amount else { return Ok(None) };
        if each[place].replace(price("components", amount)?).is_some() {
            return Ok(None);
        }
    }
    // A part that is not told is not zero.
    let [electricity, grid, levies] = each;
    Ok(electricity.zip(grid).zip(levies).map(|((electricity, grid), levies)| [electricity, grid, levies]))
}

/// Prices of a day are final from 14:20 on the day before.
fn settled(days: LocalDays, now: DateTime<Utc>) -> Settled {
    let from = NaiveTime::from_hms_opt(14, 20, 0).unwrap_or_default();
    let eve = (days.last() - Days::new(1)).and_time(from);
    match days.zone().from_local_datetime(&eve).latest() {
        Some(eve) if now < eve => Settled::Provisional,
        _ => Settled::Final,
    }
}

#[cfg(test)]
mod tests;
