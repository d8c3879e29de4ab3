//! A fleet of homes, read one after the other.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use offpeak_domain::{Home, Horizon, InvalidInput};

use crate::error::{At, TableError};
use crate::fleet_spans::TariffEntry;
use crate::fleet_tables::FleetTables;
use crate::home_series::{HomeSeries, SERIES, SeriesError, SeriesReader};
use crate::json::read_json;
use crate::named_series::{CO2, OUTDOOR};
use crate::origin::Origin;
use crate::replay_window::ReplayWindow;
use crate::resolve::{HomeParts, resolve_home};
use crate::rows::HomeRow;
use crate::source::{Source, find_file};
use crate::window::PlanWindow;

/// A fleet folder: small tables in memory, the homes' series still in their file.
pub struct Fleet {
    tables: FleetTables,
    series: PathBuf,
}

/// A home of a fleet, or what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct HomeEntry {
    /// Its id in the table `homes`.
    pub home_id: String,
    /// The home on the horizon of the plan, or everything that is wrong with its rows: at least one error.
    pub home: Result<Home, Vec<TableError>>,
    /// What of its rows is not in the plan, and why.
    pub notes: Vec<String>,
}

/// What time homes are asked for.
#[derive(Debug, Clone, Copy)]
enum Window {
    Plan(PlanWindow),
    Replay(ReplayWindow),
}

/// The homes of a fleet in the order of the table `homes`, each exactly once.
pub struct Homes<'a> {
    tables: &'a FleetTables,
    window: Window,
    /// A tariff in place of each home's own.
    tariff: Option<&'a str>,
    /// The homes' series, until an error ends them for all homes left.
    series: Result<SeriesReader<'a>, TableError>,
    /// Horizons by time zone: a fleet has few.
    horizons: Vec<(Tz, Result<Horizon, InvalidInput>)>,
    position: u32,
}

impl Fleet {
    /// Opens a fleet folder; the prices of the file `prices` take the place of those in the folder.
    ///
    /// # Errors
    /// [`TableError`] for what concerns a file or the whole fleet. What is wrong with the rows of one home
    /// comes with that home.
    pub fn open(folder: &Path, prices: Option<&Path>) -> Result<Self, TableError> {
        let mut origin = Origin::folder(folder)?;
        let tables = FleetTables::read(&mut origin, prices)?;
        // Opened here for its columns only: every reading of the homes begins anew.
        origin.open_required(&SERIES)?;
        let series = find_file(folder, SERIES.name)?.unwrap_or_default();
        Ok(Self { tables, series })
    }

    /// How many homes there are.
    pub fn len(&self) -> usize {
        self.tables.homes.rows.len()
    }

    /// Whether there is no home.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every home on its horizon. Each call reads the series anew, in memory that does not grow with the fleet.
    ///
    /// There is one entry for each home, whatever happens: an error that ends the series file stands in
    /// the entries of all homes left.
    pub fn homes(&self, window: &PlanWindow) -> Homes<'_> {
        let source = Source::open(&self.series, &SERIES);
        Homes::new(&self.tables, source, At::file(&self.series), Window::Plan(*window), None)
    }

    /// Every home over the time of a replay, with the prices of `tariff` where one is named.
    pub(crate) fn homes_over<'a>(&'a self, window: ReplayWindow, tariff: Option<&'a str>) -> Homes<'a> {
        let source = Source::open(&self.series, &SERIES);
        Homes::new(&self.tables, source, At::file(&self.series), Window::Replay(window), tariff)
    }
}

/// Reads a single home from a JSON file; the prices of the file `prices` take the place of those in it.
///
/// # Errors
/// [`TableError`] for what concerns the file as a whole. What is wrong with the home's own rows stands in the entry.
pub fn read_home_json(
    path: &Path,
    prices: Option<&Path>,
    window: &PlanWindow,
) -> Result<HomeEntry, TableError> {
    let mut origin = read_json(path)?;
    let tables = FleetTables::read(&mut origin, prices)?;
    let series = origin.open_required(&SERIES);
    let at = At::file(path);
    let entry = Homes::new(&tables, series, at.clone(), Window::Plan(*window), None).next();
    entry.ok_or_else(|| at.missing("home", "must be there"))
}

impl<'a> Homes<'a> {
    /// The tariff that the next home has itself; none without a next home, or with errors in its row.
    pub(crate) fn next_tariff(&self) -> Vec<String> {
        let row = self.tables.homes.rows.get(self.position as usize).and_then(|(_, row)| row.as_ref());
        row.map(|row| row.tariff_id.clone()).into_iter().collect()
    }

    /// A tariff on the horizon of `home`, the home that came last.
    pub(crate) fn tariff(&self, id: &str, home: &Home) -> TariffEntry {
        let book = &self.tables.tariffs;
        let last = self.tables.homes.rows.get((self.position as usize).saturating_sub(1));
        let at = last.and_then(|(_, row)| row.as_ref()).map(|row| &row.at);
        let whole = At::file("homes".as_ref());
        let prices = book.prices(id, &home.horizon, home.time_zone, at.unwrap_or(&whole));
        let (published, standing) = book.terms(id);
        TariffEntry { tariff_id: id.to_owned(), prices, published, standing }
    }

    fn new(
        tables: &'a FleetTables,
        source: Result<Source, TableError>,
        at: At,
        window: Window,
        tariff: Option<&'a str>,
    ) -> Self {
        let series = source.map(|source| SeriesReader::new(source, at, &tables.homes.positions));
        Self { tables, window, tariff, series, horizons: Vec::new(), position: 0 }
    }

    fn entry(&mut self, id: &str, row: Option<&HomeRow>) -> Result<(Home, Vec<String>), Vec<TableError>> {
        let mut errors: Vec<TableError> = self.tables.errors.of(self.position as usize).cloned().collect();
        let horizon = self.horizon(row.map_or(Tz::UTC, |row| row.zone)).map_err(|error| {
            let file = At { file: "plan".into(), place: crate::error::Place::Whole };
            vec![file.column(&error.field, error.found, error.allowed)]
        })?;
        // Read even for a home with errors, to come past its rows.
        let series = match self.series_of(id, &horizon) {
            Ok(series) => Some(series),
            // Without its row the time zone is unknown, and what its series must cover; the row is error enough.
            Err(_) if row.is_none() && self.series.is_ok() => None,
            Err(error) => {
                errors.push(error);
                None
            }
        };
        let (Some(row), Some(series), true) = (row, series, errors.is_empty()) else { return Err(errors) };
        self.resolve(id, row, horizon, series)
    }

    fn horizon(&mut self, zone: Tz) -> Result<Horizon, InvalidInput> {
        if let Some((_, horizon)) = self.horizons.iter().find(|(known, _)| *known == zone) {
            return horizon.clone();
        }
        let horizon = match self.window {
            Window::Plan(window) => window.horizon(zone),
            Window::Replay(window) => window.horizon(zone),
        };
        self.horizons.push((zone, horizon.clone()));
        horizon
    }

    fn series_of(&mut self, id: &str, horizon: &Horizon) -> Result<HomeSeries, TableError> {
        let reader = self.series.as_mut().map_err(|error| error.clone())?;
        reader.next_home(id, self.position, horizon).map_err(|error| match error {
            SeriesError::Home(error) => error,
            SeriesError::File(error) => {
                self.series = Err(error.clone());
                error
            }
        })
    }

    fn resolve(
        &self,
        id: &str,
        row: &HomeRow,
        horizon: Horizon,
        series: HomeSeries,
    ) -> Result<(Home, Vec<String>), Vec<TableError>> {
        let tables = self.tables;
        let position = self.position as usize;
        let at = &row.at;
        let tariff = self.tariff.unwrap_or(&row.tariff_id);
        let prices = tables.tariffs.prices(tariff, &horizon, row.zone, at);
        let outdoor = row.outdoor_id.as_ref().map(|id| tables.outdoor.on(&OUTDOOR, id, &horizon, at));
        let co2 = row.co2.as_ref().map(|wish| tables.co2.on(&CO2, &wish.id, &horizon, at));
        let (prices, outdoor, co2) = match (prices, outdoor.transpose(), co2.transpose()) {
            (Ok(prices), Ok(outdoor), Ok(co2)) => (prices, outdoor, co2),
            (prices, outdoor, co2) => {
                return Err(prices.err().into_iter().chain(outdoor.err()).chain(co2.err()).collect());
            }
        };
        resolve_home(HomeParts {
            id,
            row,
            horizon,
            prices: &prices,
            outdoor,
            co2,
            series,
            batteries: tables.batteries.of(position).collect(),
            evs: tables.evs.of(position).collect(),
            sessions: tables.sessions.of(position).collect(),
            heat_pumps: tables.heat_pumps.of(position).collect(),
            appliances: tables.appliances.of(position).collect(),
            dimming: tables.dimming.of(position).collect(),
        })
    }
}

impl Iterator for Homes<'_> {
    type Item = HomeEntry;

    fn next(&mut self) -> Option<HomeEntry> {
        let (id, row) = self.tables.homes.rows.get(self.position as usize)?;
        let entry = self.entry(id, row.as_ref());
        self.position += 1;
        let (home, notes) = match entry {
            Ok((home, notes)) => (Ok(home), notes),
            Err(errors) => (Err(errors), Vec::new()),
        };
        Some(HomeEntry { home_id: id.clone(), home, notes })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.tables.homes.rows.len() - self.position as usize;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Homes<'_> {}
