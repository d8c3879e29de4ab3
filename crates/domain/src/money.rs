//! What a schedule costs, in its parts, and what it misses.

use crate::battery::Battery;
use crate::ev::Ev;
use crate::heat_pump::{HotWater, Rooms};
use crate::home::Home;
use crate::schedule::{Schedule, Setpoints};
use crate::units::{Cents, KilowattHours, Kilowatts};

/// Compressor or appliance power above this counts as running.
pub const RUNNING: Kilowatts = Kilowatts(1e-6);

/// The parts of the objective. Each is a cost unless its text says income.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Money {
    /// Energy taken from the grid.
    pub import: Cents,
    /// Income from energy fed in.
    pub export: Cents,
    /// Charges on peaks above those already reached.
    pub peak: Cents,
    /// Wear of batteries and EVs.
    pub wear: Cents,
    /// Compressor starts.
    pub starts: Cents,
    /// Weighted carbon emissions.
    pub co2: Cents,
    /// Penalty for temperatures and tanks outside their bands.
    pub discomfort: Cents,
    /// Penalty for energy missing at departures, charged elsewhere, missing at the end, or runs skipped.
    pub shortfall: Cents,
    /// Penalty for energy wanted at once and not there yet.
    pub urgency: Cents,
    /// Penalty for grid limits exceeded.
    pub overshoot: Cents,
    /// Worth of what is stored above the end floors: counts like an income.
    pub end_value: Cents,
}

impl Money {
    /// The objective: all parts together.
    pub fn objective(&self) -> Cents {
        self.bill()
            + self.wear
            + self.starts
            + self.co2
            + self.discomfort
            + self.shortfall
            + self.urgency
            + self.overshoot
            - self.end_value
    }

    /// What the supplier and the grid operator charge: import less export, and peaks.
    pub fn bill(&self) -> Cents {
        self.import - self.export + self.peak
    }
}

/// What a schedule misses, summed over devices and intervals; all at least 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shortfalls {
    /// Energy missing at EV departures.
    pub departure: KilowattHours,
    /// Energy that EVs had to charge elsewhere.
    pub charged_elsewhere: KilowattHours,
    /// Kelvin hours outside the comfort bands.
    pub discomfort_kelvin_hours: f64,
    /// Stored heat outside the tanks' bands, in kWh times hours.
    pub hot_water_kwh_hours: f64,
    /// Energy wanted at once, in kWh times hours of waiting.
    pub urgency_kwh_hours: f64,
    /// Energy missing at the end in batteries and tanks.
    pub end_energy: KilowattHours,
    /// Kelvins missing at the end in rooms.
    pub end_kelvins: f64,
    /// Energy beyond the grid limits.
    pub overshoot: KilowattHours,
    /// Appliances that did not run.
    pub skipped_runs: usize,
}

/// Cost and shortfalls of `schedule` in `home`.
pub fn account(home: &Home, schedule: &Schedule) -> (Money, Shortfalls) {
    let mut books = Books::default();
    books.grid(home, schedule);
    for (index, battery) in home.batteries.iter().enumerate() {
        books.battery(home, battery, schedule, index);
    }
    for (index, ev) in home.evs.iter().enumerate() {
        books.ev(home, ev, schedule, index);
    }
    for (index, pump) in home.heat_pumps.iter().enumerate() {
        let starts = compressor_starts(home, &schedule.setpoints, index).len();
        books.money.starts += pump.start_cost * starts as f64;
        if let (Some(rooms), Some(theta)) = (&pump.rooms, &schedule.room_temperature[index]) {
            let theta: Vec<f64> = theta.iter().map(|value| value.0).collect();
            books.rooms(home, rooms, &theta);
        }
        if let (Some(water), Some(stored)) = (&pump.hot_water, &schedule.water_stored[index]) {
            books.hot_water(home, water, stored);
        }
    }
    for (appliance, power) in home.appliances.iter().zip(&schedule.setpoints.appliances) {
        let needs_power = appliance.profile.iter().any(|part| *part > RUNNING);
        if needs_power && power.iter().all(|power| *power <= RUNNING) {
            books.shortfalls.skipped_runs += 1;
            books.money.shortfall += appliance.skip_penalty;
        }
    }
    (books.money, books.shortfalls)
}

/// The intervals in which the compressor of heat pump `pump` starts.
pub fn compressor_starts(home: &Home, setpoints: &Setpoints, pump: usize) -> Vec<usize> {
    let mut running = home.heat_pumps[pump].before.running;
    let mut starts = Vec::new();
    for t in 0..home.horizon.len() {
        let runs = setpoints.heat_pumps[pump].compressor(t) > RUNNING;
        if runs && !running {
            starts.push(t);
        }
        running = runs;
    }
    starts
}

#[derive(Default)]
struct Books {
    money: Money,
    shortfalls: Shortfalls,
}

impl Books {
    fn grid(&mut self, home: &Home, schedule: &Schedule) {
        let grid = &home.grid;
        for (t, length) in home.horizon.lengths().enumerate() {
            let imported = schedule.import[t] * length;
            self.money.import += imported * grid.import_price[t];
            self.money.export += schedule.export[t] * length * grid.export_price[t];
            self.money.co2 += imported * (grid.import_value(t) - grid.import_price[t]);
            let over = (schedule.import[t] - grid.import_limit[t]).max(Kilowatts::ZERO)
                + (schedule.export[t] - grid.export_limit[t]).max(Kilowatts::ZERO);
            self.shortfalls.overshoot += over * length;
            self.money.overshoot += over * length * grid.overshoot_price;
        }
        for charge in &grid.peak_charges {
            let imports = schedule.import[charge.intervals.clone()].iter().copied();
            let peak = imports.fold(charge.already_reached, Kilowatts::max);
            self.money.peak += (peak - charge.already_reached) * charge.price;
        }
    }

    fn battery(&mut self, home: &Home, battery: &Battery, schedule: &Schedule, index: usize) {
        let discharge = &schedule.setpoints.batteries[index].discharge;
        for (power, length) in discharge.iter().zip(home.horizon.lengths()) {
            self.money.wear += *power * length * battery.wear;
        }
        let end = schedule.battery_stored[index][home.horizon.len()] - battery.end_floor;
        let missing = (-end).max(KilowattHours::ZERO);
        self.shortfalls.end_energy += missing;
        self.money.shortfall += missing * battery.end_shortfall_price;
        self.money.end_value += end.max(KilowattHours::ZERO) * battery.end_value;
    }

    fn ev(&mut self, home: &Home, ev: &Ev, schedule: &Schedule, index: usize) {
        let energy = &schedule.ev_energy[index];
        if let Some(discharge) = &ev.discharge {
            let powers = &schedule.setpoints.evs[index].discharge;
            for (power, length) in powers.iter().zip(home.horizon.lengths()) {
                self.money.wear += *power * length * discharge.wear;
            }
        }
        for session in &ev.sessions {
            let Some(target) = session.target else { continue };
            let missing = (target - energy[session.connected.end]).max(KilowattHours::ZERO);
            self.shortfalls.departure += missing;
            self.money.shortfall += missing * ev.shortfall_price;
        }
        for elsewhere in schedule.charged_elsewhere(home, index) {
            self.shortfalls.charged_elsewhere += elsewhere;
            self.money.shortfall += elsewhere * ev.shortfall_price;
        }
        if let Some(urgent) = &ev.urgent {
            let connected = ev.connected(home.horizon.len());
            for (t, length) in home.horizon.lengths().enumerate().filter(|(t, _)| connected[*t]) {
                let missing = (urgent.energy - energy[t + 1]).max(KilowattHours::ZERO);
                self.shortfalls.urgency_kwh_hours += missing.0 * length.0;
                self.money.urgency += Cents(missing.0 * length.0 * urgent.price_ct_per_kwh_h);
            }
        }
        if let Some(end) = &ev.end {
            let counted = energy[home.horizon.len()].min(end.target);
            self.money.end_value += counted * end.value;
        }
    }

    fn rooms(&mut self, home: &Home, rooms: &Rooms, theta: &[f64]) {
        for (t, length) in home.horizon.lengths().enumerate() {
            let outside = outside_band(theta[t + 1], rooms.lowest[t].0, rooms.highest[t].0);
            self.shortfalls.discomfort_kelvin_hours += outside * length.0;
            self.money.discomfort += Cents(outside * length.0 * rooms.discomfort_price.0);
        }
        let end = theta[home.horizon.len()] - rooms.end_floor.0;
        self.shortfalls.end_kelvins += (-end).max(0.0);
        self.money.shortfall += Cents((-end).max(0.0) * rooms.end_shortfall_price_ct_per_k);
        self.money.end_value += Cents(end.max(0.0) * rooms.end_value_ct_per_k);
    }

    fn hot_water(&mut self, home: &Home, water: &HotWater, stored: &[KilowattHours]) {
        for (t, length) in home.horizon.lengths().enumerate() {
            let outside = outside_band(stored[t + 1].0, water.lowest[t].0, water.highest[t].0);
            self.shortfalls.hot_water_kwh_hours += outside * length.0;
            self.money.discomfort += Cents(outside * length.0 * water.discomfort_price_ct_per_kwh_h);
        }
        let end = stored[home.horizon.len()] - water.end_floor;
        self.shortfalls.end_energy += (-end).max(KilowattHours::ZERO);
        self.money.shortfall +=
            Cents((-end).max(KilowattHours::ZERO).0 * water.end_shortfall_price_ct_per_kwh);
        self.money.end_value += Cents(end.max(KilowattHours::ZERO).0 * water.end_value_ct_per_kwh);
    }
}

fn outside_band(value: f64, lowest: f64, highest: f64) -> f64 {
    (lowest - value).max(value - highest).max(0.0)
}
