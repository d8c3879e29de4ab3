//! A plan against its baseline: the difference of the bills, and what is left when the service is made equal.

use crate::home::Home;
use crate::plan::Costed;
use crate::schedule::Schedule;
use crate::units::{Cents, CentsPerKilowattHour, KilowattHours, Kilowatts};

/// What a plan saves against the baseline; positive is saved.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Savings {
    /// Plain difference of the bills.
    pub bill: Cents,
    /// Net of wear, starts, carbon, comfort, shortfalls, urgency, overshoot and borrowed energy.
    pub net: Cents,
    /// Energy that the plan took from the stores beyond the baseline, at its worth; positive was borrowed.
    pub borrowed: Cents,
    /// Energy consumed at another time than in the baseline.
    pub moved: KilowattHours,
}

/// Compares `plan` with `baseline` in `home`.
///
/// A kWh (or kelvin) that the plan leaves less than the baseline at the last edge counts as borrowed, at
/// the worth the home gives it, or at the mean import price of the horizon where it gives none.
pub fn savings(home: &Home, baseline: &Costed, plan: &Costed) -> Savings {
    let borrowed = store_worth(home, &baseline.schedule) - store_worth(home, &plan.schedule);
    let cost = |costed: &Costed| costed.money.objective() + costed.money.end_value;
    Savings {
        bill: baseline.money.bill() - plan.money.bill(),
        net: cost(baseline) - cost(plan) - borrowed,
        borrowed,
        moved: moved(home, &baseline.schedule, &plan.schedule),
    }
}

/// Worth of what all stores hold at the last edge, up to a constant of the home.
fn store_worth(home: &Home, schedule: &Schedule) -> Cents {
    let last = home.horizon.len();
    let price = mean_import_price(home);
    let mut worth = Cents::ZERO;
    for (battery, stored) in home.batteries.iter().zip(&schedule.battery_stored) {
        let value = or_else(battery.end_value.0, price.0 * battery.discharge_efficiency);
        worth += Cents(stored[last].0 * value);
    }
    for (ev, energy) in home.evs.iter().zip(&schedule.ev_energy) {
        let value = match &ev.end {
            Some(end) => end.value.0,
            None => price.0 / ev.charge_efficiency,
        };
        let counted = match &ev.end {
            Some(end) => energy[last].min(end.target),
            None => energy[last],
        };
        worth += Cents(counted.0 * value);
    }
    for (index, pump) in home.heat_pumps.iter().enumerate() {
        if let (Some(rooms), Some(theta)) = (&pump.rooms, &schedule.room_temperature[index]) {
            let heat_price = price.0 / mean(&rooms.compression.cop);
            let value = or_else(rooms.end_value_ct_per_k, heat_price * rooms.building.capacitance().0);
            worth += Cents(theta[last].0 * value);
        }
        if let (Some(water), Some(stored)) = (&pump.hot_water, &schedule.water_stored[index]) {
            let heat_price = price.0 / mean(&water.compression.cop);
            worth += Cents(stored[last].0 * or_else(water.end_value_ct_per_kwh, heat_price));
        }
    }
    worth
}

/// Half the absolute difference of flexible consumption, so that a kWh moved counts once.
fn moved(home: &Home, baseline: &Schedule, plan: &Schedule) -> KilowattHours {
    let lengths = home.horizon.lengths().enumerate();
    let differences = lengths.map(|(t, length)| {
        let change = plan.setpoints.device_power(t) - baseline.setpoints.device_power(t);
        Kilowatts(change.0.abs()) * length / 2.0
    });
    differences.sum()
}

fn mean_import_price(home: &Home) -> CentsPerKilowattHour {
    let lengths = home.horizon.lengths();
    let weighted = home.grid.import_price.iter().zip(lengths).map(|(price, h)| price.0 * h.0);
    CentsPerKilowattHour(weighted.sum::<f64>() / home.horizon.duration().0)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn or_else(value: f64, default: f64) -> f64 {
    if value > 0.0 { value } else { default }
}
