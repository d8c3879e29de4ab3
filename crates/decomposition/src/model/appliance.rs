//! An appliance as a run of a fixed profile behind one port.

use offpeak_domain::Home;

use super::Model;
use super::port::{Group, Port, Role};
use crate::interval::MeterRule;

/// Distinct powers of a profile up to which an interval tells them apart.
const MOST_LEVELS: usize = 2;

/// One run of a fixed profile.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// Its port.
    pub(crate) port: usize,
    /// kW of each part.
    pub(crate) profile: Vec<f64>,
    /// Intervals of the first part of an unbroken run.
    pub(crate) starts: std::ops::RangeInclusive<usize>,
    /// Whether it may pause between parts.
    pub(crate) interruptible: bool,
    /// Cost in ct of not running; a profile without power never counts as skipped.
    pub(crate) skip_penalty: f64,
}

pub(super) fn add(model: &mut Model, home: &Home, index: usize) {
    let appliance = &home.appliances[index];
    let intervals = home.horizon.len();
    let profile: Vec<f64> = appliance.profile.iter().map(|power| power.0).collect();
    let highest = profile.iter().copied().fold(0.0, f64::max);
    let window = appliance.earliest_start..appliance.latest_start + profile.len();
    let mut levels: Vec<f64> = profile.iter().copied().filter(|power| *power > 0.0).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    if levels.len() > MOST_LEVELS {
        levels.clear();
    }
    let port = model.add_port(Port {
        role: Role::Appliance(index),
        sign: 1.0,
        least: vec![0.0; intervals],
        most: (0..intervals).map(|t| if window.contains(&t) { highest } else { 0.0 }).collect(),
        rule: MeterRule::Free,
        gain: vec![0.0; intervals],
        cost: vec![0.0; intervals],
        floor: f64::NEG_INFINITY,
    });
    model.groups.push(Group { ports: vec![port], levels });
    model.runs.push(Run {
        port,
        profile,
        starts: appliance.earliest_start..=appliance.latest_start,
        interruptible: appliance.interruptible,
        skip_penalty: if highest > offpeak_domain::RUNNING.0 { appliance.skip_penalty.0 } else { 0.0 },
    });
}
