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
            *slot = if open { power.clamp(least, data.most[t]) } else { 0.0 };
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
            let step: f64 = group
                .ports
                .iter()
                .map(|port| powers[port * intervals + t] * model.ports[*port].gain[t])
                .sum();
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

#[cfg(test)]
mod tests {
    use offpeak_domain::{Battery, Home};
    use offpeak_testhomes::plain;

    use super::*;
    use crate::lp::Settings;

    fn home_with_battery() -> Home {
        let mut spec = plain::hourly(&[10.0, 30.0]);
        let battery = plain::battery(&spec, 5.0, 4.0);
        spec.batteries.push(Battery { charge_efficiency: 0.9, discharge_efficiency: 0.8, ..battery });
        Home::new(spec).expect("a valid home")
    }

    #[test]
    fn both_ways_at_once_become_the_one_that_moves_the_store_as_much() {
        let model = Model::of(&home_with_battery());
        // Charge 2 and 1 kW, discharge 0.4 and 2 kW: the store moves by 1.3 and -1.6 kWh.
        let mut powers = vec![2.0, 1.0, 0.4, 2.0];
        net_both_ways(&model, &mut powers);
        let expected = [1.3 / 0.9, 0.0, 0.0, 1.6 * 0.8];
        let close = powers.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12);
        assert!(close, "{powers:?}");
    }

    #[test]
    fn an_appliance_runs_where_it_is_placed_with_the_power_of_each_part() {
        let mut spec = plain::hourly(&[10.0, 20.0, 30.0, 40.0]);
        spec.appliances.push(plain::appliance(&spec, &[2.0, 0.5], 0..=2));
        let home = Home::new(spec).expect("a valid home");
        let model = Model::of(&home);
        let mut relaxation = Relaxation::of(&model, |_| true);
        let allowed = Allowed::all(&model);
        relaxation.solve(&model, &allowed, &[0.0, 0.0, 2.0, 0.5], &Settings::default());
        let prices = Prices::zero(&model);
        let found = read(&home, &model, &relaxation, &allowed, (&[vec![2, 3]], &prices)).expect("a schedule");
        let power: Vec<f64> = found.costed.schedule.setpoints.appliances[0].iter().map(|kw| kw.0).collect();
        assert_eq!(power, [0.0, 0.0, 2.0, 0.5]);
        assert!((found.objective() - 80.0).abs() < 1e-5, "{}", found.objective());
    }
}
