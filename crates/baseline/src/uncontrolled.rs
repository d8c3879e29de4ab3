//! The whole home, device by device in the order in which they may claim the grid connection.

use offpeak_domain::{Home, Setpoints};

use crate::room_left::RoomLeft;
use crate::{appliance, battery, curtailment, ev, heat_pump};

/// What `home` does when nobody plans: the power of every device in every interval.
///
/// Heat pumps claim the grid connection first, then appliances, then cars, each in the order of the home. None of them counts on
/// the batteries, which then see the meter and follow it.
pub fn uncontrolled(home: &Home) -> Setpoints {
    let mut setpoints = Setpoints::idle(home);
    let mut left = RoomLeft::beside_load(home);
    for (pump, power) in home.heat_pumps.iter().zip(&mut setpoints.heat_pumps) {
        left.release_forced(pump);
        *power = heat_pump::follow_thermostats(home, pump, &left);
        left.claim(|t| power.total(t));
    }
    for (one, power) in home.appliances.iter().zip(&mut setpoints.appliances) {
        *power = appliance::start_early(home, one, &left);
        left.claim(|t| power[t]);
    }
    for (car, power) in home.evs.iter().zip(&mut setpoints.evs) {
        *power = ev::charge_from_arrival(home, car, &left);
        left.claim(|t| power.charge[t]);
    }
    for (index, one) in home.batteries.iter().enumerate() {
        setpoints.batteries[index] = battery::follow_meter(home, one, &setpoints);
    }
    setpoints.curtail = curtailment::forced(home, &setpoints);
    setpoints
}
