//! The battery serves the home's own consumption: it follows the meter and knows no price.

use offpeak_domain::{Battery, Home, Hours, KilowattHours, Kilowatts, Setpoints, StorePower};

/// Charges from what would be fed in, discharges to cover what would be taken, as far as `setpoints` leave either.
pub(crate) fn follow_meter(home: &Home, battery: &Battery, setpoints: &Setpoints) -> StorePower {
    let intervals = home.horizon.len();
    let lengths: Vec<Hours> = home.horizon.lengths().collect();
    let net: Vec<Kilowatts> = (0..intervals).map(|t| home.grid.base(t) + setpoints.device_power(t)).collect();
    let reserve = reserve(battery, &lengths, &net);
    let mut stored = battery.initial_stored;
    let mut power =
        StorePower { charge: vec![Kilowatts::ZERO; intervals], discharge: vec![Kilowatts::ZERO; intervals] };
    for (t, length) in lengths.into_iter().enumerate() {
        let kept = stored * battery.retention(length);
        power.charge[t] = charge(battery, t, -net[t], kept, length);
        power.discharge[t] = discharge(battery, t, net[t], kept - reserve[t + 1], length);
        let charged = power.charge[t] * length * battery.charge_efficiency;
        stored = kept + charged - power.discharge[t] * length / battery.discharge_efficiency;
    }
    power
}

/// Power from `surplus` in interval `t`, as far as there is space beside the `kept` energy; 0 if that is too little.
fn charge(battery: &Battery, t: usize, surplus: Kilowatts, kept: KilowattHours, length: Hours) -> Kilowatts {
    let space = (battery.max_stored - kept).0 / (length.0 * battery.charge_efficiency);
    let power = surplus.min(battery.max_charge[t]).min(Kilowatts(space));
    at_least_or_off(power, battery.min_charge)
}

/// Power for `demand` in interval `t`, out of the energy that is `spare`; 0 if that is too little.
fn discharge(
    battery: &Battery,
    t: usize,
    demand: Kilowatts,
    spare: KilowattHours,
    length: Hours,
) -> Kilowatts {
    let available = spare.0 * battery.discharge_efficiency / length.0;
    let power = demand.min(battery.max_discharge[t]).min(Kilowatts(available));
    at_least_or_off(power, battery.min_discharge)
}

fn at_least_or_off(power: Kilowatts, least: Kilowatts) -> Kilowatts {
    if power > Kilowatts::ZERO && power >= least { power } else { Kilowatts::ZERO }
}

/// The energy at every edge below which no discharging leads, so that the floors after it can still be held.
///
/// A hard floor is held against self-discharge alone. The end floor, which is a wish, counts on the
/// surplus that will yet charge the battery.
fn reserve(battery: &Battery, lengths: &[Hours], net: &[Kilowatts]) -> Vec<KilowattHours> {
    let floor = battery.stored_floor(lengths.iter().copied());
    let mut hard = floor[lengths.len()];
    let mut wished = battery.end_floor;
    let mut reserve = floor;
    reserve[lengths.len()] = hard.max(wished);
    for (t, length) in lengths.iter().enumerate().rev() {
        let retention = battery.retention(*length);
        let surplus = charge(battery, t, -net[t], KilowattHours::ZERO, *length);
        hard = reserve[t].max(before(hard, retention));
        wished = before(wished - surplus * *length * battery.charge_efficiency, retention);
        reserve[t] = hard.max(wished);
    }
    reserve
}

/// The energy of which `retention` leaves `after`; where nothing is ever left, no energy helps.
fn before(after: KilowattHours, retention: f64) -> KilowattHours {
    if retention > 0.0 { after / retention } else { KilowattHours::ZERO }
}
