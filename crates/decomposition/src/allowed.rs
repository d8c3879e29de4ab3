//! Which choices are still open: one language for the linear program, the interval oracle, the stores and the tree.

use crate::model::{Group, Model};

/// Bits per group and interval, and per interval for the direction at the meter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Allowed {
    intervals: usize,
    groups: Vec<u8>,
    direction: Vec<u8>,
}

/// Bit of a group for no port in use.
pub(crate) const IDLE: u8 = 1;
/// Bit of a direction for importing (net power at least 0).
pub(crate) const IMPORT: u8 = 1;
/// Bit of a direction for exporting (net power at most 0).
pub(crate) const EXPORT: u8 = 2;

/// The bit of the port at `position` in its group.
pub(crate) fn port_bit(position: usize) -> u8 {
    2 << position
}

impl Allowed {
    /// Everything that is physically possible.
    pub(crate) fn all(model: &Model) -> Self {
        let bits = |(group, t): (&Group, usize)| {
            let usable = group.ports.iter().enumerate().filter(|(_, port)| model.ports[**port].usable(t));
            usable.fold(IDLE, |bits, (position, _)| bits | port_bit(position))
        };
        let intervals = model.intervals;
        let groups = model.groups.iter().flat_map(|group| (0..intervals).map(move |t| (group, t))).map(bits);
        Self { intervals, groups: groups.collect(), direction: vec![IMPORT | EXPORT; intervals] }
    }

    pub(crate) fn group(&self, group: usize, t: usize) -> u8 {
        self.groups[group * self.intervals + t]
    }

    pub(crate) fn set_group(&mut self, group: usize, t: usize, bits: u8) {
        self.groups[group * self.intervals + t] = bits;
    }

    pub(crate) fn direction(&self, t: usize) -> u8 {
        self.direction[t]
    }

    pub(crate) fn set_direction(&mut self, t: usize, bits: u8) {
        self.direction[t] = bits;
    }

    /// Whether the port may be in use, and whether it must be.
    pub(crate) fn port(&self, model: &Model, port: usize, t: usize) -> (bool, bool) {
        let (group, position) = model.places[port];
        let bits = self.group(group, t);
        (bits & port_bit(position) != 0, bits == port_bit(position))
    }
}
