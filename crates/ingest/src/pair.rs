//! The prices of a connection as they are stored: import and export on one axis, named by what they hold.

use chrono::{DateTime, NaiveDate, Utc};
use offpeak_providers::{PriceSeries, Publication, Resolution, Settled};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Prices in 1e-5 ct/kWh, one per interval from `start` on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pair {
    /// Seconds since 1970.
    pub(crate) start: i64,
    pub(crate) minutes: i64,
    pub(crate) import: Vec<i64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) export: Option<Vec<i64>>,
}

/// What is there of a connection's prices.
pub(crate) struct Paired {
    pub(crate) pair: Pair,
    pub(crate) days: [NaiveDate; 2],
    pub(crate) provisional: bool,
}

impl Pair {
    /// The same content gives the same id, whoever has it.
    pub(crate) fn id(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |numbers: &[i64]| {
            hash.update((numbers.len() as u64).to_le_bytes());
            for number in numbers {
                hash.update(number.to_le_bytes());
            }
        };
        add(&[self.start, self.minutes]);
        add(&self.import);
        if let Some(export) = &self.export {
            add(export);
        }
        let bytes = hash.finalize();
        let first = bytes.iter().take(12).fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
        format!("{first:024x}")
    }

    /// Each interval's start with its prices in ct/kWh.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (DateTime<Utc>, f64, Option<f64>)> + '_ {
        let ct = |units: i64| units as f64 / 1e5;
        self.import.iter().enumerate().filter_map(move |(index, import)| {
            let after = i64::try_from(index).ok()? * self.minutes * 60;
            let export = self.export.as_ref().and_then(|export| export.get(index)).map(|units| ct(*units));
            Some((DateTime::from_timestamp(self.start + after, 0)?, ct(*import), export))
        })
    }
}

/// Import and export of the days that both have, on the finer of their axes; none without import.
pub(crate) fn paired(import: Option<&PriceSeries>, export: Option<&PriceSeries>) -> Option<Paired> {
    let import = import?;
    let last = export.map_or(import.days.last(), |export| export.days.last().min(import.days.last()));
    let finest = export.map_or(import.resolution, |export| export.resolution.min(import.resolution));
    let provisional =
        [Some(import), export].into_iter().flatten().any(|one| one.settled == Settled::Provisional);
    let pair = Pair {
        start: import.start_utc().timestamp(),
        minutes: finest.minutes(),
        import: held(import, finest, last),
        export: export.map(|export| held(export, finest, last)),
    };
    Some(Paired { pair, days: [import.days.first(), last], provisional })
}

/// The prices up to a day, each repeated for the finer intervals within its own.
fn held(series: &PriceSeries, finest: Resolution, last: NaiveDate) -> Vec<i64> {
    let times = usize::try_from(series.resolution.minutes() / finest.minutes()).unwrap_or(1);
    let end = offpeak_providers::LocalDays::one(last, series.days.zone()).end_utc();
    let until = series.iter().take_while(|(start, _)| *start < end);
    until.flat_map(|(_, price)| std::iter::repeat_n(price.0, times)).collect()
}

/// What is there of a publication.
pub(crate) fn there(publication: &Publication) -> Option<&PriceSeries> {
    match publication {
        Publication::Complete(series) => Some(series),
        Publication::NotYetPublished { before, .. } => before.as_ref(),
        Publication::NotDelivered => None,
    }
}
