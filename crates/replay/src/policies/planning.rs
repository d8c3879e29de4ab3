//! Policies that plan: once a day, every so often, or with hindsight.

use offpeak_domain::{Home, InvalidInput, RUNNING};
use offpeak_solver::{HomePlan, Options, plan_again, plan_home};
use serde::{Deserialize, Serialize};

use super::earlier::Earlier;
use super::intent::{following, still};
use super::{Policy, Proofs, slice};
use crate::error::ReplayError;
use crate::knowledge::{Known, Window};
use crate::plant::Wishes;
use crate::state::State;

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
/// A plan reaches `hours` ahead, over known prices and then estimated ones, and at least over what is applied of it. Batteries
/// follow the real meter as far as the plan does not mean otherwise; the heat pump's thermostat guards the comfort band.
#[derive(Debug, Clone)]
pub struct Planning {
    /// When to plan anew.
    pub replan: Replan,
    /// How far to look, in hours.
    pub hours: f64,
    /// How far a plan stays above the lowest rooms and tanks may be, as a share of their bands: room for forecasts that err.
    pub caution: f64,
    /// How hard to search.
    pub options: Options,
    /// The last plan, at which the search for the next one looks first.
    earlier: Option<Earlier>,
    /// Certificates that nobody has asked for yet.
    proofs: Proofs,
}

impl Planning {
    /// A planner that has not planned yet.
    pub fn new(replan: Replan, hours: f64, caution: f64, options: Options) -> Self {
        Self { replan, hours, caution, options, earlier: None, proofs: Proofs::default() }
    }
}

impl Policy for Planning {
    fn decide(&mut self, known: &Known<'_>, state: &State) -> Result<Vec<Wishes>, ReplayError> {
        let apply = match self.replan {
            Replan::AtPublication => known.until_publication(),
            Replan::Every(intervals) => intervals.max(1),
        };
        let horizon = known.span.intervals_in(self.hours);
        let window = known.window(state, horizon.max(apply))?;
        let home = cautious(&window.home, self.caution)?;
        let plan = match &self.earlier {
            Some(earlier) => plan_again(&home, &earlier.for_window(&window), &self.options)?,
            None => plan_home(&home, &self.options)?,
        };
        self.proofs.count(&plan.plan.certificate, self.options.tolerance);
        let last = apply.min(window.home.horizon.len());
        let wishes = (0..last).map(|t| wishes(&window, &plan, t)).collect();
        self.earlier = Some(Earlier::new(&window, plan));
        Ok(wishes)
    }

    fn take_proofs(&mut self) -> Proofs {
        std::mem::take(&mut self.proofs)
    }
}

/// The home with its comfort bands narrowed from below by a share of them.
fn cautious(home: &Home, share: f64) -> Result<Home, InvalidInput> {
    let mut spec = offpeak_domain::HomeSpec::clone(home);
    for pump in &mut spec.heat_pumps {
        if let Some(rooms) = &mut pump.rooms {
            for (lowest, highest) in rooms.lowest.iter_mut().zip(&rooms.highest) {
                lowest.0 += share * (*highest - *lowest).0;
            }
        }
        if let Some(water) = &mut pump.hot_water {
            for (lowest, highest) in water.lowest.iter_mut().zip(&water.highest) {
                *lowest += (*highest - *lowest) * share;
            }
        }
    }
    Home::new(spec)
}

/// What the plan wants in interval `t`.
fn wishes(window: &Window, plan: &HomePlan, t: usize) -> Wishes {
    let schedule = &plan.plan.costed.schedule;
    let setpoints = &schedule.setpoints;
    let runs = window.runs.iter().zip(&setpoints.appliances);
    Wishes {
        setpoints: slice(&window.home, setpoints, t),
        runs: runs.filter(|(_, power)| power[t] > RUNNING).map(|(index, _)| *index).collect(),
        batteries: (0..setpoints.batteries.len())
            .map(|index| following(&window.home, schedule, index, t))
            .collect(),
        no_export: setpoints.curtail[t] > RUNNING && still(schedule.export[t]),
        guarded: true,
    }
}
