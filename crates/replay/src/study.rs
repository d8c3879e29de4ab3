//! Homes x tariffs x policies: every combination is a unit of its own.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::checkpoint::Checkpoints;
use crate::day::Day;
use crate::error::ReplayError;
use crate::knowledge::Forecasts;
use crate::policies::PolicySpec;
use crate::replay::{Case, Replay, replay_with};
use crate::span::Span;
use crate::tariff::SpanTariff;

/// All that is to be replayed.
#[derive(Debug, Clone)]
pub struct Study {
    /// The homes, each as often as it has variants.
    pub homes: Vec<StudyHome>,
    /// The policies, each with a name of its own.
    pub policies: Vec<PolicySpec>,
    /// Whether every interval is kept, too.
    pub intervals: bool,
}

/// A home, or a variant of it, under all its tariffs.
#[derive(Debug, Clone)]
pub struct StudyHome {
    /// Which variant of the home it is; `as is` for the home itself.
    pub variant: String,
    /// The home over time.
    pub span: Span,
    /// The tariffs, each with a name of its own.
    pub tariffs: Vec<SpanTariff>,
    /// How policies foretell what they cannot know.
    pub forecasts: Forecasts,
    /// A hash of all input that made this home, its tariffs and forecasts; a finished unit counts only for the same.
    pub inputs: String,
}

/// Which unit of a study.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UnitKey {
    /// The home.
    pub home: String,
    /// Its variant.
    pub variant: String,
    /// The tariff.
    pub tariff: String,
    /// The policy.
    pub policy: String,
}

/// A unit and what came of it.
#[derive(Debug)]
pub struct Unit {
    /// Which one.
    pub key: UnitKey,
    /// Its days, or why there are none.
    pub replay: Result<Replay, ReplayError>,
}

impl Study {
    /// Replays every unit on the current rayon pool; units stand in the order of homes, then tariffs, then policies.
    ///
    /// Units that `checkpoints` hold are taken from there, and each other one is kept there once it is finished. `done` hears of
    /// every unit. One bad home never stops the others.
    pub fn run(&self, checkpoints: Option<&Checkpoints>, done: &(dyn Fn(&Unit) + Sync)) -> Vec<Unit> {
        let units: Vec<_> = self
            .homes
            .iter()
            .flat_map(|home| home.tariffs.iter().map(move |tariff| (home, tariff)))
            .flat_map(|(home, tariff)| self.policies.iter().map(move |policy| (home, tariff, policy)))
            .collect();
        units
            .par_iter()
            .map(|(home, tariff, policy)| {
                let unit = self.unit(home, tariff, policy, checkpoints);
                done(&unit);
                unit
            })
            .collect()
    }

    /// One unit, computed or taken from the checkpoints.
    fn unit(
        &self,
        home: &StudyHome,
        tariff: &SpanTariff,
        policy: &PolicySpec,
        checkpoints: Option<&Checkpoints>,
    ) -> Unit {
        let key = UnitKey {
            home: home.span.home().id.clone(),
            variant: home.variant.clone(),
            tariff: tariff.id.clone(),
            policy: policy.id.clone(),
        };
        let case = Case { span: &home.span, tariff, forecasts: &home.forecasts };
        let compute = || self.compute(&case, policy);
        let replay = match checkpoints {
            Some(checkpoints) => checkpoints.or_compute(&key, policy, &home.inputs, compute),
            None => compute(),
        };
        Unit { key, replay }
    }

    fn compute(&self, case: &Case<'_>, policy: &PolicySpec) -> Result<Replay, ReplayError> {
        let mut intervals = Vec::new();
        let mut keep = |day: &Day| intervals.extend(day.rows());
        let visit: &mut dyn FnMut(&Day) = if self.intervals { &mut keep } else { &mut |_| () };
        let replay = replay_with(case, policy, visit)?;
        Ok(Replay { intervals, ..replay })
    }
}
