//! The table `dimming`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use offpeak_domain::Kilowatts;

use super::KW;
use crate::cells::Row;
use crate::error::TableError;
use crate::schema::Schema;

/// One row per time in which the grid operator dims a home.
pub(crate) const DIMMING: Schema =
    Schema { name: "dimming", required: &["home_id", "from", "to", "cap_kw"], optional: &[] };

/// A time with a cap on the grid-effective draw of the controllable devices.
#[derive(Debug, Clone)]
pub(crate) struct DimmingRow {
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
    pub(crate) cap: Kilowatts,
}

impl DimmingRow {
    /// A stamp without a zone is local time in `zone`.
    pub(crate) fn read(row: &Row<'_>, zone: Tz) -> Result<Self, TableError> {
        let from = row.instant_in("from", zone)?;
        let to = row.instant_in("to", zone)?;
        if to <= from {
            return Err(row.refuse("to", "must be later than `from`"));
        }
        Ok(Self { from, to, cap: Kilowatts(row.number("cap_kw", KW)?) })
    }
}
