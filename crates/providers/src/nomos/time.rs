//! Instants and days as the provider writes them.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::Nomos;
use crate::error::{ProviderError, printable};

/// An instant; one without a zone is none.
pub(super) fn instant(what: &'static str, text: &str) -> Result<DateTime<Utc>, ProviderError> {
    DateTime::parse_from_rfc3339(text).map(|instant| instant.with_timezone(&Utc)).map_err(|_| {
        ProviderError::unexpected(what, printable(text), "must be a time stamp with Z or an offset")
    })
}

/// An instant that may be missing; what cannot be read says no more than none.
pub(super) fn optional_instant(text: Option<&str>) -> Option<DateTime<Utc>> {
    instant("time", text?).ok()
}

/// The local day that a period begins or ends with: a date, or an instant within that day.
///
/// A period may end at the midnight after its last day as well as one second earlier, which `ends` tells apart.
pub(super) fn local_day(what: &'static str, text: &str, ends: bool) -> Result<NaiveDate, ProviderError> {
    if let Ok(day) = text.parse() {
        return Ok(day);
    }
    let local = instant(what, text)?.with_timezone(&Nomos::ZONE).naive_local();
    let day = local.date();
    Ok(if ends && local.time() == NaiveTime::MIN { day.pred_opt().unwrap_or(day) } else { day })
}
