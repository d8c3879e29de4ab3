//! What a case of a proof leaves open, in the home's own terms.

use offpeak_domain::{Fixed, Fixing, Home};

use crate::allowed::{Allowed, EXPORT, IDLE, IMPORT, port_bit};
use crate::interval::MeterRule;
use crate::model::{Model, Role};

/// Every choice that `allowed` no longer leaves open.
pub(super) fn fixings(home: &Home, model: &Model, allowed: &Allowed) -> Vec<Fixing> {
    let all = Allowed::all(model);
    let mut fixings = Vec::new();
    for t in 0..model.intervals {
        for group in 0..model.groups.len() {
            // Bits that were never open say nothing.
            let bits = allowed.group(group, t) | !all.group(group, t);
            let what =
                (allowed.group(group, t) != all.group(group, t)).then(|| fixed(home, model, group, bits));
            fixings.extend(what.flatten().map(|what| Fixing { interval: t, what }));
        }
        let direction = allowed.direction(t);
        if direction != all.direction(t) && !implied(model, allowed, t) {
            let what = Fixed::Direction { import: direction & IMPORT != 0, export: direction & EXPORT != 0 };
            fixings.push(Fixing { interval: t, what });
        }
    }
    fixings
}

/// The sides of the meter that a group leaves which has only ports under a rule to choose from.
pub(crate) fn sides(model: &Model, allowed: &Allowed, group: usize, t: usize) -> u8 {
    let bits = allowed.group(group, t);
    let ports = model.groups[group].ports.iter().enumerate();
    let open = ports.filter(|(position, _)| bits & port_bit(*position) != 0).map(|(_, port)| *port);
    let side = |port: usize| match model.ports[port].rule {
        MeterRule::Free => IMPORT | EXPORT,
        MeterRule::NotWhileImporting => EXPORT,
        MeterRule::NotWhileExporting => IMPORT,
    };
    let idle = if bits & IDLE != 0 { IMPORT | EXPORT } else { 0 };
    open.fold(idle, |sides, port| sides | side(port))
}

/// Whether the direction follows from a group that must use a port under a rule.
fn implied(model: &Model, allowed: &Allowed, t: usize) -> bool {
    (0..model.groups.len()).any(|group| sides(model, allowed, group, t) == allowed.direction(t))
}

/// The choices that `bits` leave the device of a group; none for a heater or an appliance, which has no choices here.
fn fixed(home: &Home, model: &Model, group: usize, bits: u8) -> Option<Fixed> {
    let ports = &model.groups[group].ports;
    let idle = bits & IDLE != 0;
    let left = |role: Role| {
        let position = ports.iter().position(|port| model.ports[*port].role == role);
        position.is_none_or(|position| bits & port_bit(position) != 0)
    };
    match model.ports[*ports.first()?].role {
        Role::BatteryCharge(index) | Role::BatteryDischarge(index) => Some(Fixed::Battery {
            index,
            idle,
            charge: left(Role::BatteryCharge(index)),
            discharge: left(Role::BatteryDischarge(index)),
        }),
        Role::EvCharge(index) | Role::EvDischarge(index) => {
            // A mode of no power has no port.
            let powers = home.evs[index].joined_modes().into_iter().map(|mode| mode.max.0 > 0.0);
            let modes = powers.scan(0, |position, has_port| {
                let bit = port_bit(*position);
                *position += usize::from(has_port);
                Some(!has_port || bits & bit != 0)
            });
            let (modes, discharge) = (modes.collect(), left(Role::EvDischarge(index)));
            Some(Fixed::Ev { index, idle, modes, discharge })
        }
        Role::Rooms(index) | Role::HotWater(index) => Some(Fixed::Compressor {
            index,
            idle,
            rooms: left(Role::Rooms(index)),
            hot_water: left(Role::HotWater(index)),
        }),
        Role::Backup(_) | Role::Immersion(_) | Role::Appliance(_) => None,
    }
}
