//! From powers of ports to setpoints of the home, and back.

use offpeak_domain::{Home, Kilowatts, Setpoints};

use crate::model::{Model, Role};

/// Setpoints with `powers[port * T + t]` and `curtail[t]` in kW.
pub(crate) fn setpoints(home: &Home, model: &Model, powers: &[f64], curtail: &[f64]) -> Setpoints {
    let mut setpoints = Setpoints::idle(home);
    let write = |into: &mut [Kilowatts], from: &[f64]| {
        into.iter_mut().zip(from).for_each(|(into, from)| into.0 += from);
    };
    for (port, powers) in model.ports.iter().zip(powers.chunks_exact(model.intervals)) {
        let into = match port.role {
            Role::BatteryCharge(index) => &mut setpoints.batteries[index].charge,
            Role::BatteryDischarge(index) => &mut setpoints.batteries[index].discharge,
            Role::EvCharge(index) => &mut setpoints.evs[index].charge,
            Role::EvDischarge(index) => &mut setpoints.evs[index].discharge,
            Role::Rooms(index) => &mut setpoints.heat_pumps[index].rooms,
            Role::HotWater(index) => &mut setpoints.heat_pumps[index].hot_water,
            Role::Backup(index) => &mut setpoints.heat_pumps[index].backup,
            Role::Immersion(index) => &mut setpoints.heat_pumps[index].immersion,
            Role::Appliance(index) => &mut setpoints.appliances[index],
        };
        write(into, powers);
    }
    write(&mut setpoints.curtail, curtail);
    setpoints
}

/// The series of setpoints that a port is part of; none where the home has no such device.
pub(crate) fn of_role(setpoints: &Setpoints, role: Role) -> Option<&[Kilowatts]> {
    let store = match role {
        Role::BatteryCharge(index) => setpoints.batteries.get(index).map(|power| &power.charge),
        Role::BatteryDischarge(index) => setpoints.batteries.get(index).map(|power| &power.discharge),
        Role::EvCharge(index) => setpoints.evs.get(index).map(|power| &power.charge),
        Role::EvDischarge(index) => setpoints.evs.get(index).map(|power| &power.discharge),
        Role::Rooms(index) => setpoints.heat_pumps.get(index).map(|power| &power.rooms),
        Role::HotWater(index) => setpoints.heat_pumps.get(index).map(|power| &power.hot_water),
        Role::Backup(index) => setpoints.heat_pumps.get(index).map(|power| &power.backup),
        Role::Immersion(index) => setpoints.heat_pumps.get(index).map(|power| &power.immersion),
        Role::Appliance(index) => setpoints.appliances.get(index),
    };
    store.map(Vec::as_slice)
}
