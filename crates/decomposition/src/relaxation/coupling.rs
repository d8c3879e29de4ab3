//! Rows that count the powers of several devices in one interval, beside the balance. Their duals give each device a price
//! of its own, which the balance alone can't.

use crate::interval::MeterRule;
use crate::model::Model;

/// Rows of rules at most; further pairs of a ruled port and a drawing group get none.
const MOST_RULES: usize = 3;

/// What a row counts of each port's power.
#[derive(Debug)]
pub(super) struct Coupling {
    kind: Kind,
    /// Its row.
    pub(super) row: usize,
    /// `[port * T + t]`
    pub(super) shares: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// `import + what stores give >= sum of (1 - surplus / least) power`, over ports with a least power.
    ///
    /// With one port on, `power - surplus >= (1 - surplus / least) power` since `power >= least`; with several on, the
    /// left side has all of their power and the surplus only once.
    Cut,
    /// `charge / surplus + power / most <= 1` for a store that may not charge while the home imports, and a group that draws.
    ///
    /// Charging leaves the group at most `surplus - charge`, which lies below the line from charging all of the surplus
    /// to the group's most power.
    Rule { port: usize, group: usize },
}

impl Coupling {
    /// All that a home needs, in rows from `first` on: the cut, then the rules.
    pub(super) fn all(model: &Model, first: usize) -> Vec<Self> {
        let kinds = std::iter::once(Kind::Cut).chain(rules(model).take(MOST_RULES));
        let coupling = |(at, kind)| {
            let mut coupling =
                Self { kind, row: first + at, shares: vec![0.0; model.ports.len() * model.intervals] };
            coupling.write(model);
            coupling
        };
        kinds.enumerate().map(coupling).collect()
    }

    /// Whether the port is ever counted.
    pub(super) fn counts(&self, model: &Model, port: usize) -> bool {
        match self.kind {
            Kind::Cut => true,
            Kind::Rule { port: ruled, group } => {
                port == ruled || (model.ports[port].sign > 0.0 && model.groups[group].ports.contains(&port))
            }
        }
    }

    /// Sign of the slack's coefficient; its box is `[0, 1]` for a rule.
    pub(super) fn is_rule(&self) -> bool {
        matches!(self.kind, Kind::Rule { .. })
    }

    /// Writes the shares. Appliances are left out of the surplus: they may run at another time, and only lessen it.
    fn write(&mut self, model: &Model) {
        for port in 0..model.ports.len() {
            for t in 0..model.intervals {
                let surplus = -model.grid.base[t];
                self.shares[port * model.intervals + t] = self.share(model, port, t, surplus);
            }
        }
    }

    fn share(&self, model: &Model, port: usize, t: usize, surplus: f64) -> f64 {
        let data = &model.ports[port];
        match self.kind {
            Kind::Cut if data.sign < 0.0 => 1.0,
            Kind::Cut if surplus > 0.0 && least_of_role(model, port, t) > surplus => {
                surplus / least_of_role(model, port, t) - 1.0
            }
            Kind::Cut => 0.0,
            Kind::Rule { port: ruled, group } => {
                let most_left = surplus + model.most_of_others(ruled, -1.0, t);
                if !self.counts(model, port) || most_left <= 0.0 || !model.ports[ruled].usable(t) {
                    0.0
                } else if port == ruled {
                    1.0 / most_left
                } else {
                    1.0 / most_left.max(model.most_of_group(&model.groups[group], 1.0, t))
                }
            }
        }
    }
}

/// Every store that may not charge while importing, with every group that draws beside it, largest first.
fn rules(model: &Model) -> impl Iterator<Item = Kind> + '_ {
    let ruled = (0..model.ports.len()).filter(|port| model.ports[*port].rule == MeterRule::NotWhileImporting);
    ruled.flat_map(|port| {
        let mut groups: Vec<usize> =
            (0..model.groups.len()).filter(|group| *group != model.places[port].0).collect();
        let size = |group: &usize| {
            (0..model.intervals)
                .map(|t| model.most_of_group(&model.groups[*group], 1.0, t))
                .fold(0.0, f64::max)
        };
        groups.retain(|group| {
            size(group) > 0.0
                && model.groups[*group].ports.iter().all(|port| model.ports[*port].moves_store())
        });
        groups.sort_by(|a, b| size(b).total_cmp(&size(a)));
        groups.into_iter().map(move |group| Kind::Rule { port, group })
    })
}

/// The least power of a port, or of a lower mode of the same device: one share, and so one price, for all its modes.
fn least_of_role(model: &Model, port: usize, t: usize) -> f64 {
    let role = model.ports[port].role;
    let modes = model.groups[model.places[port].0].ports.iter().map(|port| &model.ports[*port]);
    modes.filter(|mode| mode.role == role).map(|mode| mode.least[t]).fold(f64::INFINITY, f64::min)
}
