//! The table `appliances`.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use offpeak_domain::{Cents, DEFAULT_SKIP_PENALTY, Kilowatts};

use super::PENALTY;
use crate::cells::Row;
use crate::error::{At, TableError};
use crate::schema::Schema;

/// One row per run of an appliance.
pub(crate) const APPLIANCES: Schema = Schema {
    name: "appliances",
    required: &["home_id", "appliance_id", "profile_kw", "earliest_start", "latest_end"],
    optional: &["interruptible", "skip_penalty_ct"],
};

/// A run, on no horizon yet.
#[derive(Debug, Clone)]
pub(crate) struct ApplianceRow {
    pub(crate) at: At,
    pub(crate) id: String,
    /// Mean power of each quarter-hour of the run.
    pub(crate) quarter_hours: Vec<Kilowatts>,
    pub(crate) earliest_start: DateTime<Utc>,
    pub(crate) latest_end: DateTime<Utc>,
    pub(crate) interruptible: bool,
    pub(crate) skip_penalty: Cents,
}

impl ApplianceRow {
    /// A stamp without a zone is local time in `zone`.
    pub(crate) fn read(row: &Row<'_>, zone: Tz) -> Result<Self, TableError> {
        let quarter_hours = profile(row)?;
        let earliest_start = row.instant_in("earliest_start", zone)?;
        let latest_end = row.instant_in("latest_end", zone)?;
        let minutes = 15 * i64::try_from(quarter_hours.len()).unwrap_or(i64::MAX / 15);
        if latest_end - earliest_start < Duration::minutes(minutes) {
            let allowed =
                format!("must be at least {minutes} minutes after earliest_start, as the profile is long");
            return Err(row.refuse("latest_end", allowed));
        }
        Ok(Self {
            at: row.at(),
            id: row.text("appliance_id")?.into_owned(),
            quarter_hours,
            earliest_start,
            latest_end,
            interruptible: row.boolean_or("interruptible", false)?,
            skip_penalty: Cents(row.number_or("skip_penalty_ct", DEFAULT_SKIP_PENALTY.0, PENALTY)?),
        })
    }
}

/// `2.0;0.5;0.5`, or a single number.
fn profile(row: &Row<'_>) -> Result<Vec<Kilowatts>, TableError> {
    let text = row.text("profile_kw")?;
    let powers = text.split(';').map(|part| part.trim().parse::<f64>().ok());
    let valid = |power: &f64| power.is_finite() && (0.0..=1e6).contains(power);
    let powers: Option<Vec<Kilowatts>> = powers.map(|power| power.filter(valid).map(Kilowatts)).collect();
    // A week of quarter-hours; more is no run of an appliance but a mistake.
    powers.filter(|powers| powers.len() <= 7 * 96).ok_or_else(|| {
        let allowed =
            "must be mean kW of each quarter-hour, at least 0, joined by semicolons, such as 2.0;0.5";
        row.refuse("profile_kw", allowed)
    })
}
