//! What a meter rule leaves of a power at all, from the data of the home alone.
//!
//! A battery that charges only while nothing is imported charges at most the surplus that the home can have: its generation and
//! what other stores give, less its load. One that discharges only while nothing is exported gives at most the need.

use offpeak_domain::{Ev, HeatPump, Home};

/// Room for rounding where a least power just fits, in kW.
const ROUNDING: f64 = 1e-8;

/// Whose power it is, so that it does not count its own device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    Battery(usize),
    Ev(usize),
}

/// The most surplus in interval `t` in kW, with every other store giving all it can.
pub(crate) fn surplus(home: &Home, own: Own, t: usize) -> f64 {
    let batteries = home.batteries.iter().enumerate().filter(|(index, _)| own != Own::Battery(*index));
    let evs = home.evs.iter().enumerate().filter(|(index, ev)| own != Own::Ev(*index) && is_here(ev, t));
    let given: f64 = batteries.map(|(_, battery)| battery.max_discharge[t].0).sum::<f64>()
        + evs.filter_map(|(_, ev)| ev.discharge.as_ref()).map(|discharge| discharge.power.max.0).sum::<f64>();
    (given - home.grid.base(t).0).max(0.0) + ROUNDING
}

/// The most need in interval `t` in kW, with every other device drawing all it can and no generation where it can be curtailed.
pub(crate) fn need(home: &Home, own: Own, t: usize) -> f64 {
    let base = if home.grid.can_curtail { home.grid.load[t].0 } else { home.grid.base(t).0 };
    let batteries = home.batteries.iter().enumerate().filter(|(index, _)| own != Own::Battery(*index));
    let evs = home.evs.iter().enumerate().filter(|(index, ev)| own != Own::Ev(*index) && is_here(ev, t));
    let highest =
        |powers: &[offpeak_domain::Kilowatts]| powers.iter().map(|power| power.0).fold(0.0, f64::max);
    let drawn = batteries.map(|(_, battery)| battery.max_charge[t].0).sum::<f64>()
        + evs.map(|(_, ev)| ev.max_charge().0).sum::<f64>()
        + home.heat_pumps.iter().map(|pump| pumped(pump, t)).sum::<f64>()
        + home
            .appliances
            .iter()
            .filter(|one| (one.earliest_start..one.latest_start + one.profile.len()).contains(&t))
            .map(|appliance| highest(&appliance.profile))
            .sum::<f64>();
    (base + drawn).max(0.0) + ROUNDING
}

fn is_here(ev: &Ev, t: usize) -> bool {
    ev.sessions.iter().any(|session| session.connected.contains(&t))
}

/// The most power of a heat pump: its compressor's larger way and its heaters.
fn pumped(pump: &HeatPump, t: usize) -> f64 {
    let compressor = pump.compressions().map(|way| way.max_power[t].0).fold(0.0, f64::max);
    let backup = pump.rooms.as_ref().map_or(0.0, |rooms| rooms.backup_max.0);
    let immersion = pump.hot_water.as_ref().map_or(0.0, |water| water.heater_max.0);
    compressor + backup + immersion
}
