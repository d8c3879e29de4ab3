//! A port: one power of a device, at least 0, as the meter sees it.

use crate::interval::MeterRule;

/// Which setpoint of the home a port is, with the index of its device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    BatteryCharge(usize),
    BatteryDischarge(usize),
    EvCharge(usize),
    EvDischarge(usize),
    Rooms(usize),
    HotWater(usize),
    Backup(usize),
    Immersion(usize),
    Appliance(usize),
}

/// One power of a device: 0, or from `least[t]` to `most[t]` kW.
#[derive(Debug, Clone)]
pub(crate) struct Port {
    /// The setpoint it is.
    pub(crate) role: Role,
    /// +1 where it draws from the home, -1 where it gives.
    pub(crate) sign: f64,
    /// Least power while in use, kW per interval.
    pub(crate) least: Vec<f64>,
    /// Most power, kW per interval; 0 where it can't be used.
    pub(crate) most: Vec<f64>,
    /// What the meter must do while it is in use.
    pub(crate) rule: MeterRule,
    /// Store units per kW over an interval, with the sign of the store's change.
    pub(crate) gain: Vec<f64>,
    /// Own cost in ct per kW over an interval: wear.
    pub(crate) cost: Vec<f64>,
    /// The store may not end an interval of use below this.
    pub(crate) floor: f64,
}

impl Port {
    /// Whether it moves a store, as all but appliances do.
    pub(crate) fn moves_store(&self) -> bool {
        !matches!(self.role, Role::Appliance(_))
    }

    /// Whether it can be used in interval `t`.
    pub(crate) fn usable(&self, t: usize) -> bool {
        self.most[t] > 0.0
    }
}

/// Ports of one device, at most one of them in use in an interval.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The ports.
    pub(crate) ports: Vec<usize>,
    /// Powers a port of the group can have, where they are single levels and not a range; empty for a range.
    pub(crate) levels: Vec<f64>,
}
