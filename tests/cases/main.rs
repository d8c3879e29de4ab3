//! Small problems with known answers: from other projects' tests, and worked by hand.
//!
//! Facts and figures only; each answer was derived again. Costs are compared, and schedules only where the
//! optimum is unique. The sources' prices are per unit of energy and stand here as ct/kWh.

mod by_hand;
mod evcc;
mod flexmeasures;
mod oemof;

use offpeak_solver::HomePlan;

/// Two series of kW agree to a watt.
fn assert_power(found: impl IntoIterator<Item = f64>, expected: &[f64]) {
    let found: Vec<f64> = found.into_iter().collect();
    assert_eq!(found.len(), expected.len());
    let agree = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-3);
    assert!(agree, "{found:?} instead of {expected:?}");
}

/// Charging power of the only EV, in kW.
fn ev_charge(planned: &HomePlan) -> impl Iterator<Item = f64> {
    planned.plan.costed.schedule.setpoints.evs[0].charge.iter().map(|power| power.0)
}

/// Compressor power of the only heat pump, in kW.
fn compressor(planned: &HomePlan) -> impl Iterator<Item = f64> {
    let power = &planned.plan.costed.schedule.setpoints.heat_pumps[0];
    (0..power.rooms.len()).map(|t| power.compressor(t).0)
}
