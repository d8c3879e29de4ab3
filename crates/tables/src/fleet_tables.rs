//! The small tables of a fleet in memory, by home.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use chrono_tz::Tz;

use crate::by_home::ByHome;
use crate::cells::Row;
use crate::error::TableError;
use crate::grid_fee::{GRID_FEES, read_grid_fees};
use crate::named_series::{CO2, NamedSeries, OUTDOOR, SeriesTable};
use crate::origin::Origin;
use crate::rows::{
    APPLIANCES, ApplianceRow, BATTERIES, BatteryRow, DIMMING, DimmingRow, EV_SESSIONS, EVS, EvRow,
    HEAT_PUMPS, HOMES, HeatPumpRow, HomeRow, SessionRow,
};
use crate::schema::Schema;
use crate::tariff::{TARIFFS, TariffBook};

/// All tables but the series of the homes.
pub(crate) struct FleetTables {
    pub(crate) homes: HomeList,
    pub(crate) batteries: ByHome<BatteryRow>,
    pub(crate) evs: ByHome<EvRow>,
    pub(crate) sessions: ByHome<SessionRow>,
    pub(crate) heat_pumps: ByHome<HeatPumpRow>,
    pub(crate) appliances: ByHome<ApplianceRow>,
    pub(crate) dimming: ByHome<DimmingRow>,
    /// What is wrong with the rows of each home.
    pub(crate) errors: ByHome<TableError>,
    pub(crate) outdoor: NamedSeries,
    pub(crate) co2: NamedSeries,
    pub(crate) tariffs: TariffBook,
}

/// The homes in the order of their table.
#[derive(Default)]
pub(crate) struct HomeList {
    /// Id and row; no row where it has an error.
    pub(crate) rows: Vec<(String, Option<HomeRow>)>,
    pub(crate) positions: HashMap<String, u32>,
}

impl FleetTables {
    /// Reads the tables; an error in the rows of one home is kept for that home.
    ///
    /// # Errors
    /// [`TableError`] for what concerns a file or the whole fleet: a file that cannot be read, columns, rows
    /// that belong to no home, tariffs, and series that homes share.
    pub(crate) fn read(origin: &mut Origin, prices: Option<&Path>) -> Result<Self, TableError> {
        let mut errors = Vec::new();
        let homes = HomeList::read(origin, &mut errors)?;
        let mut devices = Devices { origin: &mut *origin, homes: &homes, errors: &mut errors };
        let batteries = devices.read(&BATTERIES, |row, _| BatteryRow::read(row))?;
        let evs = devices.read(&EVS, |row, _| EvRow::read(row))?;
        let sessions = devices.read(&EV_SESSIONS, SessionRow::read)?;
        let heat_pumps = devices.read(&HEAT_PUMPS, |row, _| HeatPumpRow::read(row))?;
        let appliances = devices.read(&APPLIANCES, ApplianceRow::read)?;
        let dimming = devices.read(&DIMMING, DimmingRow::read)?;
        let outdoor = named_series(origin, &OUTDOOR)?;
        let co2 = named_series(origin, &CO2)?;
        let tariffs = tariffs(origin, prices)?;
        let errors = ByHome::new(errors);
        Ok(Self {
            homes,
            batteries,
            evs,
            sessions,
            heat_pumps,
            appliances,
            dimming,
            errors,
            outdoor,
            co2,
            tariffs,
        })
    }
}

impl HomeList {
    fn read(origin: &mut Origin, errors: &mut Vec<(u32, TableError)>) -> Result<Self, TableError> {
        let mut homes = Self::default();
        for chunk in origin.open_required(&HOMES)? {
            for row in chunk?.iter() {
                let id = row.text("home_id")?.into_owned();
                let position = u32::try_from(homes.rows.len())
                    .map_err(|_| row.refuse("home_id", "must be one of at most 4 billion"))?;
                if homes.positions.insert(id.clone(), position).is_some() {
                    return Err(row.refuse("home_id", "must be there once"));
                }
                let read = HomeRow::read(&row);
                homes.rows.push((id, read.map_err(|error| errors.push((position, error))).ok()));
            }
        }
        Ok(homes)
    }

    /// The time zone of a home; that of one with an error does not matter any more.
    fn zone(&self, position: u32) -> Tz {
        let row = self.rows.get(position as usize).and_then(|(_, row)| row.as_ref());
        row.map_or(Tz::UTC, |row| row.zone)
    }
}

/// Reads tables whose rows belong to homes.
struct Devices<'a> {
    origin: &'a mut Origin,
    homes: &'a HomeList,
    errors: &'a mut Vec<(u32, TableError)>,
}

impl Devices<'_> {
    fn read<T>(
        &mut self,
        schema: &Schema,
        read: impl Fn(&Row<'_>, Tz) -> Result<T, TableError>,
    ) -> Result<ByHome<T>, TableError> {
        let mut rows = Vec::new();
        for chunk in self.origin.open(schema)?.into_iter().flatten() {
            for row in chunk?.iter() {
                let home_id = row.text("home_id")?;
                let Some(position) = self.homes.positions.get(home_id.as_ref()).copied() else {
                    return Err(row.refuse("home_id", "must be a home of the table `homes`"));
                };
                match read(&row, self.homes.zone(position)) {
                    Ok(read) => rows.push((position, read)),
                    Err(error) => self.errors.push((position, error)),
                }
            }
        }
        Ok(ByHome::new(rows))
    }
}

fn named_series(origin: &mut Origin, table: &SeriesTable) -> Result<NamedSeries, TableError> {
    match origin.open(&table.schema)? {
        Some(source) => NamedSeries::read(table, source),
        None => Ok(NamedSeries::default()),
    }
}

fn tariffs(origin: &mut Origin, prices: Option<&Path>) -> Result<TariffBook, TableError> {
    let grid_fees = match origin.open(&GRID_FEES)? {
        Some(source) => read_grid_fees(source)?,
        None => BTreeMap::new(),
    };
    let source = origin.open_required(&TARIFFS)?;
    TariffBook::read(source, &grid_fees, origin.prices(prices)?)
}
