//! Policies by name, as a study file lists them.

use offpeak_domain::{Cents, GapTolerance};
use offpeak_solver::{Effort, Options};
use serde::{Deserialize, Serialize};

use super::{CarRule, HeatRule, Planning, Policy, Replan, Rules};

/// A policy and its settings, under a name that is unique in its study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicySpec {
    /// The name in tables.
    pub id: String,
    /// What it does.
    pub kind: PolicyKind,
}

/// What a policy does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyKind {
    /// Devices follow rules of today.
    Rules {
        /// When cars charge.
        cars: CarRule,
        /// How heat pumps heat.
        heat: HeatRule,
        /// Whether batteries do nothing, instead of following the meter.
        idle_batteries: bool,
    },
    /// Plans with what is known.
    Plan {
        /// When to plan anew.
        replan: Replan,
        /// How far to look, in hours.
        hours: f64,
        /// How far to stay above the lowest comfort, as a share of its band.
        caution: f64,
        /// Whether to search as hard as the fast backend can, instead of quickly.
        thorough: bool,
    },
    /// Plans with all that will ever happen: overlapping horizons of so many `hours`, each applied for a day.
    PerfectForesight {
        /// How far to look, in hours.
        hours: f64,
    },
}

impl PolicySpec {
    /// What a home does when nobody plans.
    pub fn uncontrolled() -> Self {
        Self::rules("uncontrolled", CarRule::FromArrival, HeatRule::Thermostat)
    }

    /// Uncontrolled but for cars, which charge in the cheapest intervals before their departure.
    pub fn cheapest_intervals() -> Self {
        Self::rules("cheapest-intervals", CarRule::CheapestIntervals, HeatRule::Thermostat)
    }

    /// One plan a day, when prices come, that looks 36 hours ahead: over the prices of the next day and an estimate of the morning after.
    pub fn day_ahead() -> Self {
        let kind =
            PolicyKind::Plan { replan: Replan::AtPublication, hours: 36.0, caution: 0.0, thorough: false };
        Self { id: "day-ahead".to_owned(), kind }
    }

    /// A plan every `intervals`, of which only as much is applied.
    pub fn receding(intervals: usize) -> Self {
        let kind =
            PolicyKind::Plan { replan: Replan::Every(intervals), hours: 24.0, caution: 0.0, thorough: false };
        Self { id: "receding-horizon".to_owned(), kind }
    }

    /// Plans over three days with hindsight, applied for one.
    pub fn perfect_foresight() -> Self {
        Self { id: "perfect-foresight".to_owned(), kind: PolicyKind::PerfectForesight { hours: 72.0 } }
    }

    /// Uncontrolled but for these rules, under a name.
    pub fn rules(id: &str, cars: CarRule, heat: HeatRule) -> Self {
        Self { id: id.to_owned(), kind: PolicyKind::Rules { cars, heat, idle_batteries: false } }
    }

    /// Whether it knows what it could not have known.
    pub fn has_hindsight(&self) -> bool {
        matches!(self.kind, PolicyKind::PerfectForesight { .. })
    }

    /// The policy, with nothing remembered yet.
    pub(crate) fn build(&self) -> Box<dyn Policy> {
        match self.kind {
            PolicyKind::Rules { cars, heat, idle_batteries } => {
                Box::new(Rules::new(cars, heat, idle_batteries))
            }
            PolicyKind::Plan { replan, hours, caution, thorough } => {
                Box::new(Planning::new(replan, hours, caution, options(thorough)))
            }
            PolicyKind::PerfectForesight { hours } => {
                Box::new(Planning::new(Replan::AtPublication, hours, 0.0, foresight_options()))
            }
        }
    }
}

/// As far as the fast backend can, or until a plan is as good as forecasts are: they err by more than a twentieth.
fn options(thorough: bool) -> Options {
    if thorough {
        return Options::default();
    }
    let tolerance = GapTolerance { relative: 0.05, absolute: Cents(20.0) };
    Options { tolerance, effort: Effort::Quick, ..Options::default() }
}

/// Plans that know all need a narrower gap, but not the narrowest: what is left is small beside what a horizon's end costs.
fn foresight_options() -> Options {
    let tolerance = GapTolerance { relative: 0.01, absolute: Cents(3.0) };
    Options { tolerance, effort: Effort::Quick, ..Options::default() }
}
