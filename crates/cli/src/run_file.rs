//! `run.json`, beside the plans: what they were made from, so that `show` and `audit` need only the folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};
use offpeak_tables::{PlanWindow, Span, replace_file};
use serde::{Deserialize, Serialize};

use crate::args::InputArguments;

const NAME: &str = "run.json";

/// What plans were made from. Nothing in it depends on when or where they were made.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RunFile {
    offpeak: String,
    fleet: Option<PathBuf>,
    home_file: Option<PathBuf>,
    prices: Option<PathBuf>,
    first_local_day: Option<NaiveDate>,
    local_days: Option<u32>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    interval_minutes: u32,
    gap_relative: f64,
    gap_ct: f64,
    node_limit: u64,
    #[serde(default)]
    effort: String,
    #[serde(default)]
    previous: Option<PathBuf>,
}

impl RunFile {
    pub(crate) fn new(
        input: &InputArguments,
        window: &PlanWindow,
        options: &offpeak_solver::Options,
        previous: Option<&Path>,
    ) -> Self {
        let (days, instants) = match window.span {
            Span::LocalDays { first, days } => (Some((first, days)), None),
            Span::Instants { from, to } => (None, Some((from, to))),
        };
        Self {
            offpeak: env!("CARGO_PKG_VERSION").to_owned(),
            fleet: input.fleet.clone(),
            home_file: input.home_file.clone(),
            prices: input.prices.clone(),
            first_local_day: days.map(|(first, _)| first),
            local_days: days.map(|(_, days)| days),
            from: instants.map(|(from, _)| from),
            to: instants.map(|(_, to)| to),
            interval_minutes: window.interval_minutes,
            gap_relative: options.tolerance.relative,
            gap_ct: options.tolerance.absolute.0,
            node_limit: options.node_limit,
            effort: options.effort.as_str().to_owned(),
            previous: previous.map(Path::to_owned),
        }
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let file = folder.join(NAME);
        let text = serde_json::to_string_pretty(self).context("the settings can't be written")?;
        replace_file(&file, (text + "\n").as_bytes()).context("the settings can't be written")
    }

    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let file = folder.join(NAME);
        let text = fs::read_to_string(&file).with_context(|| {
            format!("{} can't be read; hint: name a folder that `offpeak plan --out` wrote", file.display())
        })?;
        serde_json::from_str(&text)
            .with_context(|| format!("{} is not what `offpeak plan` wrote", file.display()))
    }

    pub(crate) fn input(&self) -> InputArguments {
        InputArguments {
            fleet: self.fleet.clone(),
            home_file: self.home_file.clone(),
            prices: self.prices.clone(),
        }
    }

    pub(crate) fn window(&self) -> Result<PlanWindow> {
        let span = match (self.first_local_day, self.local_days, self.from, self.to) {
            (Some(first), Some(days), None, None) => Span::LocalDays { first, days },
            (None, None, Some(from), Some(to)) => Span::Instants { from, to },
            _ => anyhow::bail!("{NAME} must name either local days or two instants"),
        };
        Ok(PlanWindow { span, interval_minutes: self.interval_minutes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;

    fn sample(window: &PlanWindow) -> RunFile {
        let input = InputArguments {
            fleet: Some("fleet".into()),
            home_file: None,
            prices: Some("prices.csv".into()),
        };
        RunFile::new(&input, window, &offpeak_solver::Options::default(), Some(Path::new("yesterday")))
    }

    /// Windows of both kinds.
    fn windows() -> [PlanWindow; 2] {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        let span = Span::Instants { from: at("2026-01-15T10:07:00Z"), to: at("2026-01-15T23:00:00Z") };
        let day = NaiveDate::from_ymd_opt(2026, 1, 15).expect("a date");
        [PlanWindow::local_day(day), PlanWindow { span, interval_minutes: 15 }]
    }

    /// Reads a file of these bytes and uses what it says, as `audit` does.
    fn read(folder: &Path, bytes: &[u8]) {
        fs::write(folder.join(NAME), bytes).expect("can be written");
        let Ok(run) = RunFile::read(folder) else { return };
        assert!(run.input().prices.is_none_or(|prices| prices.as_os_str().len() < 1000));
        if let Ok(window) = run.window() {
            let _ = window.horizon(Tz::Europe__Berlin);
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        for window in windows() {
            sample(&window).write(folder.path()).expect("can be written");
            let run = RunFile::read(folder.path()).expect("can be read");
            assert_eq!(run.window().expect("one window"), window);
            assert_eq!(run.input().fleet, Some("fleet".into()));
        }
    }

    #[test]
    fn no_byte_changed_or_missing_ends_the_program() {
        let folder = tempfile::tempdir().expect("a folder");
        for window in windows() {
            let whole = serde_json::to_vec_pretty(&sample(&window)).expect("JSON");
            for at in 0..whole.len() {
                read(folder.path(), &whole[..at]);
                for byte in [0, b'"', b'-', b'9', b'}', 0xff] {
                    let mut changed = whole.clone();
                    changed[at] = byte;
                    read(folder.path(), &changed);
                }
            }
        }
    }

    #[test]
    fn no_value_ends_the_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let values = [
            "null",
            "0",
            "-1",
            "4294967295",
            "1e308",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\"+262142-12-31\"",
            "\"-262143-01-01\"",
            "\"-262143-01-01T00:00:00Z\"",
            "\"+262142-12-31T23:59:59Z\"",
        ];
        let values = values.map(|text| serde_json::from_str::<serde_json::Value>(text).expect("JSON"));
        for window in windows() {
            let whole = serde_json::to_value(sample(&window)).expect("JSON");
            for key in whole.as_object().expect("an object").keys() {
                for value in &values {
                    let mut changed = whole.clone();
                    changed[key] = value.clone();
                    read(folder.path(), changed.to_string().as_bytes());
                }
            }
        }
    }
}
