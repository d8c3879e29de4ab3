//! `replay.toml`: a whole study in one file.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use offpeak_replay::{Method, PolicySpec, Publication, Variant};
use offpeak_tables::ReplayWindow;
use serde::{Deserialize, Serialize};

use super::dates::{date, zone, zone_name};
use super::policies::{PolicyChange, policies};
use super::variants::{Sweep, VariantWish, variants};

/// All that a study depends on but the tables it names. Paths are relative to the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Fleet folder.
    pub(crate) fleet: PathBuf,
    /// Prices in place of those in the fleet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) prices: Option<PathBuf>,
    /// Measured usage in place of the load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) usage: Option<PathBuf>,
    /// First local day.
    #[serde(deserialize_with = "date")]
    pub(crate) from: NaiveDate,
    /// Last local day.
    #[serde(deserialize_with = "date")]
    pub(crate) to: NaiveDate,
    /// Days of history before the first.
    #[serde(default = "week")]
    pub(crate) history_days: u32,
    /// Days after the last that the last plans look over.
    #[serde(default)]
    pub(crate) days_after: u32,
    #[serde(default = "quarter_hour")]
    pub(crate) interval_minutes: u32,
    /// Which homes; none: all.
    #[serde(default)]
    pub(crate) homes: Vec<String>,
    /// Which tariffs each home is replayed under; none: its own.
    #[serde(default)]
    pub(crate) tariffs: Vec<String>,
    /// Policies by their words.
    #[serde(default)]
    pub(crate) policies: Vec<String>,
    /// The policy that savings are counted from.
    #[serde(default = "uncontrolled")]
    pub(crate) baseline: String,
    /// The policy that regret is counted from.
    #[serde(default = "perfect_foresight")]
    pub(crate) bound: String,
    /// Whether to write every interval too.
    #[serde(default)]
    pub(crate) intervals: bool,
    /// Local time at which the prices of the next day come out.
    #[serde(default = "two_o_clock")]
    pub(crate) prices_known_at: NaiveTime,
    /// The zone of that time.
    #[serde(default = "berlin", deserialize_with = "zone", serialize_with = "zone_name")]
    pub(crate) prices_known_in: Tz,
    /// Whether homes are replayed as they are beside their variants.
    #[serde(default = "yes")]
    pub(crate) as_is: bool,
    #[serde(default)]
    pub(crate) forecasts: ForecastWish,
    /// Policies with settings of their own.
    #[serde(default, rename = "policy")]
    pub(crate) changed: Vec<PolicyChange>,
    /// Homes with things changed.
    #[serde(default, rename = "variant")]
    pub(crate) variants: Vec<VariantWish>,
    /// Every combination of changes.
    #[serde(default)]
    pub(crate) sweep: Sweep,
}

/// How series are foretold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ForecastWish {
    load: MethodWord,
    pv: MethodWord,
    weather: MethodWord,
    draw: MethodWord,
    /// A fleet folder whose series and temperatures are forecasts, in place of all methods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fleet: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum MethodWord {
    Yesterday,
    LastWeek,
    SimilarDays,
    ClearSky,
}

impl Default for ForecastWish {
    fn default() -> Self {
        let (load, draw) = (MethodWord::SimilarDays, MethodWord::SimilarDays);
        Self { load, pv: MethodWord::ClearSky, weather: MethodWord::Yesterday, draw, fleet: None }
    }
}

impl ForecastWish {
    /// The methods, with no series given.
    pub(crate) fn methods(&self) -> offpeak_replay::Forecasts {
        let [load, pv, weather, draw] = [self.load, self.pv, self.weather, self.draw].map(MethodWord::method);
        offpeak_replay::Forecasts { load, pv, weather, draw, given: None }
    }
}

impl MethodWord {
    fn method(self) -> Method {
        match self {
            Self::Yesterday => Method::Yesterday,
            Self::LastWeek => Method::LastWeek,
            Self::SimilarDays => Method::SimilarDays,
            Self::ClearSky => Method::ClearSky,
        }
    }
}

impl Settings {
    /// Reads a study file.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is no study", file.display()))
    }

    /// A study of `fleet` from one local day to another, with defaults for everything else.
    pub(crate) fn new(fleet: PathBuf, from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            fleet,
            prices: None,
            usage: None,
            from,
            to,
            history_days: week(),
            days_after: 0,
            interval_minutes: quarter_hour(),
            homes: Vec::new(),
            tariffs: Vec::new(),
            policies: Vec::new(),
            baseline: uncontrolled(),
            bound: perfect_foresight(),
            intervals: false,
            prices_known_at: two_o_clock(),
            prices_known_in: berlin(),
            as_is: true,
            forecasts: ForecastWish::default(),
            changed: Vec::new(),
            variants: Vec::new(),
            sweep: Sweep::default(),
        }
    }

    /// The policies, the baseline among them.
    pub(crate) fn policies(&self) -> Result<Vec<PolicySpec>> {
        policies(&self.policies, &self.changed, &self.baseline)
    }

    /// The variants of every home.
    pub(crate) fn variants(&self) -> Result<Vec<Variant>> {
        let all = variants(self.as_is, &self.variants, &self.sweep)?;
        unique("tariff", self.tariffs.iter().map(String::as_str))?;
        Ok(all)
    }

    pub(crate) fn window(&self) -> ReplayWindow {
        ReplayWindow {
            first: self.from,
            last: self.to,
            history_days: self.history_days,
            days_after: self.days_after,
            interval_minutes: self.interval_minutes,
        }
    }

    pub(crate) fn publication(&self) -> Publication {
        Publication { at: self.prices_known_at, zone: self.prices_known_in }
    }
}

/// Fails for a name that comes twice.
pub(super) fn unique<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            bail!("{what} `{name}` comes twice; each must have a name of its own");
        }
    }
    Ok(())
}

fn week() -> u32 {
    7
}

fn quarter_hour() -> u32 {
    15
}

fn yes() -> bool {
    true
}

fn uncontrolled() -> String {
    PolicySpec::uncontrolled().id
}

fn perfect_foresight() -> String {
    PolicySpec::perfect_foresight().id
}

fn two_o_clock() -> NaiveTime {
    Publication::default().at
}

fn berlin() -> Tz {
    Publication::default().zone
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: &str = "fleet = 'fleet'\nfrom = 2026-01-13\nto = '2026-01-14'\n";

    #[test]
    fn three_lines_are_a_study_with_defaults() {
        let read: Settings = toml::from_str(SHORT).expect("a study");
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).expect("a date");
        assert_eq!(read, Settings::new("fleet".into(), day(13), day(14)));
        let ids: Vec<String> =
            read.policies().expect("policies").into_iter().map(|policy| policy.id).collect();
        assert_eq!(ids, ["uncontrolled", "cheapest-intervals", "day-ahead", "perfect-foresight"]);
        assert_eq!(read.variants().expect("variants").len(), 1);
    }

    #[test]
    fn slips_are_told_with_their_line() {
        for (line, expected) in [
            ("polices = ['day-ahead']", "unknown field `polices`"),
            ("from = 2026-01-15", "duplicate key"),
            ("[forecasts]\nload = 'tomorrow'", "unknown variant `tomorrow`"),
        ] {
            let error = toml::from_str::<Settings>(&format!("{SHORT}{line}\n")).expect_err(line).to_string();
            assert!(error.contains(expected) && error.contains("line"), "{line} gave {error}");
        }
    }

    #[test]
    fn names_that_are_not_there_or_come_twice_are_refused() {
        for (line, expected) in [
            ("policies = ['dayahead']", "policy `dayahead` must be one of"),
            ("policies = ['day-ahead', 'day-ahead']", "policy `day-ahead` comes twice"),
            ("baseline = 'nothing'", "baseline `nothing` must be one of the policies"),
            ("[[policy]]\nid = 'a'\nlike = 'uncontrolled'\nhours = 3", "`hours` is not for a policy like"),
        ] {
            let read: Settings = toml::from_str(&format!("{SHORT}{line}\n")).expect("a study");
            let error = format!("{:#}", read.policies().expect_err(line));
            assert!(error.contains(expected), "{line} gave {error}");
        }
    }

    #[test]
    fn a_sweep_has_every_combination_and_a_variant_its_own_name() {
        let text = format!(
            "{SHORT}as_is = false\n[sweep]\nbattery_kwh = [5, 10]\npv_times = [1, 2.5]\n[[variant]]\nid = 'no car'\nno_cars = true\n"
        );
        let read: Settings = toml::from_str(&text).expect("a study");
        let ids: Vec<String> = read.variants().expect("variants").into_iter().map(|one| one.id).collect();
        assert_eq!(
            ids,
            [
                "no car",
                "battery_kwh=5 pv_times=1",
                "battery_kwh=5 pv_times=2.5",
                "battery_kwh=10 pv_times=1",
                "battery_kwh=10 pv_times=2.5"
            ]
        );
    }
}
