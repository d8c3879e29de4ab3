//! Homes to work on: a fleet folder or one JSON file.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use offpeak_tables::{Fleet, HomeEntry, PlanWindow, read_home_json};

use crate::args::InputArguments;

/// Where homes come from.
pub(crate) enum Input {
    Fleet(Box<Fleet>),
    Home { file: PathBuf, prices: Option<PathBuf> },
}

impl Input {
    pub(crate) fn open(arguments: &InputArguments) -> Result<Self> {
        let prices = arguments.prices.as_deref();
        match (&arguments.fleet, &arguments.home_file) {
            (Some(folder), _) => {
                let fleet = Fleet::open(folder, prices).context("the fleet can't be read")?;
                if fleet.is_empty() {
                    bail!("{}: no home in the table homes", folder.display());
                }
                Ok(Self::Fleet(Box::new(fleet)))
            }
            (None, Some(file)) => Ok(Self::Home { file: file.clone(), prices: arguments.prices.clone() }),
            (None, None) => bail!("neither a fleet nor a home is named; hint: give --fleet or --home-file"),
        }
    }

    /// How many homes there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Fleet(fleet) => fleet.len(),
            Self::Home { .. } => 1,
        }
    }

    /// Every home once, in order.
    pub(crate) fn homes(&self, window: &PlanWindow) -> Result<Box<dyn Iterator<Item = HomeEntry> + '_>> {
        Ok(match self {
            Self::Fleet(fleet) => Box::new(fleet.homes(window)),
            Self::Home { file, prices } => {
                let entry = read_home_json(file, prices.as_deref(), window)
                    .with_context(|| format!("{} can't be read", file.display()))?;
                Box::new(std::iter::once(entry))
            }
        })
    }
}

/// All that is wrong with a home, in one line each.
pub(crate) fn reasons(errors: &[offpeak_tables::TableError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
}
