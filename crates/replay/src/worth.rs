//! What a stored kWh is worth: at the end of a horizon, and at the end of a replay.

use offpeak_domain::{CentsPerKilowattHour, EvEnd, Grid, Home, HomeSpec, InvalidInput, KilowattHours};

use crate::outlook::Stay;
use crate::span::Span;
use crate::state::State;

/// The share of a horizon's intervals that are cheap enough to buy again what the stores lack at its end.
const CHEAP_SHARE: usize = 4;

/// Values what every store holds at the end of a horizon by what it would cost to put it there again, at a `price` in ct/kWh.
///
/// A store's own losses come on top. Rooms and tanks end at their lowest comfort at least. `stays` are those of each car.
pub(crate) fn value_ends(
    mut spec: HomeSpec,
    price: f64,
    stays: &[Vec<Stay>],
    end: usize,
) -> Result<Home, InvalidInput> {
    let last = spec.horizon.len() - 1;
    for battery in &mut spec.batteries {
        battery.end_value =
            CentsPerKilowattHour(price / battery.charge_efficiency).min(battery.end_shortfall_price);
    }
    for (ev, stays) in spec.evs.iter_mut().zip(stays) {
        let after = stays.iter().find(|stay| stay.connected.start < end && stay.connected.end > end);
        let value = CentsPerKilowattHour(price / ev.charge_efficiency);
        ev.end =
            after.map(|stay| EvEnd { target: stay.target.unwrap_or(ev.capacity).min(ev.capacity), value });
    }
    value_heat(&mut spec, price, last);
    Home::new(spec)
}

fn value_heat(spec: &mut HomeSpec, price: f64, last: usize) {
    for pump in &mut spec.heat_pumps {
        if let Some(rooms) = &mut pump.rooms {
            rooms.end_floor = rooms.lowest[last];
            let per_kelvin = price / mean(&rooms.compression.cop) * rooms.building.capacitance().0;
            rooms.end_value_ct_per_k = per_kelvin.min(rooms.end_shortfall_price_ct_per_k);
        }
        if let Some(water) = &mut pump.hot_water {
            water.end_floor = water.lowest[last];
            let per_kwh = price / mean(&water.compression.cop);
            water.end_value_ct_per_kwh = per_kwh.min(water.end_shortfall_price_ct_per_kwh);
        }
    }
}

/// The lower quartile of what one more kWh costs in an interval, where a surplus is worth what feeding it in earns; in ct/kWh, at
/// least 0.
pub(crate) fn replacement_price(grid: &Grid) -> f64 {
    let marginal =
        |t: usize| if grid.base(t).0 < 0.0 { grid.export_price[t].0 } else { grid.import_value(t).0 };
    let mut prices: Vec<f64> = (0..grid.load.len()).map(marginal).collect();
    prices.sort_by(f64::total_cmp);
    prices[prices.len() / CHEAP_SHARE].max(0.0)
}

/// What the stores of a home count in a ledger: ct per kWh (or K), the same for every policy under a tariff.
///
/// A kWh from the grid counts the mean import price of the replay: a battery's times what it gives back, a car's and a heat
/// store's by what it takes to put it there. Cars count up to what they ever wish for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoreWorth {
    batteries: Vec<f64>,
    evs: Vec<(f64, KilowattHours)>,
    rooms: Vec<f64>,
    water: Vec<f64>,
}

impl StoreWorth {
    pub(crate) fn new(span: &Span, import_price: &[CentsPerKilowattHour]) -> Self {
        let home = span.home();
        let replayed = span.replayed();
        let price = mean(&import_price[replayed.clone()].iter().map(|price| price.0).collect::<Vec<_>>());
        let cop = |cop: &[f64]| mean(&cop[replayed.clone()]);
        let rooms = |pump: &offpeak_domain::HeatPump| {
            let rooms = pump.rooms.as_ref();
            rooms.map_or(0.0, |rooms| price / cop(&rooms.compression.cop) * rooms.building.capacitance().0)
        };
        let water = |pump: &offpeak_domain::HeatPump| {
            pump.hot_water.as_ref().map_or(0.0, |water| price / cop(&water.compression.cop))
        };
        let wished = |ev: &offpeak_domain::Ev| {
            let targets = ev.sessions.iter().filter_map(|session| session.target);
            targets.chain(ev.end.map(|end| end.target)).fold(KilowattHours::ZERO, KilowattHours::max)
        };
        Self {
            batteries: home.batteries.iter().map(|battery| price * battery.discharge_efficiency).collect(),
            evs: home.evs.iter().map(|ev| (price / ev.charge_efficiency, wished(ev))).collect(),
            rooms: home.heat_pumps.iter().map(rooms).collect(),
            water: home.heat_pumps.iter().map(water).collect(),
        }
    }

    /// The worth of all that the stores hold, in ct, up to a constant of the home.
    pub(crate) fn of(&self, state: &State) -> f64 {
        let batteries = state.batteries.iter().zip(&self.batteries).map(|(stored, worth)| stored.0 * worth);
        let evs = state.evs.iter().zip(&self.evs).map(|(energy, (worth, most))| energy.min(*most).0 * worth);
        let pumps = state.heat_pumps.iter().zip(self.rooms.iter().zip(&self.water));
        let heat = pumps.map(|(pump, (rooms, water))| {
            pump.rooms.map_or(0.0, |theta| theta.0 * rooms)
                + pump.water.map_or(0.0, |stored| stored.0 * water)
        });
        batteries.sum::<f64>() + evs.sum::<f64>() + heat.sum::<f64>()
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
