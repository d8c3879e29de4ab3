//! What a kWh is worth, interval by interval: at the meter, and to each device by the proof's multipliers.

use offpeak_domain::{Home, Multipliers, Pivot, Schedule, StorePower};
use serde::Serialize;

use crate::number::tidy;
use crate::tracks::Role;

/// Net power of less than this at the meter is none.
const STANDING: f64 = 1e-4;

/// What a kWh is worth to a device, per interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShadowPrice {
    /// Whose price it is.
    pub label: String,
    /// What kind of device it is.
    pub role: Role,
    /// In ct/kWh; none where the device can't draw or give.
    pub ct_per_kwh: Vec<Option<f64>>,
}

/// What the proof's prices say a kWh is worth to each device. The pivot has no price of its own.
pub(crate) fn shadow_prices(home: &Home, schedule: &Schedule, multipliers: &Multipliers) -> Vec<ShadowPrice> {
    let intervals = home.horizon.len();
    // A port's price is in ct per kW of the interval; one of another length is not of this home.
    let per_kwh =
        |prices: &[f64], t: usize| prices.get(t).map(|price| tidy(price / home.horizon.length(t).0));
    let mut all = Vec::new();
    let mut add = |label: String, role, prices: &dyn Fn(usize) -> Option<f64>| {
        let ct_per_kwh: Vec<Option<f64>> = (0..intervals).map(prices).collect();
        if ct_per_kwh.iter().flatten().any(|price| price.abs() > 0.0) {
            all.push(ShadowPrice { label, role, ct_per_kwh });
        }
    };
    let pivot = multipliers.pivot;
    for (index, (battery, prices)) in home.batteries.iter().zip(&multipliers.batteries).enumerate() {
        if pivot != Some(Pivot::Battery(index)) {
            let gives = |t: usize| gives(&schedule.setpoints.batteries[index], t);
            add(battery.id.clone(), Role::Battery, &|t| {
                if gives(t) {
                    per_kwh(&prices.discharge, t).map(|price| -price)
                } else {
                    per_kwh(&prices.charge, t)
                }
            });
        }
    }
    for (index, (ev, prices)) in home.evs.iter().zip(&multipliers.evs).enumerate() {
        if pivot != Some(Pivot::Ev(index)) {
            let connected = ev.connected(intervals);
            add(ev.id.clone(), Role::Ev, &|t| connected[t].then(|| per_kwh(&prices.charge, t)).flatten());
        }
    }
    for (index, (pump, prices)) in home.heat_pumps.iter().zip(&multipliers.heat_pumps).enumerate() {
        let is_pivot = pivot == Some(Pivot::HeatPump(index));
        if pump.rooms.is_some() && !is_pivot {
            add(format!("{} rooms", pump.id), Role::Rooms, &|t| per_kwh(&prices.rooms, t));
        }
        if pump.hot_water.is_some() && !(is_pivot && pump.rooms.is_none()) {
            add(format!("{} water", pump.id), Role::HotWater, &|t| per_kwh(&prices.hot_water, t));
        }
    }
    for (appliance, prices) in home.appliances.iter().zip(&multipliers.appliances) {
        add(appliance.id.clone(), Role::Appliance, &|t| per_kwh(prices, t));
    }
    all
}

fn gives(power: &StorePower, t: usize) -> bool {
    power.discharge[t].0 > STANDING
}

/// What a kWh more or less costs the home in every interval, in ct/kWh.
///
/// While it imports that is the price (with weighted carbon), while it exports the feed-in pay; at standstill a kWh is
/// worth something between the two, where the middle of the devices' shadow prices says, or half-way without them.
pub(crate) fn worth(home: &Home, schedule: &Schedule, devices: &[ShadowPrice]) -> Vec<f64> {
    let at = |t: usize| {
        let (buy, sell) = (home.grid.import_value(t).0, home.grid.export_price[t].0);
        if schedule.import[t].0 > STANDING {
            return buy;
        }
        if schedule.export[t].0 > STANDING {
            return sell;
        }
        let mut prices: Vec<f64> = devices.iter().filter_map(|device| device.ct_per_kwh[t]).collect();
        prices.sort_by(f64::total_cmp);
        let between = prices.get(prices.len() / 2).copied().unwrap_or(f64::midpoint(buy, sell));
        between.clamp(buy.min(sell), buy.max(sell))
    };
    (0..home.horizon.len()).map(|t| tidy(at(t))).collect()
}
