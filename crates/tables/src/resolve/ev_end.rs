//! What an EV's energy is worth: at the end of the horizon, and at once.

use std::ops::Range;

use offpeak_domain::{CentsPerKilowattHour, Ev, EvEnd, Grid, Horizon, KilowattHours, Urgent};

/// The worth of energy for a session that ends after the horizon: `given`, or what it costs to charge it now.
pub(super) fn end(
    ev: &Ev,
    target: KilowattHours,
    given: Option<CentsPerKilowattHour>,
    grid: &Grid,
    horizon: &Horizon,
) -> EvEnd {
    let target = target.min(ev.capacity);
    let value = given.or_else(|| {
        let connected = ev.sessions.last()?.connected.clone();
        let rest = target - expected_at_last_arrival(ev);
        Some(charging_cost(ev, rest, connected, grid, horizon))
    });
    EvEnd { target, value: value.unwrap_or(CentsPerKilowattHour::ZERO) }
}

/// The energy at the last arrival if every wish before it is just met.
fn expected_at_last_arrival(ev: &Ev) -> KilowattHours {
    let mut energy = ev.initial_energy;
    for session in &ev.sessions {
        energy = (energy - session.driven_before).max(KilowattHours::ZERO);
        if let Some(target) = session.target {
            energy = energy.max(target);
        }
    }
    energy
}

/// What a stored kWh costs if `rest` is charged in the cheapest of the connected intervals.
///
/// The mean price, by what a plan counts for import, over the efficiency; at least 0, since no one
/// pays to have a car emptied.
fn charging_cost(
    ev: &Ev,
    rest: KilowattHours,
    connected: Range<usize>,
    grid: &Grid,
    horizon: &Horizon,
) -> CentsPerKilowattHour {
    let mut needed = rest / ev.charge_efficiency;
    let mut intervals: Vec<(CentsPerKilowattHour, KilowattHours)> =
        connected.map(|t| (grid.import_value(t), ev.max_charge() * horizon.length(t))).collect();
    intervals.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
    let (mut energy, mut cost) = (0.0, 0.0);
    for (price, most) in intervals {
        let charged = most.min(needed).max(KilowattHours::ZERO);
        energy += charged.0;
        cost += charged.0 * price.0;
        needed -= charged;
    }
    if energy <= 0.0 {
        return CentsPerKilowattHour::ZERO;
    }
    CentsPerKilowattHour((cost / energy / ev.charge_efficiency).max(0.0))
}

/// A minimum energy at once, at a price for which no waiting pays.
///
/// Waiting one interval saves at most the widest spread of prices, per stored kWh; the penalty of that
/// interval is 1 ct more than this.
pub(super) fn urgent(ev: &Ev, energy: KilowattHours, grid: &Grid, horizon: &Horizon) -> Urgent {
    let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
    for t in 0..horizon.len() {
        let import = grid.import_value(t);
        highest = highest.max(import.0);
        lowest = lowest.min(import.min(grid.export_price[t]).0);
    }
    let shortest = horizon.lengths().map(|length| length.0).fold(f64::INFINITY, f64::min);
    let spread = (highest - lowest) / ev.charge_efficiency;
    Urgent { energy, price_ct_per_kwh_h: (spread + 1.0) / shortest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, TimeZone, Utc};
    use offpeak_domain::{EvSession, Kilowatts, PowerRange};

    fn horizon() -> Horizon {
        let start = Utc.with_ymd_and_hms(2026, 1, 15, 0, 0, 0).single().expect("one");
        Horizon::between(start, start + Duration::hours(4), 60).expect("divides")
    }

    fn grid(prices: [f64; 4]) -> Grid {
        let prices = prices.map(CentsPerKilowattHour).to_vec();
        let zero = vec![Kilowatts::ZERO; 4];
        Grid {
            load: zero.clone(),
            pv: zero.clone(),
            can_curtail: false,
            export_price: vec![CentsPerKilowattHour(8.0); 4],
            import_price: prices,
            import_limit: zero.clone(),
            export_limit: zero,
            overshoot_price: CentsPerKilowattHour(1000.0),
            peak_charges: Vec::new(),
            co2: None,
        }
    }

    fn ev(connected: Range<usize>) -> Ev {
        Ev {
            id: "ev".into(),
            capacity: KilowattHours(50.0),
            initial_energy: KilowattHours(30.0),
            charge_efficiency: 0.8,
            modes: vec![PowerRange { min: Kilowatts(4.0), max: Kilowatts(10.0) }],
            discharge: None,
            sessions: vec![EvSession { connected, target: None, driven_before: KilowattHours(2.0) }],
            shortfall_price: CentsPerKilowattHour(500.0),
            urgent: None,
            end: None,
        }
    }

    #[test]
    fn the_end_value_is_the_mean_of_the_cheapest_prices_that_fill_the_rest() {
        // 30 - 2 to 40 kWh are 15 kWh from the grid: 10 at 20 ct and 5 at 26 ct.
        let end = end(&ev(1..4), KilowattHours(40.0), None, &grid([1.0, 40.0, 26.0, 20.0]), &horizon());
        assert!((end.value.0 - 22.0 / 0.8).abs() < 1e-9, "{end:?}");
        assert_eq!(end.target, KilowattHours(40.0));
    }

    #[test]
    fn a_given_value_holds_and_a_full_car_is_worth_nothing_more() {
        let given = Some(CentsPerKilowattHour(12.0));
        let prices = grid([20.0; 4]);
        let value = |target, given| end(&ev(1..4), KilowattHours(target), given, &prices, &horizon()).value;
        assert_eq!(value(40.0, given), CentsPerKilowattHour(12.0));
        assert_eq!(value(20.0, None), CentsPerKilowattHour::ZERO);
    }

    #[test]
    fn waiting_an_hour_costs_a_cent_more_than_the_widest_spread_saves() {
        let urgent = urgent(&ev(1..4), KilowattHours(40.0), &grid([20.0, 40.0, 30.0, 25.0]), &horizon());
        assert!((urgent.price_ct_per_kwh_h - ((40.0 - 8.0) / 0.8 + 1.0)).abs() < 1e-9, "{urgent:?}");
    }
}
