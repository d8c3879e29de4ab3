//! The money and the shortfalls, recomputed from powers and states as the schedule states them.

use offpeak_domain::{
    Appliance, Battery, Celsius, Cents, Ev, HeatPump, HeatPumpPower, Home, HotWater, KilowattHours,
    Kilowatts, Money, Rooms, Schedule, Shortfalls, StorePower,
};

use crate::findings::TOLERANCE;
use crate::{appliance, compressor, ev};

/// Money and shortfalls of one schedule.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) money: Money,
    pub(crate) shortfalls: Shortfalls,
    /// Length of every interval, h.
    hours: Vec<f64>,
}

impl Ledger {
    /// Books everything; the schedule must have the shape of the home.
    pub(crate) fn of(home: &Home, schedule: &Schedule) -> Self {
        let hours = home.horizon.lengths().map(|length| length.0).collect();
        let mut ledger = Self { hours, ..Self::default() };
        let setpoints = &schedule.setpoints;
        ledger.energy(home, schedule);
        ledger.peaks(home, schedule);
        ledger.overshoot(home, schedule);
        for (index, battery) in home.batteries.iter().enumerate() {
            ledger.battery(battery, &setpoints.batteries[index], &schedule.battery_stored[index]);
        }
        for (index, ev) in home.evs.iter().enumerate() {
            let energy = &schedule.ev_energy[index];
            ledger.ev_power(ev, &setpoints.evs[index], energy);
            ledger.ev_energy(ev, energy);
        }
        for (index, pump) in home.heat_pumps.iter().enumerate() {
            ledger.compressor(pump, &setpoints.heat_pumps[index]);
            if let (Some(rooms), Some(theta)) = (&pump.rooms, &schedule.room_temperature[index]) {
                ledger.rooms(rooms, theta);
            }
            if let (Some(water), Some(stored)) = (&pump.hot_water, &schedule.water_stored[index]) {
                ledger.hot_water(water, stored);
            }
        }
        for (appliance, power) in home.appliances.iter().zip(&setpoints.appliances) {
            ledger.skipped_run(appliance, power);
        }
        ledger
    }

    /// `import - export + peak + wear + starts + CO2 + discomfort + shortfall + urgency + overshoot - end value`
    pub(crate) fn objective(&self) -> Cents {
        let money = &self.money;
        let costs = [
            money.import,
            money.peak,
            money.wear,
            money.starts,
            money.co2,
            money.discomfort,
            money.shortfall,
            money.urgency,
            money.overshoot,
        ];
        let incomes = [money.export, money.end_value];
        Cents(costs.iter().map(|part| part.0).sum::<f64>() - incomes.iter().map(|part| part.0).sum::<f64>())
    }

    /// `h price power`, and carbon `h intensity weight import`
    fn energy(&mut self, home: &Home, schedule: &Schedule) {
        let grid = &home.grid;
        for (t, h) in self.hours.iter().enumerate() {
            let (taken, fed) = (schedule.import[t].0 * h, schedule.export[t].0 * h);
            self.money.import.0 += grid.import_price[t].0 * taken;
            self.money.export.0 += grid.export_price[t].0 * fed;
            if let Some(co2) = &grid.co2 {
                self.money.co2.0 += co2.intensity[t].0 * co2.weight.0 * taken;
            }
        }
    }

    /// `price max(0, highest import in the window - already reached)`
    fn peaks(&mut self, home: &Home, schedule: &Schedule) {
        for charge in &home.grid.peak_charges {
            let in_window = |t: &usize| charge.intervals.contains(t);
            let imports = (0..schedule.import.len()).filter(in_window).map(|t| schedule.import[t].0);
            let highest = imports.fold(0.0, f64::max);
            self.money.peak.0 += charge.price.0 * (highest - charge.already_reached.0).max(0.0);
        }
    }

    /// Energy beyond either limit.
    fn overshoot(&mut self, home: &Home, schedule: &Schedule) {
        for (t, h) in self.hours.iter().enumerate() {
            let imported = positive(schedule.import[t].0 - home.grid.import_limit[t].0);
            let exported = positive(schedule.export[t].0 - home.grid.export_limit[t].0);
            let energy = (imported + exported) * h;
            self.shortfalls.overshoot.0 += energy;
            self.money.overshoot.0 += energy * home.grid.overshoot_price.0;
        }
    }

    fn battery(&mut self, battery: &Battery, power: &StorePower, stored: &[KilowattHours]) {
        self.money.wear.0 += battery.wear.0 * self.kilowatt_hours(&power.discharge);
        let end = stored[self.hours.len()].0 - battery.end_floor.0;
        self.shortfalls.end_energy.0 += positive(-end);
        self.end(end, battery.end_value.0, battery.end_shortfall_price.0);
    }

    /// Wear, and what had to be charged elsewhere.
    fn ev_power(&mut self, ev: &Ev, power: &StorePower, energy: &[KilowattHours]) {
        if let Some(discharge) = &ev.discharge {
            self.money.wear.0 += discharge.wear.0 * self.kilowatt_hours(&power.discharge);
        }
        for (t, h) in self.hours.iter().enumerate() {
            let elsewhere = ev::elsewhere(ev, power, energy, t, *h);
            self.shortfalls.charged_elsewhere.0 += elsewhere;
            self.money.shortfall.0 += elsewhere * ev.shortfall_price.0;
        }
    }

    /// Energy missing at departures, energy wanted at once, and the worth of what is left.
    fn ev_energy(&mut self, ev: &Ev, energy: &[KilowattHours]) {
        for session in &ev.sessions {
            let missing = session.target.map_or(0.0, |target| target.0 - energy[session.connected.end].0);
            self.shortfalls.departure.0 += positive(missing);
            self.money.shortfall.0 += positive(missing) * ev.shortfall_price.0;
        }
        if let Some(urgent) = &ev.urgent {
            for (t, h) in self.hours.iter().enumerate().filter(|(t, _)| ev::is_connected(ev, *t)) {
                let waiting = positive(urgent.energy.0 - energy[t + 1].0) * h;
                self.shortfalls.urgency_kwh_hours += waiting;
                self.money.urgency.0 += waiting * urgent.price_ct_per_kwh_h;
            }
        }
        if let Some(end) = &ev.end {
            self.money.end_value.0 += end.value.0 * energy[self.hours.len()].0.min(end.target.0);
        }
    }

    fn compressor(&mut self, pump: &HeatPump, power: &HeatPumpPower) {
        self.money.starts.0 += pump.start_cost.0 * compressor::starts(pump, power).len() as f64;
    }

    fn rooms(&mut self, rooms: &Rooms, theta: &[Celsius]) {
        for (t, h) in self.hours.iter().enumerate() {
            let theta = theta[t + 1].0;
            let outside = positive(rooms.lowest[t].0 - theta) + positive(theta - rooms.highest[t].0);
            self.shortfalls.discomfort_kelvin_hours += outside * h;
            self.money.discomfort.0 += outside * h * rooms.discomfort_price.0;
        }
        let end = theta[self.hours.len()].0 - rooms.end_floor.0;
        self.shortfalls.end_kelvins += positive(-end);
        self.end(end, rooms.end_value_ct_per_k, rooms.end_shortfall_price_ct_per_k);
    }

    fn hot_water(&mut self, water: &HotWater, stored: &[KilowattHours]) {
        for (t, h) in self.hours.iter().enumerate() {
            let stored = stored[t + 1].0;
            let outside = positive(water.lowest[t].0 - stored) + positive(stored - water.highest[t].0);
            self.shortfalls.hot_water_kwh_hours += outside * h;
            self.money.discomfort.0 += outside * h * water.discomfort_price_ct_per_kwh_h;
        }
        let end = stored[self.hours.len()].0 - water.end_floor.0;
        self.shortfalls.end_energy.0 += positive(-end);
        self.end(end, water.end_value_ct_per_kwh, water.end_shortfall_price_ct_per_kwh);
    }

    /// A run left out, where the profile needs power at all.
    fn skipped_run(&mut self, appliance: &Appliance, power: &[Kilowatts]) {
        let needs_power = appliance.profile.iter().any(|part| part.0 > TOLERANCE);
        if needs_power && appliance::is_off(power) {
            self.shortfalls.skipped_runs += 1;
            self.money.shortfall.0 += appliance.skip_penalty.0;
        }
    }

    /// What is left above the end floor is worth `value`; what is missing costs `price`.
    fn end(&mut self, above: f64, value: f64, price: f64) {
        self.money.end_value.0 += positive(above) * value;
        self.money.shortfall.0 += positive(-above) * price;
    }

    fn kilowatt_hours(&self, power: &[Kilowatts]) -> f64 {
        power.iter().zip(&self.hours).map(|(power, h)| power.0 * h).sum()
    }
}

fn positive(value: f64) -> f64 {
    value.max(0.0)
}
