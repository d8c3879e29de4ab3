//! The couplings hold for every combination of on and off that the meter's rules allow.

use super::coupling::Coupling;
use crate::interval::MeterRule;
use crate::model::Model;
use crate::tests::home;

/// Every choice of a group in interval `t`: nothing, or one of its ports at its least or most power.
fn choices(model: &Model, group: usize, t: usize) -> Vec<Option<(usize, f64)>> {
    let ports = model.groups[group].ports.iter().filter(|port| model.ports[**port].usable(t));
    let ends =
        |port: &usize| [model.ports[*port].least[t], model.ports[*port].most[t]].map(|kw| Some((*port, kw)));
    std::iter::once(None).chain(ports.flat_map(ends)).collect()
}

/// Whether the rules of the ports in use allow this net power, kW.
fn allows(model: &Model, used: &[(usize, f64)], net: f64) -> bool {
    used.iter().filter(|(_, kw)| *kw > 0.0).all(|(port, _)| match model.ports[*port].rule {
        MeterRule::Free => true,
        MeterRule::NotWhileImporting => net <= 0.0,
        MeterRule::NotWhileExporting => net >= 0.0,
    })
}

fn check(model: &Model, couplings: &[Coupling], t: usize, used: &[(usize, f64)]) -> bool {
    let net = model.grid.base[t] + used.iter().map(|(port, kw)| model.ports[*port].sign * kw).sum::<f64>();
    if !allows(model, used, net) {
        return false;
    }
    for coupling in couplings {
        let counted = used.iter().filter(|(port, _)| coupling.counts(model, *port));
        let sum: f64 = counted.map(|(port, kw)| coupling.shares[port * model.intervals + t] * kw).sum();
        if coupling.is_rule() {
            assert!(sum <= 1.0 + 1e-7, "rule at {t}: {sum}, {used:?}");
        } else {
            assert!(net.max(0.0) + sum >= -1e-7, "cut at {t}: {net} {sum}, {used:?}");
        }
    }
    true
}

#[test]
fn no_allowed_combination_breaks_a_cut_or_a_rule() {
    let (mut rules, mut allowed) = (0, 0);
    for seed in 0..12 {
        let model = Model::of(&home(seed));
        let couplings = Coupling::all(&model, 0);
        rules += couplings.iter().filter(|coupling| coupling.is_rule()).count();
        for t in 0..model.intervals {
            let mut combinations: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
            for group in 0..model.groups.len() {
                let choices = choices(&model, group, t);
                let extended = combinations.iter().flat_map(|one| {
                    choices.iter().map(|choice| one.iter().copied().chain(*choice).collect())
                });
                combinations = extended.collect();
            }
            allowed += combinations.iter().filter(|used| check(&model, &couplings, t, used)).count();
        }
    }
    assert!(rules > 5 && allowed > 10_000, "{rules} {allowed}");
}
