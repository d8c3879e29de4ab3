//! The table `series`: load, generation and heat of every home, streamed home by home.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use offpeak_domain::{Horizon, Kilowatts};

use crate::cells::{NOT_NEGATIVE, Row};
use crate::chunk::Chunk;
use crate::error::{At, TableError};
use crate::schema::Schema;
use crate::series::{TimeAxis, TimeSeries};
use crate::source::Source;

/// Rows grouped by home, in the order of the table `homes`.
pub(crate) const SERIES: Schema = Schema {
    name: "series",
    required: &["home_id", "start_utc", "load_kw"],
    optional: &["pv_kw", "hot_water_draw_kw", "gains_kw"],
};

/// The longest interval of a series: a row this long before the horizon may reach into it.
const LONGEST_STEP: Duration = Duration::minutes(60);

/// The series of a home, one value per interval of its horizon.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HomeSeries {
    pub(crate) load: Vec<Kilowatts>,
    pub(crate) pv: Vec<Kilowatts>,
    pub(crate) hot_water_draw: Vec<Kilowatts>,
    pub(crate) gains: Vec<Kilowatts>,
}

/// Why a home has no series.
#[derive(Debug)]
pub(crate) enum SeriesError {
    /// The home's own rows are at fault; the next home may be well.
    Home(TableError),
    /// The file cannot be followed any further.
    File(TableError),
}

/// Reads a series table from its start to its end, one home after the other.
pub(crate) struct SeriesReader<'a> {
    source: Source,
    at: At,
    positions: &'a HashMap<String, u32>,
    chunk: Option<Chunk>,
    next_row: usize,
}

impl<'a> SeriesReader<'a> {
    pub(crate) fn new(source: Source, at: At, positions: &'a HashMap<String, u32>) -> Self {
        Self { source, at, positions, chunk: None, next_row: 0 }
    }

    /// The series of the home `id` at `position`; homes must be asked for in order, each once.
    pub(crate) fn next_home(
        &mut self,
        id: &str,
        position: u32,
        horizon: &Horizon,
    ) -> Result<HomeSeries, SeriesError> {
        let mut growing = Growing::new(horizon);
        let mut rows = 0;
        while self.has_row().map_err(SeriesError::File)? {
            let Some(chunk) = &self.chunk else { break };
            let row = Row { chunk, index: self.next_row };
            let found = row.text("home_id").map_err(SeriesError::File)?;
            if found != id {
                self.check_order(&row, &found, position)?;
                break;
            }
            growing.push(&row);
            rows += 1;
            self.next_row += 1;
        }
        if rows == 0 {
            let error =
                self.at.column("home_id", format!("no rows of {id}"), "must have rows for every home");
            let hint = "the homes must come in the order of the table `homes`";
            return Err(SeriesError::Home(error.hint(hint)));
        }
        growing.finish(horizon, &self.at).map_err(|error| SeriesError::Home(error.about_home(id)))
    }

    /// Whether there is a row left; reads the next chunk when one is used up.
    fn has_row(&mut self) -> Result<bool, TableError> {
        while self.chunk.as_ref().is_none_or(|chunk| self.next_row >= chunk.rows) {
            let Some(chunk) = self.source.next() else {
                self.chunk = None;
                return Ok(false);
            };
            self.chunk = Some(chunk?);
            self.next_row = 0;
        }
        Ok(true)
    }

    /// Rows of another home may only be those of a later one.
    fn check_order(&self, row: &Row<'_>, found: &str, position: u32) -> Result<(), SeriesError> {
        match self.positions.get(found) {
            Some(later) if *later > position => Ok(()),
            Some(_) => {
                let allowed = "must stand with the other rows of its home, in the order of the table `homes`";
                Err(SeriesError::File(
                    row.refuse("home_id", allowed).hint("sort the series by home, then by time"),
                ))
            }
            None => Err(SeriesError::File(row.refuse("home_id", "must be a home of the table `homes`"))),
        }
    }
}

/// The rows of a home that matter to the horizon, while they are read.
struct Growing {
    /// Rows before this instant cannot reach into the horizon.
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    axis: TimeAxis,
    first_kept: Option<usize>,
    /// Load, generation, hot water and gains.
    values: [Vec<f64>; 4],
    error: Option<TableError>,
}

impl Growing {
    fn new(horizon: &Horizon) -> Self {
        Self {
            from: horizon.start() - LONGEST_STEP,
            to: horizon.end(),
            axis: TimeAxis::default(),
            first_kept: None,
            values: Default::default(),
            error: None,
        }
    }

    /// Takes a row; after the first error the home's other rows are only passed over.
    fn push(&mut self, row: &Row<'_>) {
        if self.error.is_none() {
            self.error = self.take(row).err();
        }
    }

    fn take(&mut self, row: &Row<'_>) -> Result<(), TableError> {
        let instant = row.instant("start_utc")?;
        self.axis.push(instant, "start_utc", || row.at())?;
        let values = [
            row.number("load_kw", NOT_NEGATIVE)?,
            row.number_or("pv_kw", 0.0, NOT_NEGATIVE)?,
            row.number_or("hot_water_draw_kw", 0.0, NOT_NEGATIVE)?,
            row.number_or("gains_kw", 0.0, -1e4..=1e4)?,
        ];
        if instant > self.from && instant < self.to {
            self.first_kept.get_or_insert(self.axis.rows() - 1);
            for (kept, value) in self.values.iter_mut().zip(values) {
                kept.push(value);
            }
        }
        Ok(())
    }

    fn finish(self, horizon: &Horizon, at: &At) -> Result<HomeSeries, TableError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        self.axis.covering(horizon, at)?;
        let axis = self.axis.part(self.first_kept.unwrap_or(0), self.values[0].len());
        let [load, pv, hot_water_draw, gains] = self.values.map(|values| {
            let averaged = TimeSeries::new(axis, values).averaged_on(horizon, at)?;
            Ok(averaged.into_iter().map(Kilowatts).collect())
        });
        Ok(HomeSeries { load: load?, pv: pv?, hot_water_draw: hot_water_draw?, gains: gains? })
    }
}

impl TableError {
    /// An error about the rows of a home as a whole names the home.
    fn about_home(self, id: &str) -> Self {
        if self.column.is_some() { self } else { self.about("home_id", id) }
    }
}
