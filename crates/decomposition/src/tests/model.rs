//! The flat model says what the domain says: states, money, and which choices exclude each other.

use super::{home, powers, schedules};
use crate::model::Model;

/// The objective of `powers` by the model's own numbers.
fn money(model: &Model, powers: &[Vec<f64>], (import, export): (&[f64], &[f64]), starts: usize) -> f64 {
    let grid = &model.grid;
    let mut total = 0.0;
    for t in 0..model.intervals {
        total += grid.import_slope[t] * import[t] - grid.export_slope[t] * export[t];
        total += grid.overshoot_slope[t] * (import[t] - grid.import_limit[t]).max(0.0);
        total += grid.overshoot_slope[t] * (export[t] - grid.export_limit[t]).max(0.0);
    }
    for peak in &grid.peaks {
        let highest = import[peak.intervals.clone()].iter().copied().fold(0.0, f64::max);
        total += peak.price.0 * (highest - peak.already_reached.0).max(0.0);
    }
    for device in &model.stores {
        let mut x = device.store.initial;
        for (t, edge) in device.store.edges.iter().enumerate() {
            x = device.store.decay[t] * x + device.store.drift[t];
            for port in device.ports().chain(device.heater) {
                x += model.ports[port].gain[t] * powers[port][t];
                total += model.ports[port].cost[t] * powers[port][t];
            }
            if let Some(price) = edge.lift_price {
                total += price * (edge.low - x).max(0.0);
                x = x.max(edge.low);
            }
            assert!(x > edge.low - 1e-6 && x < edge.high + 1e-6, "a state outside its domain");
            total += edge.cost(x);
        }
        total +=
            if device.automaton.start_cost > 0.0 { device.automaton.start_cost * starts as f64 } else { 0.0 };
    }
    total
}

#[test]
fn schedules_that_keep_the_rules_cost_in_the_model_what_they_cost_in_the_domain() {
    for seed in 0..20 {
        let home = home(seed);
        let model = Model::of(&home);
        for costed in schedules(&home, seed, 60) {
            let schedule = &costed.schedule;
            let powers = powers(&home, &model, &schedule.setpoints);
            let import: Vec<f64> = schedule.import.iter().map(|kw| kw.0).collect();
            let export: Vec<f64> = schedule.export.iter().map(|kw| kw.0).collect();
            let starts = offpeak_domain::compressor_starts(&home, &schedule.setpoints, 0).len();
            let own = money(&model, &powers, (&import, &export), starts);
            let truth = costed.money.objective().0;
            assert!((own - truth).abs() < 1e-6 * (1.0 + truth.abs()), "seed {seed}: {own} {truth}");
        }
    }
}

#[test]
fn no_schedule_uses_two_ports_of_a_group_or_a_power_outside_its_port() {
    for seed in 0..20 {
        let home = home(seed);
        let model = Model::of(&home);
        for costed in schedules(&home, seed, 60) {
            let powers = powers(&home, &model, &costed.schedule.setpoints);
            let everywhere =
                model.groups.iter().flat_map(|group| (0..model.intervals).map(move |t| (group, t)));
            for (group, t) in everywhere {
                let used = group.ports.iter().map(|port| (&model.ports[*port], powers[*port][t]));
                let used: Vec<_> = used.filter(|(_, kw)| *kw > 1e-9).collect();
                assert!(used.len() <= 1, "seed {seed}: {used:?}");
                for (port, kw) in used {
                    assert!(kw >= port.least[t] - 1e-6 && kw <= port.most[t] + 1e-6, "{:?} {kw}", port.role);
                }
            }
        }
    }
}

#[test]
fn every_port_stands_at_its_place_in_one_group() {
    let model = Model::of(&home(1));
    for (port, (group, position)) in model.places.iter().enumerate() {
        assert_eq!(model.groups[*group].ports[*position], port);
    }
    assert_eq!(model.groups.iter().map(|group| group.ports.len()).sum::<usize>(), model.ports.len());
    assert_eq!((model.stores.len(), model.shared.len(), model.runs.len()), (4, 1, 1));
}
