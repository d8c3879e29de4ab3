//! Policies that plan: once a day, every so often, or with hindsight.

use offpeak_domain::{Kilowatts, RUNNING};
use offpeak_solver::{HomePlan, Options, plan_home};
use serde::{Deserialize, Serialize};

use super::{Policy, slice};
use crate::error::ReplayError;
use crate::knowledge::{Known, Window};
use crate::plant::Wishes;
use crate::state::State;

/// A meter reading below this counts as still, in kW.
const STILL: f64 = 1e-3;

/// When a planner plans anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replan {
    /// When new prices are published.
    AtPublication,
    /// After so many intervals.
    Every(usize),
}

/// Plans, applies the first part, plans again.
///
/// A plan reaches over all known prices, and over estimated ones up to `hours` ahead. Where it lets the battery hold the meter
/// at zero, the battery follows the real meter; where it heats, the heat pump's thermostat guards the comfort band.
#[derive(Debug, Clone)]
pub struct Planning {
    /// When to plan anew.
    pub replan: Replan,
    /// How far to look at least, in hours.
    pub hours: f64,
    /// How hard to search.
    pub options: Options,
}

impl Policy for Planning {
    fn decide(&mut self, known: &Known<'_>, state: &State) -> Result<Vec<Wishes>, ReplayError> {
        let apply = match self.replan {
            Replan::AtPublication => known.until_publication(),
            Replan::Every(intervals) => intervals.max(1),
        };
        let least = known.span.intervals_in(self.hours);
        let published = known.priced_intervals();
        // Where all prices are known, as in a contract or with hindsight, there is no need to look at all of them.
        let all_known = published == known.span.home().horizon.len() - known.now();
        let horizon = if all_known { least } else { least.max(published) };
        let window = known.window(state, horizon.max(apply))?;
        let plan = plan_home(&window.home, &self.options)?;
        let last = apply.min(window.home.horizon.len());
        Ok((0..last).map(|t| wishes(&window, &plan, t)).collect())
    }
}

/// What the plan wants in interval `t`.
fn wishes(window: &Window, plan: &HomePlan, t: usize) -> Wishes {
    let schedule = &plan.plan.costed.schedule;
    let setpoints = &schedule.setpoints;
    let still = |power: Kilowatts| power.0 < STILL;
    let holds_meter = still(schedule.import[t]) && still(schedule.export[t]);
    let runs = window.runs.iter().zip(&setpoints.appliances);
    Wishes {
        setpoints: slice(&window.home, setpoints, t),
        runs: runs.filter(|(_, power)| power[t] > RUNNING).map(|(index, _)| *index).collect(),
        follow_meter: vec![holds_meter; setpoints.batteries.len()],
        no_export: setpoints.curtail[t] > RUNNING && still(schedule.export[t]),
        guarded: true,
    }
}
