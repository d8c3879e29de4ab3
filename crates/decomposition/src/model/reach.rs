//! What the meter's rules leave of a port at all: a surplus or a need that can be there.

use super::{Group, Model};
use crate::interval::MeterRule;

/// Lest a least power that just fits is rounded away, kW.
const ROUNDING: f64 = 1e-9;

/// Lowers the most power of every port under a rule to what the rest of the home can ask for or leave over.
pub(super) fn cut_ruled_ports(model: &mut Model) {
    let each = |index: usize| (0..model.intervals).map(|t| most_under_rule(model, index, t)).collect();
    let most: Vec<Vec<f64>> = (0..model.ports.len()).map(each).collect();
    for (port, most) in model.ports.iter_mut().zip(most) {
        port.most = most;
    }
}

fn most_under_rule(model: &Model, index: usize, t: usize) -> f64 {
    let port = &model.ports[index];
    let most = match port.rule {
        MeterRule::Free => return port.most[t],
        MeterRule::NotWhileImporting => model.most_of_others(index, -1.0, t) - model.grid.base[t],
        MeterRule::NotWhileExporting => {
            model.most_of_others(index, 1.0, t) + model.grid.base[t] + model.grid.curtail[t]
        }
    };
    let most = (most.max(0.0) + ROUNDING).min(port.most[t]);
    if most < port.least[t] || most <= 2.0 * ROUNDING { 0.0 } else { most }
}

impl Model {
    /// The most that all groups but that of port `own` draw (`sign` +1) or give (-1) in interval `t`, kW.
    pub(crate) fn most_of_others(&self, own: usize, sign: f64, t: usize) -> f64 {
        let others = self.groups.iter().filter(|group| !group.ports.contains(&own));
        others.map(|group| self.most_of_group(group, sign, t)).sum()
    }

    /// The most that one group draws (`sign` +1) or gives (-1) in interval `t`, kW.
    pub(crate) fn most_of_group(&self, group: &Group, sign: f64, t: usize) -> f64 {
        let ports = group.ports.iter().map(|port| &self.ports[*port]);
        ports.filter(|port| port.sign * sign > 0.0).map(|port| port.most[t]).fold(0.0, f64::max)
    }
}
