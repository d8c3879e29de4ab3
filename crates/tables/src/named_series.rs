//! Tables of named series: outdoor temperatures and carbon intensities.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use offpeak_domain::Horizon;

use crate::chunk::Chunk;
use crate::error::{At, TableError};
use crate::rows::CELSIUS;
use crate::schema::Schema;
use crate::series::{TimeAxis, TimeSeries};

/// Outdoor temperatures.
pub(crate) const OUTDOOR: SeriesTable = SeriesTable {
    schema: Schema { name: "outdoor", required: &["outdoor_id", "start_utc", "outdoor_c"], optional: &[] },
    id: "outdoor_id",
    value: "outdoor_c",
    range: CELSIUS,
};

/// Carbon intensities of grid electricity.
pub(crate) const CO2: SeriesTable = SeriesTable {
    schema: Schema { name: "co2", required: &["co2_id", "start_utc", "g_per_kwh"], optional: &[] },
    id: "co2_id",
    value: "g_per_kwh",
    range: 0.0..=1e5,
};

/// Energy that meters measured in each interval.
pub(crate) const USAGE: SeriesTable = SeriesTable {
    schema: Schema { name: "usage", required: &["home_id", "start_utc", "kwh"], optional: &[] },
    id: "home_id",
    value: "kwh",
    range: 0.0..=1e5,
};

/// A table of series, each under an id.
pub(crate) struct SeriesTable {
    pub(crate) schema: Schema,
    pub(crate) id: &'static str,
    value: &'static str,
    range: RangeInclusive<f64>,
}

/// The series of a table by id.
#[derive(Debug, Default)]
pub(crate) struct NamedSeries {
    by_id: BTreeMap<String, (At, TimeSeries)>,
}

impl NamedSeries {
    /// Reads the rows of a table; those of different series may be mixed.
    pub(crate) fn read(
        table: &SeriesTable,
        chunks: impl Iterator<Item = Result<Chunk, TableError>>,
    ) -> Result<Self, TableError> {
        let mut growing: BTreeMap<String, (At, TimeAxis, Vec<f64>)> = BTreeMap::new();
        for chunk in chunks {
            for row in chunk?.iter() {
                let id = row.text(table.id)?;
                if !growing.contains_key(id.as_ref()) {
                    growing
                        .insert(id.clone().into_owned(), (row.at().whole(), TimeAxis::default(), Vec::new()));
                }
                if let Some((_, axis, values)) = growing.get_mut(id.as_ref()) {
                    axis.push(row.instant("start_utc")?, "start_utc", || row.at())?;
                    values.push(row.number(table.value, table.range.clone())?);
                }
            }
        }
        let series = |(id, (at, axis, values))| (id, (at, TimeSeries::new(axis, values)));
        Ok(Self { by_id: growing.into_iter().map(series).collect() })
    }

    /// How long an interval of the series `id` is; none where there is no such series, or only one row of it.
    pub(crate) fn hours_of_interval(&self, id: &str) -> Option<f64> {
        self.by_id.get(id).and_then(|(_, series)| series.hours_of_interval())
    }

    /// The values of the series `id`, one per interval; `asked` is the row whose column names it.
    ///
    /// # Errors
    /// [`TableError`] if there is no such series or it does not cover the horizon.
    pub(crate) fn on(
        &self,
        table: &SeriesTable,
        id: &str,
        horizon: &Horizon,
        asked: &At,
    ) -> Result<Vec<f64>, TableError> {
        let Some((at, series)) = self.by_id.get(id) else {
            let ids = self.by_id.keys().take(20).map(String::as_str).collect::<Vec<_>>().join(", ");
            let allowed = match ids.as_str() {
                "" => format!("must be a series of the table `{}`, which is missing", table.schema.name),
                ids => format!("must be a series of the table `{}`: {ids}", table.schema.name),
            };
            return Err(asked.column(table.id, id, allowed));
        };
        series.averaged_on(horizon, at).map_err(|error| error.about(table.id, id))
    }
}
