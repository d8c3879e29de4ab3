//! Prices of whole local days, without a gap.

use chrono::{DateTime, NaiveDate, Utc};

use crate::days::{LocalDays, Resolution};
use crate::decimal::Price;
use crate::normalise::UnpublishedDay;

/// What the prices of a series mean; they are never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PriceKind {
    /// What a kWh from the grid costs, everything included.
    AllIn,
    /// What is paid for a kWh fed in.
    FeedIn,
    /// What a kWh costs on the day-ahead market.
    Spot,
}

/// Whether value added tax is in the prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vat {
    /// It is.
    Included,
    /// It is not.
    Excluded,
    /// It depends on the customer, and the provider does not say.
    Unstated,
}

/// Whether the provider may still change the prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Settled {
    /// Not by its own words.
    Final,
    /// Asked for before the time from which on it calls them final.
    Provisional,
}

/// A part of an all-in price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Component {
    /// Energy and its procurement.
    Electricity,
    /// The fee of the grid, time-variable or not.
    Grid,
    /// Levies and taxes.
    Levies,
}

/// The parts of every price; each list is as long as the prices, and with them adds up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Components {
    /// Of each interval, for [`Component::Electricity`].
    pub electricity: Vec<Price>,
    /// Of each interval, for [`Component::Grid`].
    pub grid: Vec<Price>,
    /// Of each interval, for [`Component::Levies`].
    pub levies: Vec<Price>,
}

/// One price per interval of whole local days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceSeries {
    /// What they mean.
    pub kind: PriceKind,
    /// Whether tax is included.
    pub vat: Vat,
    /// How long an interval is.
    pub resolution: Resolution,
    /// The days that they cover.
    pub days: LocalDays,
    /// The prices in order of time, as many as the days have intervals.
    pub prices: Vec<Price>,
    /// What they are made of, where the provider says so for every interval and it adds up.
    pub components: Option<Components>,
    /// Whether they may still change.
    pub settled: Settled,
    /// When they were asked for.
    pub fetched_at: DateTime<Utc>,
}

impl PriceSeries {
    /// When the first interval begins.
    pub fn start_utc(&self) -> DateTime<Utc> {
        self.days.start_utc()
    }

    /// The start of each interval with its price.
    pub fn iter(&self) -> impl Iterator<Item = (DateTime<Utc>, Price)> + '_ {
        let (start, step) = (self.start_utc(), self.resolution.step());
        self.prices.iter().zip(0..).map(move |(price, index)| (start + step * index, *price))
    }
}

/// What a provider has of the days asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publication {
    /// All of it.
    Complete(PriceSeries),
    /// Not all: ask again later.
    NotYetPublished {
        /// The days that are not whole, in order, and why.
        days: Vec<UnpublishedDay>,
        /// The days before the first of them, if there are any.
        before: Option<PriceSeries>,
    },
    /// Nothing, because delivery has not begun or has ended.
    NotDelivered,
}

impl Publication {
    /// The days that are missing.
    pub fn unpublished(&self) -> Vec<NaiveDate> {
        match self {
            Self::NotYetPublished { days, .. } => days.iter().map(|one| one.day).collect(),
            Self::Complete(_) | Self::NotDelivered => Vec::new(),
        }
    }
}
