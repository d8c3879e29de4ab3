//! Appliances whose start can wait.

use chrono::{DateTime, Days, NaiveDate, Utc};
use offpeak_domain::local_instant;
use offpeak_tables::Value;
use rand_chacha::ChaCha8Rng;

use crate::options::ZONE;
use crate::random::Draw;

/// A kind of appliance and how it is used.
#[derive(Debug)]
pub(crate) struct Kind {
    id: &'static str,
    /// Mean kW of every quarter-hour of a run.
    profile_kw: &'static str,
    quarters: i64,
    /// Runs a day: 280 of a dishwasher and 160 to 220 of a washing machine a year (EU 2019/2017 and
    /// 2019/2023, preparatory studies).
    runs_per_day: f64,
    interruptible: bool,
    /// Windows by local hour, later than 24 on the next day, and their shares.
    windows: &'static [(f64, f64, f64)],
}

/// Energy labels: about 0.8 to 1 kWh a run; two heating phases of a dishwasher, one of a washing machine.
const KINDS: [Kind; 3] = [
    Kind {
        id: "dishwasher",
        profile_kw: "1.8;0.4;0.1;1.3;0.2;0.1",
        quarters: 6,
        runs_per_day: 0.75,
        interruptible: false,
        windows: &[(8.5, 18.0, 0.35), (12.5, 24.0, 0.45), (20.0, 30.5, 0.20)],
    },
    Kind {
        id: "washing-machine",
        profile_kw: "1.6;0.9;0.15;0.15;0.2;0.3",
        quarters: 6,
        runs_per_day: 0.5,
        interruptible: false,
        windows: &[(7.0, 17.0, 0.6), (9.0, 21.0, 0.4)],
    },
    Kind {
        id: "dehumidifier",
        profile_kw: "0.4;0.4;0.4;0.4;0.4;0.4;0.4;0.4",
        quarters: 8,
        runs_per_day: 1.0,
        interruptible: true,
        windows: &[(0.0, 24.0, 1.0)],
    },
];
/// Shares of homes that let each of them wait.
const SHARES: [f64; 3] = [0.7, 0.55, 0.1];
/// kWh a year that such a home does not use at other times.
pub(crate) const ANNUAL_KWH: f64 = 380.0;

/// A run that is wanted.
#[derive(Debug)]
pub(crate) struct Run {
    id: String,
    kind: &'static Kind,
    earliest: DateTime<Utc>,
    latest_end: DateTime<Utc>,
}

/// The kinds that a home with such appliances has: at least a dishwasher.
pub(crate) fn draw(stream: &mut ChaCha8Rng) -> Vec<&'static Kind> {
    let mut kinds: Vec<&Kind> =
        KINDS.iter().zip(SHARES).filter(|(_, share)| stream.chance(*share)).map(|(kind, _)| kind).collect();
    if kinds.is_empty() {
        kinds.push(&KINDS[0]);
    }
    kinds
}

/// The runs wanted on a date, which is the fleet's day number `day`, from 1.
pub(crate) fn runs(
    stream: &mut ChaCha8Rng,
    kinds: &[&'static Kind],
    date: NaiveDate,
    day: usize,
) -> Vec<Run> {
    let mut runs = Vec::new();
    for kind in kinds {
        let window = kind.windows[stream.weighted(&kind.windows.iter().map(|w| w.2).collect::<Vec<f64>>())];
        let wanted = stream.chance(kind.runs_per_day);
        let (from, to) = (instant(date, window.0), instant(date, window.1));
        if wanted && (to - from).num_minutes() >= 15 * kind.quarters {
            runs.push(Run { id: format!("{}-{day}", kind.id), kind, earliest: from, latest_end: to });
        }
    }
    runs
}

fn instant(date: NaiveDate, hour: f64) -> DateTime<Utc> {
    let (date, hour) = if hour < 24.0 { (date, hour) } else { (date + Days::new(1), hour - 24.0) };
    #[expect(clippy::cast_possible_truncation, reason = "minutes of a day")]
    let minutes = (hour * 60.0).round() as i64;
    local_instant(date.and_time(chrono::NaiveTime::MIN) + chrono::Duration::minutes(minutes), ZONE)
}

impl Run {
    pub(crate) fn row<'a>(&'a self, home_id: &'a str) -> Vec<(&'static str, Value<'a>)> {
        vec![
            ("home_id", home_id.into()),
            ("appliance_id", (&self.id).into()),
            ("profile_kw", self.kind.profile_kw.into()),
            ("earliest_start", self.earliest.into()),
            ("latest_end", self.latest_end.into()),
            ("interruptible", self.kind.interruptible.into()),
        ]
    }
}
