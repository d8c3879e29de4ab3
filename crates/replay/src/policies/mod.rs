//! Who decides: the rules people use today, and plans.

mod cheapest;
mod earlier;
mod intent;
mod planning;
mod proofs;
mod rules;
mod spec;
mod thermostat;

use offpeak_domain::{Home, Setpoints};

use crate::error::ReplayError;
use crate::knowledge::Known;
use crate::plant::Wishes;
use crate::state::State;

pub use planning::{Planning, Replan};
pub use proofs::Proofs;
pub use rules::{CarRule, HeatRule, Rules};
pub use spec::{PolicyKind, PolicySpec};

/// Decides what a home does next, from what is known.
pub trait Policy {
    /// What to do in the next intervals, at least one: the policy is asked again after the last of them.
    ///
    /// # Errors
    /// [`ReplayError`] where there is no plan, or a forecast given by the user is impossible.
    fn decide(&mut self, known: &Known<'_>, state: &State) -> Result<Vec<Wishes>, ReplayError>;

    /// How sure it was of the plans it made since it was last asked; a policy that does not plan has none.
    fn take_proofs(&mut self) -> Proofs {
        Proofs::default()
    }
}

/// The setpoints of interval `t` alone, without appliances.
fn slice(home: &Home, setpoints: &Setpoints, t: usize) -> Setpoints {
    let store = |power: &offpeak_domain::StorePower| offpeak_domain::StorePower {
        charge: vec![power.charge[t]],
        discharge: vec![power.discharge[t]],
    };
    let pump = |power: &offpeak_domain::HeatPumpPower| offpeak_domain::HeatPumpPower {
        rooms: vec![power.rooms[t]],
        hot_water: vec![power.hot_water[t]],
        backup: vec![power.backup[t]],
        immersion: vec![power.immersion[t]],
    };
    debug_assert_eq!(home.batteries.len(), setpoints.batteries.len());
    Setpoints {
        curtail: vec![setpoints.curtail[t]],
        batteries: setpoints.batteries.iter().map(store).collect(),
        evs: setpoints.evs.iter().map(store).collect(),
        heat_pumps: setpoints.heat_pumps.iter().map(pump).collect(),
        appliances: Vec::new(),
    }
}
