//! What each device may choose in one interval: its idle state and ranges of power, as far as a leaf leaves them.

use offpeak_domain::{Compression, Pivot};

use crate::fixings::Who;
use crate::piece::Piece;
use crate::problem::{Problem, price};
use crate::reach::{Own, need, surplus};

/// A kind of power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Port {
    Charge,
    Discharge,
    Rooms,
    HotWater,
    /// A heater's or an appliance's.
    Other,
}

/// What a power asks of the meter where it is above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    Free,
    NotWhileImporting,
    NotWhileExporting,
}

/// A range of power that a device may choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Draw {
    pub(crate) port: Port,
    /// Least power in kW, at least 0.
    pub(crate) least: f64,
    /// Most power in kW.
    pub(crate) most: f64,
    pub(crate) rule: Rule,
    /// Price of its port in ct/kW.
    pub(crate) price: f64,
}

/// The choices of a device in an interval, of which it takes one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choices {
    pub(crate) idle: bool,
    pub(crate) draws: Vec<Draw>,
}

impl Draw {
    /// A heater's power from 0 to `most`.
    pub(crate) fn heater(most: f64, price: f64) -> Self {
        Self { port: Port::Other, least: 0.0, most, rule: Rule::Free, price }
    }

    /// The range as far as its rule leaves it in this home.
    fn within(self, problem: &Problem, own: Own, t: usize) -> Self {
        let most = match self.rule {
            Rule::Free => self.most,
            Rule::NotWhileImporting => self.most.min(surplus(problem.home, own, t)),
            Rule::NotWhileExporting => self.most.min(need(problem.home, own, t)),
        };
        Self { most, ..self }
    }

    /// +1 where it draws from the home, -1 where it gives.
    pub(crate) fn sign(&self) -> f64 {
        if self.port == Port::Discharge { -1.0 } else { 1.0 }
    }

    /// `cost_per_kw power` over its range.
    pub(crate) fn costing(&self, cost_per_kw: f64) -> Piece {
        let (lo, hi) = (self.least, self.most);
        Piece { lo, hi, at_lo: cost_per_kw * lo, at_hi: cost_per_kw * hi }
    }
}

/// Idle, charge or discharge.
pub(crate) fn battery(problem: &Problem, index: usize, t: usize) -> Choices {
    let (battery, prices) = (&problem.home.batteries[index], &problem.multipliers.batteries[index]);
    let allowed = |choice: usize| problem.fixings.allow(Who::Battery(index), t, choice);
    let charge = Draw {
        port: Port::Charge,
        least: battery.min_charge.0,
        most: battery.max_charge[t].0,
        rule: if battery.grid_charging { Rule::Free } else { Rule::NotWhileImporting },
        price: price(&prices.charge, t),
    };
    let discharge = Draw {
        port: Port::Discharge,
        least: battery.min_discharge.0,
        most: battery.max_discharge[t].0,
        rule: if battery.grid_export { Rule::Free } else { Rule::NotWhileExporting },
        price: price(&prices.discharge, t),
    };
    let own = Own::Battery(index);
    let possible = [(1, charge), (2, discharge)].map(|(choice, draw)| (choice, draw.within(problem, own, t)));
    let draws = possible.into_iter().filter(|(choice, draw)| allowed(*choice) && draw.least <= draw.most);
    Choices { idle: allowed(0), draws: draws.map(|(_, draw)| draw).collect() }
}

/// Idle, one of the joined modes or discharge; while away, idle.
pub(crate) fn ev(problem: &Problem, index: usize, t: usize) -> Choices {
    let (ev, prices) = (&problem.home.evs[index], &problem.multipliers.evs[index]);
    let allowed = |choice: usize| problem.fixings.allow(Who::Ev(index), t, choice);
    if !ev.sessions.iter().any(|session| session.connected.contains(&t)) {
        return Choices { idle: allowed(0), draws: Vec::new() };
    }
    let modes = ev.joined_modes();
    let last = modes.len() + 1;
    let charge = |mode: offpeak_domain::PowerRange| Draw {
        port: Port::Charge,
        least: mode.min.0,
        most: mode.max.0,
        rule: Rule::Free,
        price: price(&prices.charge, t),
    };
    let possible = modes.into_iter().enumerate().filter(|(mode, _)| allowed(mode + 1));
    let mut draws: Vec<Draw> = possible.map(|(_, mode)| charge(mode)).collect();
    if let Some(discharge) = ev.discharge.as_ref().filter(|_| allowed(last)) {
        let discharge = Draw {
            port: Port::Discharge,
            least: discharge.power.min.0,
            most: discharge.power.max.0,
            rule: if discharge.grid_export { Rule::Free } else { Rule::NotWhileExporting },
            price: price(&prices.discharge, t),
        };
        draws.extend(
            Some(discharge.within(problem, Own::Ev(index), t)).filter(|draw| draw.least <= draw.most),
        );
    }
    Choices { idle: allowed(0), draws }
}

/// Idle, rooms or hot water; what the state before the horizon still forbids is left out.
pub(crate) fn compressor(problem: &Problem, index: usize, t: usize) -> Choices {
    let (pump, prices) = (&problem.home.heat_pumps[index], &problem.multipliers.heat_pumps[index]);
    let (bound, running) = pump.bound_by_state_before(problem.intervals());
    let may_run = t >= bound || running;
    let may_rest = t >= bound || !running;
    let allowed = |choice: usize| problem.fixings.allow(Who::Compressor(index), t, choice);
    let draw = |port: Port, compression: &Compression, prices: &[f64]| Draw {
        port,
        least: compression.min_power[t].0,
        most: compression.max_power[t].0,
        rule: Rule::Free,
        price: price(prices, t),
    };
    let rooms = pump.rooms.as_ref().map(|rooms| draw(Port::Rooms, &rooms.compression, &prices.rooms));
    let water =
        pump.hot_water.as_ref().map(|water| draw(Port::HotWater, &water.compression, &prices.hot_water));
    let rooms = rooms.filter(|_| may_run && allowed(1));
    let water = water.filter(|_| may_run && allowed(2));
    Choices { idle: may_rest && allowed(0), draws: rooms.into_iter().chain(water).collect() }
}

/// Off, or the power of a part of the profile that can fall into `t`.
pub(crate) fn appliance(problem: &Problem, index: usize, t: usize) -> Choices {
    let (appliance, prices) = (&problem.home.appliances[index], &problem.multipliers.appliances[index]);
    let parts = appliance.profile.iter().enumerate();
    let possible = parts
        .filter(|(part, _)| (appliance.earliest_start + part..=appliance.latest_start + part).contains(&t));
    let draws = possible.map(|(_, power)| Draw { least: power.0, ..Draw::heater(power.0, price(prices, t)) });
    Choices { idle: true, draws: draws.collect() }
}

/// The choices in interval `t` of every group of ports that the meter has a copy of: all but the pivot's.
pub(crate) fn at_the_meter(problem: &Problem, t: usize) -> Vec<Choices> {
    let home = problem.home;
    let mut groups = Vec::new();
    let batteries = 0..home.batteries.len();
    groups
        .extend(batteries.filter(|i| !problem.is_pivot(Pivot::Battery(*i))).map(|i| battery(problem, i, t)));
    let evs = 0..home.evs.len();
    groups.extend(evs.filter(|i| !problem.is_pivot(Pivot::Ev(*i))).map(|i| ev(problem, i, t)));
    for (index, pump) in home.heat_pumps.iter().enumerate() {
        let prices = &problem.multipliers.heat_pumps[index];
        let is_pivot = problem.is_pivot(Pivot::HeatPump(index));
        if !is_pivot {
            groups.push(compressor(problem, index, t));
        }
        if let Some(rooms) = pump.rooms.as_ref().filter(|_| !is_pivot) {
            groups.push(heater(Draw::heater(rooms.backup_max.0, price(&prices.backup, t))));
        }
        if let Some(water) = pump.hot_water.as_ref().filter(|_| !is_pivot || pump.rooms.is_some()) {
            groups.push(heater(Draw::heater(water.heater_max.0, price(&prices.immersion, t))));
        }
    }
    groups.extend((0..home.appliances.len()).map(|i| appliance(problem, i, t)));
    groups
}

/// The pivot's choices, if its powers ask something of the meter.
pub(crate) fn of_the_pivot(problem: &Problem, t: usize) -> Option<Choices> {
    match problem.multipliers.pivot? {
        Pivot::Battery(index) => Some(battery(problem, index, t)),
        Pivot::Ev(index) => Some(ev(problem, index, t)),
        Pivot::HeatPump(_) => None,
    }
}

fn heater(draw: Draw) -> Choices {
    Choices { idle: true, draws: vec![draw] }
}
