//! The table `ev_sessions`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use offpeak_domain::KilowattHours;

use super::KWH;
use crate::cells::Row;
use crate::error::{At, TableError};
use crate::schema::Schema;

/// One row per stay of an EV at home.
pub(crate) const EV_SESSIONS: Schema = Schema {
    name: "ev_sessions",
    required: &["home_id", "ev_id", "arrival", "departure", "target_kwh"],
    optional: &["driven_kwh"],
};

/// A stay at home, on no horizon yet.
#[derive(Debug, Clone)]
pub(crate) struct SessionRow {
    pub(crate) at: At,
    pub(crate) ev_id: String,
    pub(crate) arrival: DateTime<Utc>,
    pub(crate) departure: DateTime<Utc>,
    pub(crate) target: KilowattHours,
    pub(crate) driven: KilowattHours,
}

impl SessionRow {
    /// A stamp without a zone is local time in `zone`.
    pub(crate) fn read(row: &Row<'_>, zone: Tz) -> Result<Self, TableError> {
        let arrival = row.instant_in("arrival", zone)?;
        let departure = row.instant_in("departure", zone)?;
        if departure <= arrival {
            return Err(row.refuse("departure", "must be later than the arrival"));
        }
        Ok(Self {
            at: row.at(),
            ev_id: row.text("ev_id")?.into_owned(),
            arrival,
            departure,
            target: KilowattHours(row.number("target_kwh", KWH)?),
            driven: KilowattHours(row.number_or("driven_kwh", 0.0, KWH)?),
        })
    }
}
