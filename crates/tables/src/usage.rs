//! The table `usage`: what meters measured, in place of the load of the homes.

use std::path::Path;

use offpeak_domain::{Horizon, Kilowatts};

use crate::error::{At, TableError};
use crate::named_series::{NamedSeries, USAGE};
use crate::source::Source;

/// What the meters of some homes measured.
#[derive(Debug)]
pub struct Usage {
    file: At,
    series: NamedSeries,
}

impl Usage {
    /// Reads a CSV or Parquet file with one row per home and interval.
    ///
    /// # Errors
    /// [`TableError`] naming file, row, column, value and what is allowed.
    pub fn read(path: &Path) -> Result<Self, TableError> {
        let series = NamedSeries::read(&USAGE, Source::open(path, &USAGE.schema)?)?;
        Ok(Self { file: At::file(path), series })
    }

    /// The mean power of a home in every interval; none for a home without a meter.
    ///
    /// # Errors
    /// [`TableError`] if its series does not cover the horizon.
    pub fn of(&self, home_id: &str, horizon: &Horizon) -> Result<Option<Vec<Kilowatts>>, TableError> {
        let Some(hours) = self.series.hours_of_interval(home_id) else { return Ok(None) };
        let energies = self.series.on(&USAGE, home_id, horizon, &self.file)?;
        Ok(Some(energies.into_iter().map(|energy| Kilowatts(energy / hours)).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, TimeZone, Utc};

    #[test]
    fn energy_over_an_hour_is_that_power_and_nobody_else_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usage.csv");
        std::fs::write(
            &path,
            "home_id,start_utc,kwh\na,2026-01-15T00:00Z,0.5\na,2026-01-15T00:30Z,1\nb,2026-01-15T00:00Z,3\nb,2026-01-15T01:00Z,3\n",
        )
        .unwrap();
        let usage = Usage::read(&path).unwrap();
        let midnight = Utc.with_ymd_and_hms(2026, 1, 15, 0, 0, 0).unwrap();
        let horizon = Horizon::between(midnight, midnight + Duration::hours(1), 15).unwrap();
        let power = |home: &str| usage.of(home, &horizon).unwrap();
        assert_eq!(power("a").unwrap(), [1.0, 1.0, 2.0, 2.0].map(Kilowatts));
        assert_eq!(power("b").unwrap(), [3.0; 4].map(Kilowatts));
        assert_eq!(power("c"), None);
        let longer = Horizon::between(midnight, midnight + Duration::hours(2), 15).unwrap();
        let error = usage.of("a", &longer).unwrap_err().to_string();
        assert!(error.contains("usage.csv") && error.contains("must cover"), "{error}");
    }
}
