//! What fleet to make.

use chrono::NaiveDate;
use chrono_tz::Tz;
use offpeak_domain::{Horizon, InvalidInput};

use crate::mix::Mix;

/// Where the made-up homes are.
pub(crate) const ZONE: Tz = chrono_tz::Europe::Berlin;

/// A fleet to make; the same options make the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynthOptions {
    /// How many homes, 1 to 999,999. Home `i` is the same in a larger fleet.
    pub homes: usize,
    /// Where all randomness comes from.
    pub seed: u64,
    /// First local day (Europe/Berlin).
    pub date: NaiveDate,
    /// How many local days.
    pub days: u32,
    /// Length of an interval of every series: 15, 30 or 60.
    pub interval_minutes: u32,
    /// Which devices the homes have.
    pub mix: Mix,
    /// Whether each home's tariff is a customer's, of the name of the home: then there are no tables of tariffs and prices,
    /// for somebody else fetches them.
    pub tariff_per_home: bool,
}

impl SynthOptions {
    /// The days in quarter-hours, which all models run in.
    pub(crate) fn quarter_hours(&self) -> Result<Horizon, InvalidInput> {
        if !(1..1_000_000).contains(&self.homes) {
            return Err(InvalidInput::new("homes", self.homes.to_string(), "must be from 1 to 999999"));
        }
        if !matches!(self.interval_minutes, 15 | 30 | 60) {
            let found = self.interval_minutes.to_string();
            return Err(InvalidInput::new("interval_minutes", found, "must be 15, 30 or 60"));
        }
        if !(1..=366).contains(&self.days) {
            return Err(InvalidInput::new("days", self.days.to_string(), "must be from 1 to 366"));
        }
        Horizon::local_days(self.date, self.days, ZONE, 15)
    }

    /// Quarter-hours in an interval.
    pub(crate) fn quarters_per_interval(&self) -> usize {
        self.interval_minutes as usize / 15
    }
}
