//! From the linear program with every choice fixed to a schedule, and whether that keeps the hard rules.

use offpeak_domain::{Costed, Home};

use crate::allowed::Allowed;
use crate::model::Model;
use crate::oracle::Placement;
use crate::prices::Prices;
use crate::relaxation::Relaxation;
use crate::rules::keeps_rules;
use crate::setpoints::setpoints;

/// Power in kW below which a port counts as unused.
pub(crate) const NOTHING: f64 = 1e-7;

/// A schedule with the choices it was made from.
#[derive(Debug, Clone)]
pub(crate) struct Incumbent {
    pub(crate) costed: Costed,
    pub(crate) allowed: Allowed,
    pub(crate) placements: Vec<Placement>,
    /// kW of every port, `[port * T + t]`.
    pub(crate) powers: Vec<f64>,
    /// Prices of the linear program that it came from.
    pub(crate) prices: Prices,
}

impl Incumbent {
    pub(crate) fn objective(&self) -> f64 {
        self.costed.money.objective().0
    }
}

/// Reads the schedule out of a solved relaxation in which `allowed` leaves nothing open that is not convex; none if it
/// breaks a limit.
pub(crate) fn read(
    home: &Home,
    model: &Model,
    relaxation: &Relaxation,
    allowed: &Allowed,
    (placements, prices): (&[Placement], &Prices),
) -> Option<Incumbent> {
    let mut powers = vec![0.0; model.ports.len() * model.intervals];
    for (port, slots) in powers.chunks_exact_mut(model.intervals).enumerate() {
        let data = &model.ports[port];
        for (t, (slot, power)) in slots.iter_mut().zip(relaxation.power(port)).enumerate() {
            let (open, forced) = allowed.port(model, port, t);
            let least = if forced { data.least[t] } else { 0.0 };
            // A power between nothing and its least would be no schedule; whoever left it open has not decided all.
            if open && !forced && *power > NOTHING && *power < data.least[t] - NOTHING {
                return None;
            }
            *slot = if !open { 0.0 } else { power.clamp(least, data.most[t]) };
            if *slot < NOTHING {
                *slot = least;
            }
        }
    }
    net_both_ways(model, &mut powers);
    for (run, placement) in model.runs.iter().zip(placements) {
        let slots = &mut powers[run.port * model.intervals..][..model.intervals];
        slots.fill(0.0);
        placement.iter().zip(&run.profile).for_each(|(t, power)| slots[*t] = *power);
    }
    let curtail: Vec<f64> =
        relaxation.curtail().iter().zip(&model.grid.curtail).map(|(kw, most)| kw.clamp(0.0, *most)).collect();
    let costed = Costed::of(home, setpoints(home, model, &powers, &curtail));
    let feasible = keeps_rules(home, model, (&powers, &costed.schedule));
    feasible.then(|| Incumbent {
        costed,
        allowed: allowed.clone(),
        placements: placements.to_vec(),
        powers,
        prices: prices.clone(),
    })
}

/// Charging and discharging at once replaced by the one way that moves the store as much, which loses less.
fn net_both_ways(model: &Model, powers: &mut [f64]) {
    let intervals = model.intervals;
    for group in model.groups.iter().filter(|group| group.ports.len() > 1) {
        for t in 0..intervals {
            let used = |port: &&usize| powers[**port * intervals + t] > 0.0;
            let step: f64 = group.ports.iter().map(|port| powers[port * intervals + t] * model.ports[*port].gain[t]).sum();
            if group.ports.iter().filter(used).count() < 2 {
                continue;
            }
            for port in &group.ports {
                let alone = step / model.ports[*port].gain[t];
                powers[port * intervals + t] = alone.max(0.0).min(model.ports[*port].most[t]);
            }
        }
    }
}
