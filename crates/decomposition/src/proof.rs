//! The multipliers behind a bound, in the home's own terms: for whoever wants to recompute it, and back, for the next plan.

mod fixings;

use offpeak_domain::{Cents, Home, Leaf, Multipliers, Pivot};

use crate::allowed::Allowed;
use crate::model::{Model, Role};
use crate::prices::Prices;
use fixings::fixings;
pub(crate) use fixings::sides;

/// A case of every schedule that keeps to `allowed`, at `prices` and with this pivot.
pub(crate) fn leaf(
    home: &Home,
    model: &Model,
    (allowed, prices): (&Allowed, &Prices),
    pivot: Option<usize>,
    bound: f64,
) -> Leaf {
    let mut multipliers = Multipliers::zero(home);
    multipliers.pivot = pivot.and_then(|store| role_of(model, store)).and_then(pivot_of);
    for (index, port) in model.ports.iter().enumerate() {
        *slot(&mut multipliers, port.role) = prices.port(index).to_vec();
    }
    for (pair, shared) in model.shared.iter().enumerate() {
        if let Some(pump) = role_of(model, shared.main).and_then(pump_of) {
            multipliers.heat_pumps[pump].serve = prices.serve(pair).to_vec();
        }
    }
    for peak in 0..model.grid.peaks.len() {
        multipliers.peaks[peak] = prices.peak(peak).to_vec();
    }
    for store in 0..model.stores.len() {
        let caps = prices.start(store);
        if let (Some(pump), false) = (role_of(model, store).and_then(pump_of), caps.is_empty()) {
            multipliers.start_caps[pump] = caps.to_vec();
        }
    }
    Leaf { fixings: fixings(home, model, allowed), multipliers, bound: Cents(bound) }
}

/// Prices of an earlier bound, as far as they fit; peaks and caps on starts keep 0.
pub(crate) fn prices_of(model: &Model, multipliers: &Multipliers) -> Prices {
    let mut prices = Prices::zero(model);
    for (index, port) in model.ports.iter().enumerate() {
        if let Some(values) =
            read_slot(multipliers, port.role).filter(|values| values.len() == model.intervals)
        {
            prices.port_mut(index).copy_from_slice(values);
        }
    }
    for (pair, shared) in model.shared.iter().enumerate() {
        let pump = role_of(model, shared.main).and_then(pump_of);
        let values = pump.and_then(|pump| multipliers.heat_pumps.get(pump)).map(|pump| &pump.serve);
        if let Some(values) = values.filter(|values| values.len() == model.intervals) {
            prices.serve_mut(pair).copy_from_slice(values);
        }
    }
    prices
}

/// The role of the first port of a store.
fn role_of(model: &Model, store: usize) -> Option<Role> {
    model.stores[store].ports().next().map(|port| model.ports[port].role)
}

fn pivot_of(role: Role) -> Option<Pivot> {
    match role {
        Role::BatteryCharge(index) | Role::BatteryDischarge(index) => Some(Pivot::Battery(index)),
        Role::EvCharge(index) | Role::EvDischarge(index) => Some(Pivot::Ev(index)),
        Role::Rooms(index) | Role::HotWater(index) => Some(Pivot::HeatPump(index)),
        Role::Backup(_) | Role::Immersion(_) | Role::Appliance(_) => None,
    }
}

fn pump_of(role: Role) -> Option<usize> {
    match role {
        Role::Rooms(index) | Role::HotWater(index) => Some(index),
        _ => None,
    }
}

fn slot(multipliers: &mut Multipliers, role: Role) -> &mut Vec<f64> {
    match role {
        Role::BatteryCharge(index) => &mut multipliers.batteries[index].charge,
        Role::BatteryDischarge(index) => &mut multipliers.batteries[index].discharge,
        Role::EvCharge(index) => &mut multipliers.evs[index].charge,
        Role::EvDischarge(index) => &mut multipliers.evs[index].discharge,
        Role::Rooms(index) => &mut multipliers.heat_pumps[index].rooms,
        Role::HotWater(index) => &mut multipliers.heat_pumps[index].hot_water,
        Role::Backup(index) => &mut multipliers.heat_pumps[index].backup,
        Role::Immersion(index) => &mut multipliers.heat_pumps[index].immersion,
        Role::Appliance(index) => &mut multipliers.appliances[index],
    }
}

fn read_slot(multipliers: &Multipliers, role: Role) -> Option<&Vec<f64>> {
    match role {
        Role::BatteryCharge(index) => multipliers.batteries.get(index).map(|prices| &prices.charge),
        Role::BatteryDischarge(index) => multipliers.batteries.get(index).map(|prices| &prices.discharge),
        Role::EvCharge(index) => multipliers.evs.get(index).map(|prices| &prices.charge),
        Role::EvDischarge(index) => multipliers.evs.get(index).map(|prices| &prices.discharge),
        Role::Rooms(index) => multipliers.heat_pumps.get(index).map(|prices| &prices.rooms),
        Role::HotWater(index) => multipliers.heat_pumps.get(index).map(|prices| &prices.hot_water),
        Role::Backup(index) => multipliers.heat_pumps.get(index).map(|prices| &prices.backup),
        Role::Immersion(index) => multipliers.heat_pumps.get(index).map(|prices| &prices.immersion),
        Role::Appliance(index) => multipliers.appliances.get(index),
    }
}
