//! The homes of a fleet over months, each under several tariffs.

use std::sync::Arc;

use offpeak_domain::{Cents, Home, Prices};

use crate::error::TableError;
use crate::fleet::{Fleet, HomeEntry, Homes};
use crate::replay_window::ReplayWindow;

/// A home over months, or what is wrong with it.
#[derive(Debug)]
pub struct SpanEntry {
    /// Its id in the table `homes`.
    pub home_id: String,
    /// The home with its history, or everything that is wrong with its rows: at least one error.
    pub home: Result<Home, Vec<TableError>>,
    /// Its tariffs: those asked for, else its own. None for a home with errors.
    pub tariffs: Vec<TariffEntry>,
    /// What of its rows is not in the replay, and why.
    pub notes: Vec<String>,
}

/// A tariff over the time of a replay.
#[derive(Debug)]
pub struct TariffEntry {
    /// Its id in the table `tariffs`.
    pub tariff_id: String,
    /// What a kWh costs and earns in every interval, or why that is not known.
    pub prices: Result<Arc<Prices>, TableError>,
    /// Whether the prices follow those of a market, which come out day by day.
    pub published: bool,
    /// What it costs a day, whatever is consumed.
    pub standing: Cents,
}

/// The homes of a fleet in the order of the table `homes`, each exactly once.
pub struct SpanHomes<'a> {
    homes: Homes<'a>,
    tariffs: &'a [String],
}

impl Fleet {
    /// Every home over the time of a replay, under each of `tariffs`, or under its own where there are none.
    ///
    /// What of a home depends on a tariff without being a price, the worth of urgent energy in a car, follows from the first.
    pub fn spans<'a>(&'a self, window: &ReplayWindow, tariffs: &'a [String]) -> SpanHomes<'a> {
        SpanHomes { homes: self.homes_over(*window, tariffs.first().map(String::as_str)), tariffs }
    }
}

impl Iterator for SpanHomes<'_> {
    type Item = SpanEntry;

    fn next(&mut self) -> Option<SpanEntry> {
        let own = self.homes.next_tariff();
        let HomeEntry { home_id, home, notes } = self.homes.next()?;
        let ids = if self.tariffs.is_empty() { own.as_slice() } else { self.tariffs };
        let tariffs = match &home {
            Ok(home) => ids.iter().map(|id| self.homes.tariff(id, home)).collect(),
            Err(_) => Vec::new(),
        };
        Some(SpanEntry { home_id, home, tariffs, notes })
    }
}
