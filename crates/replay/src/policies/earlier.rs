//! What the last plan leaves to the next: where to look first.

use offpeak_domain::{Horizon, Kilowatts, Multipliers, Proof, Setpoints, WarmStart};
use offpeak_solver::HomePlan;

use crate::knowledge::Window;

/// A plan that was made before, and for which appliances of the span.
#[derive(Debug, Clone)]
pub(super) struct Earlier {
    horizon: Horizon,
    setpoints: Setpoints,
    multipliers: Option<Multipliers>,
    runs: Vec<usize>,
}

impl Earlier {
    pub(super) fn new(window: &Window, plan: HomePlan) -> Self {
        let proof = plan.plan.certificate.proof.as_ref();
        Self {
            horizon: window.home.horizon.clone(),
            setpoints: plan.plan.costed.schedule.setpoints,
            multipliers: proof.and_then(Proof::deciding_multipliers).cloned(),
            runs: window.runs.clone(),
        }
    }

    /// The earlier plan on the horizon and for the appliances of `window`.
    pub(super) fn for_window(&self, window: &Window) -> WarmStart {
        let place = |run: &usize| self.runs.iter().position(|earlier| earlier == run);
        let idle = || vec![Kilowatts::ZERO; self.horizon.len()];
        let mut setpoints = self.setpoints.clone();
        let power = |run: &usize| place(run).map_or_else(idle, |at| self.setpoints.appliances[at].clone());
        setpoints.appliances = window.runs.iter().map(power).collect();
        let multipliers = self.multipliers.clone().map(|mut multipliers| {
            let price = |run: &usize| place(run).and_then(|at| multipliers.appliances.get(at)).cloned();
            let prices =
                window.runs.iter().map(|run| price(run).unwrap_or_else(|| vec![0.0; self.horizon.len()]));
            multipliers.appliances = prices.collect();
            multipliers
        });
        WarmStart::shifted((&setpoints, multipliers.as_ref()), &self.horizon, &window.home.horizon)
    }
}
