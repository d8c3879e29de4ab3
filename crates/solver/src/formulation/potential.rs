//! What can flow at all: bounds on the net power of a home, which decide where a binary matters.

use offpeak_domain::{Ev, HeatPump, Home};

/// Extremes of net power, kW per interval: load minus generation plus what devices can at most add or take away.
pub(crate) struct Potential {
    /// Most net power with everything on.
    pub(crate) highest_net: Vec<f64>,
    /// Least net power with every store discharging.
    pub(crate) lowest_net: Vec<f64>,
}

impl Potential {
    pub(crate) fn of(home: &Home) -> Self {
        let intervals = home.horizon.len();
        let mut highest_net = Vec::with_capacity(intervals);
        let mut lowest_net = Vec::with_capacity(intervals);
        for t in 0..intervals {
            let base = home.grid.base(t).0;
            let uncurtailed = if home.grid.can_curtail { home.grid.load[t].0 } else { base };
            highest_net.push(uncurtailed + most_drawn(home, t));
            lowest_net.push(base - most_given(home, t));
        }
        Self { highest_net, lowest_net }
    }

    /// Most power that can be imported in `t`, by devices and by the limit with its overshoot.
    pub(crate) fn most_imported(&self, home: &Home, t: usize) -> f64 {
        let allowed = home.grid.import_limit[t] + home.import_overshoot_allowed(t);
        self.highest_net[t].max(0.0).min(allowed.0)
    }

    /// Most power that can be exported in `t`, by devices and by the limit with its overshoot.
    pub(crate) fn most_exported(&self, home: &Home, t: usize) -> f64 {
        let allowed = home.grid.export_limit[t] + home.export_overshoot_allowed(t);
        (-self.lowest_net[t]).max(0.0).min(allowed.0)
    }

    /// Whether net power may have either sign in `t`.
    pub(crate) fn crosses_zero(&self, t: usize) -> bool {
        self.highest_net[t] > 0.0 && self.lowest_net[t] < 0.0
    }
}

fn most_drawn(home: &Home, t: usize) -> f64 {
    let batteries: f64 = home.batteries.iter().map(|battery| battery.max_charge[t].0).sum();
    let evs: f64 = home.evs.iter().filter(|ev| is_connected(ev, t)).map(|ev| ev.max_charge().0).sum();
    let pumps: f64 = home.heat_pumps.iter().map(|pump| most_pumped(pump, t)).sum();
    let appliances: f64 = home
        .appliances
        .iter()
        .map(|appliance| appliance.profile.iter().map(|power| power.0).fold(0.0, f64::max))
        .sum();
    batteries + evs + pumps + appliances
}

fn most_pumped(pump: &HeatPump, t: usize) -> f64 {
    let compressor = pump.compressions().map(|compression| compression.max_power[t].0).fold(0.0, f64::max);
    let backup = pump.rooms.as_ref().map_or(0.0, |rooms| rooms.backup_max.0);
    let immersion = pump.hot_water.as_ref().map_or(0.0, |water| water.heater_max.0);
    compressor + backup + immersion
}

fn most_given(home: &Home, t: usize) -> f64 {
    let batteries: f64 = home.batteries.iter().map(|battery| battery.max_discharge[t].0).sum();
    let evs: f64 = home
        .evs
        .iter()
        .filter(|ev| is_connected(ev, t))
        .filter_map(|ev| ev.discharge.as_ref())
        .map(|discharge| discharge.power.max.0)
        .sum();
    batteries + evs
}

pub(crate) fn is_connected(ev: &Ev, t: usize) -> bool {
    ev.sessions.iter().any(|session| session.connected.contains(&t))
}
