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
}

impl RunFile {
    pub(crate) fn new(
        input: &InputArguments,
        window: &PlanWindow,
        options: &offpeak_solver::Options,
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
