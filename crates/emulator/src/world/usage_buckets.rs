//! Usage by quarter-hour, hour, day, week or month.

use chrono::{Datelike, TimeDelta};
use serde_json::{Value, json};

use super::local;
use super::usage::Quarter;
use crate::text::instant;

/// How fine the answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resolution {
    Auto,
    Quarter,
    Hour,
    Day,
    Week,
    Month,
}

impl Resolution {
    pub(crate) fn read(name: &str) -> Option<Self> {
        let all = [Self::Auto, Self::Quarter, Self::Hour, Self::Day, Self::Week, Self::Month];
        all.into_iter().find(|one| one.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Quarter => "15min",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// What is answered: an analog meter knows months only, and `auto` goes by the number of days.
    pub(crate) fn settled(self, is_smart: bool, days: i64) -> Self {
        match (self, days) {
            _ if !is_smart => Self::Month,
            (Self::Auto, ..=2) => Self::Quarter,
            (Self::Auto, ..=14) => Self::Hour,
            (Self::Auto, ..=92) => Self::Day,
            (Self::Auto, _) => Self::Month,
            (asked, _) => asked,
        }
    }

    /// Start of the bucket that an instant falls into, in seconds of UTC; weeks begin on Monday.
    fn floor(self, start: i64) -> i64 {
        let date = local::date_of(chrono::DateTime::from_timestamp(start, 0).unwrap_or_default());
        let first = match self {
            Self::Auto | Self::Quarter => return start,
            // Berlin is whole hours from UTC.
            Self::Hour => return start - start.rem_euclid(3600),
            Self::Day => date,
            Self::Week => date - TimeDelta::days(i64::from(date.weekday().num_days_from_monday())),
            Self::Month => local::first_of_month(date),
        };
        local::midnight(first).timestamp()
    }
}

/// Sums per bucket in kWh; final only where every part is.
pub(crate) fn buckets(quarters: &[Quarter], resolution: Resolution) -> Vec<Value> {
    let same = |a: &Quarter, b: &Quarter| resolution.floor(a.start) == resolution.floor(b.start);
    quarters
        .chunk_by(same)
        .map(|part| {
            let wh: i64 = part.iter().map(|quarter| quarter.wh).sum();
            let is_final = part.iter().all(|quarter| quarter.is_final);
            json!({
                "start": instant(resolution.floor(part[0].start)),
                "usage": wh as f64 / 1000.0,
                "type": if is_final { "final" } else { "preliminary" },
            })
        })
        .collect()
}
