//! The limits and wishes that bind, and what a unit more would be worth.

use offpeak_domain::{HeatPump, Home, Schedule};
use serde::Serialize;

use crate::number::{tidy, weighted_mean};
use crate::shadow::ShadowPrice;
use crate::times::{edge, runs, spans};

/// Closer than this to a limit, in its unit, is at it.
const AT: f64 = 1e-3;

/// Where the price of a limit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// From the multipliers of the proof.
    Certificate,
    /// From the prices of intervals that have room.
    Prices,
    /// It is the price that the owner's wish has.
    Wish,
    /// No price is known.
    Unknown,
}

/// A limit that is reached, or a wish that is barely kept or missed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Binding {
    /// What binds.
    pub what: String,
    /// When, in local time.
    pub when: String,
    /// In how many intervals, or at how many instants.
    pub count: usize,
    /// What a unit more, or less missing, is worth, in ct.
    pub ct: Option<f64>,
    /// Per what: `kWh`, `kW`, `K h`.
    pub per: &'static str,
    /// Where the price comes from.
    pub source: Source,
}

/// All that binds in a home; `worth` is that of a kWh, in ct.
pub(crate) fn bindings(
    home: &Home,
    schedule: &Schedule,
    worth: &[f64],
    shadow: &[ShadowPrice],
) -> Vec<Binding> {
    let mut found = Found { home, all: Vec::new() };
    found.grid(schedule, shadow);
    found.batteries(schedule);
    found.evs(schedule, worth);
    for (index, pump) in home.heat_pumps.iter().enumerate() {
        found.pump(pump, schedule, index);
    }
    found.all
}

struct Found<'a> {
    home: &'a Home,
    all: Vec<Binding>,
}

impl Found<'_> {
    /// Notes the intervals in which `is_at` holds, if there are any.
    fn note(
        &mut self,
        what: String,
        is_at: impl Fn(usize) -> bool,
        price: (Option<f64>, &'static str, Source),
    ) {
        let intervals = self.home.horizon.len();
        let at = runs(intervals, &is_at);
        let count = at.iter().map(|(from, to)| to - from).sum();
        if count > 0 {
            let (ct, per, source) = price;
            let when = spans(self.home, &at);
            self.all.push(Binding { what, when, count, ct: ct.map(tidy), per, source });
        }
    }

    fn grid(&mut self, schedule: &Schedule, shadow: &[ShadowPrice]) {
        let grid = &self.home.grid;
        let at_import = |t: usize| schedule.import[t].0 >= grid.import_limit[t].0 - AT;
        // What the best-paying device would give for a kWh more, above what the kWh costs.
        let above = |t: usize| {
            let best = shadow.iter().filter_map(|one| one.ct_per_kwh[t]).fold(f64::NEG_INFINITY, f64::max);
            ((best - grid.import_value(t).0).max(0.0), self.home.horizon.length(t).0)
        };
        let mean = weighted_mean((0..self.home.horizon.len()).filter(|t| at_import(*t)).map(above));
        let price = match mean.filter(|_| !shadow.is_empty()) {
            Some(ct) => (Some(ct), "kWh", Source::Certificate),
            None => (None, "kWh", Source::Unknown),
        };
        self.note("import limit reached".to_owned(), at_import, price);
        let at_export =
            |t: usize| schedule.export[t].0 > AT && schedule.export[t].0 >= grid.export_limit[t].0 - AT;
        self.note("export limit reached".to_owned(), at_export, (None, "kWh", Source::Unknown));
        let curtailed = |t: usize| schedule.setpoints.curtail[t].0 > AT;
        self.note("generation thrown away".to_owned(), curtailed, (None, "kWh", Source::Unknown));
        for charge in &grid.peak_charges {
            let imports = schedule.import[charge.intervals.clone()].iter().map(|power| power.0);
            let peak = imports.fold(charge.already_reached.0, f64::max);
            let at_peak = |t: usize| charge.intervals.contains(&t) && schedule.import[t].0 >= peak - AT;
            let ct = if peak > charge.already_reached.0 + AT { charge.price.0 } else { 0.0 };
            self.note(
                format!("peak of {peak:.2} kW that is charged"),
                at_peak,
                (Some(ct), "kW", Source::Wish),
            );
        }
    }

    fn batteries(&mut self, schedule: &Schedule) {
        let home = self.home;
        for (battery, stored) in home.batteries.iter().zip(&schedule.battery_stored) {
            let unknown = (None, "kWh", Source::Unknown);
            let floor = battery.stored_floor(home.horizon.lengths());
            self.note(
                format!("{} full", battery.id),
                |t| stored[t + 1].0 >= battery.max_stored.0 - AT,
                unknown,
            );
            self.note(format!("{} empty", battery.id), |t| stored[t + 1].0 <= floor[t + 1].0 + AT, unknown);
            let last = home.horizon.len();
            let missing = battery.end_floor.0 - stored[last].0;
            if missing > AT {
                let what = format!("{} misses {missing:.2} kWh of its end level", battery.id);
                let price = (Some(battery.end_shortfall_price.0), "kWh", Source::Wish);
                self.note(what, |t| t + 1 == last, price);
            }
        }
    }

    /// Departures: what is missing, or what a kWh more would cost in the cheapest interval with room.
    fn evs(&mut self, schedule: &Schedule, worth: &[f64]) {
        let home = self.home;
        for (index, ev) in home.evs.iter().enumerate() {
            let power = &schedule.setpoints.evs[index].charge;
            for session in &ev.sessions {
                let Some(target) = session.target else { continue };
                let departure = session.connected.end;
                let missing = target.0 - schedule.ev_energy[index][departure].0;
                let room = session.connected.clone().filter(|t| power[*t].0 < ev.max_charge().0 - AT);
                let cheapest = room.map(|t| worth[t] / ev.charge_efficiency).reduce(f64::min);
                let (what, ct, source) = if missing > AT {
                    let what = format!("{} leaves with {missing:.2} kWh less than wished", ev.id);
                    (what, Some(ev.shortfall_price.0), Source::Wish)
                } else if missing > -AT {
                    let what = format!("{} leaves with just the {:.1} kWh wished", ev.id, target.0);
                    (what, cheapest, Source::Prices)
                } else {
                    continue;
                };
                let when = edge(home, departure);
                self.all.push(Binding { what, when, count: 1, ct: ct.map(tidy), per: "kWh", source });
            }
        }
    }

    fn pump(&mut self, pump: &HeatPump, schedule: &Schedule, index: usize) {
        if let (Some(rooms), Some(theta)) = (&pump.rooms, &schedule.room_temperature[index]) {
            let price = (Some(rooms.discomfort_price.0), "K h", Source::Wish);
            let colder = |t: usize| theta[t + 1].0 - rooms.lowest[t].0;
            let warmer = |t: usize| theta[t + 1].0 - rooms.highest[t].0;
            self.note(format!("{}: rooms colder than wished", pump.id), |t| colder(t) < -0.01, price);
            self.note(format!("{}: rooms warmer than wished", pump.id), |t| warmer(t) > 0.01, price);
            let unknown = (None, "K", Source::Unknown);
            self.note(
                format!("{}: rooms at the least wished", pump.id),
                |t| colder(t).abs() <= 0.01,
                unknown,
            );
            self.note(format!("{}: rooms at the most wished", pump.id), |t| warmer(t).abs() <= 0.01, unknown);
        }
        if let (Some(water), Some(stored)) = (&pump.hot_water, &schedule.water_stored[index]) {
            let price = (Some(water.discomfort_price_ct_per_kwh_h), "kWh h", Source::Wish);
            let above = |t: usize| stored[t + 1].0 - water.lowest[t].0;
            self.note(format!("{}: tank below what is wished", pump.id), |t| above(t) < -0.01, price);
            let unknown = (None, "kWh", Source::Unknown);
            self.note(format!("{}: tank just as wished", pump.id), |t| above(t).abs() <= 0.01, unknown);
        }
    }
}
