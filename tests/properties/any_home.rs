//! Strategies: random homes over a given grid, with zero or one device of each kind.

use std::ops::Range;

use chrono::{DateTime, Duration, Utc};
use offpeak_domain::{
    Appliance, Battery, Cents, CentsPerKilowattHour, CompressorState, Ev, EvDischarge, EvSession, HeatPump,
    HomeSpec, Horizon, HotWater, KilowattHours, Kilowatts, Rooms, StartCap,
};
use offpeak_tests::{appliance, at_start, battery, ct_per_kwh, ev, home, kw, kwh, power, pump, room, water};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any};

/// Intervals of the small homes: three hours in quarter-hours.
pub(crate) const INTERVALS: usize = 12;

/// Equal intervals from the start, the first of them cut short to `first_minutes`.
pub(crate) fn intervals(count: usize, minutes: i64, first_minutes: i64) -> Horizon {
    let count = i64::try_from(count).expect("few");
    let later = (0..count).map(|t| at_start() + Duration::minutes(first_minutes + t * minutes));
    let edges: Vec<DateTime<Utc>> = std::iter::once(at_start()).chain(later).collect();
    Horizon::from_edges(edges).expect("rising")
}

/// Small homes on the usual grid.
pub(crate) fn small_home() -> impl Strategy<Value = HomeSpec> {
    home_over(intervals(INTERVALS, 15, 15), prices(-10.0..50.0, INTERVALS))
}

/// Import prices in tenths of a ct/kWh.
pub(crate) fn prices(range: Range<f64>, count: usize) -> impl Strategy<Value = Vec<f64>> + Clone {
    vec(range.prop_map(|price| (price * 10.0).round() / 10.0), count)
}

/// Homes over `horizon` at some of `prices`, with up to one device of each kind.
pub(crate) fn home_over(
    horizon: Horizon,
    prices: impl Strategy<Value = Vec<f64>>,
) -> impl Strategy<Value = HomeSpec> {
    let count = horizon.len();
    let with_grid = (prices, vec(0.0..2.0, count), vec(0.0..6.0, count), any::<bool>(), 0.0..12.0);
    let with_grid = with_grid.prop_map(move |(prices, load, pv, has_sun, feed_in)| {
        let mut home = home(horizon.clone(), &prices);
        home.grid.load = kw(&load);
        if has_sun {
            home.grid.pv = kw(&pv);
            home.grid.can_curtail = true;
            home.grid.export_price = ct_per_kwh(&vec![feed_in; count]);
        }
        home.grid.import_limit = kw(&vec![15.0; count]);
        home
    });
    with_grid.prop_flat_map(|home| {
        let batteries = option::weighted(0.6, any_battery(&home));
        let evs = option::weighted(0.6, any_ev(&home));
        let pumps = option::weighted(0.6, any_pump(&home));
        let appliances = option::weighted(0.4, any_appliance(&home));
        (Just(home), batteries, evs, pumps, appliances).prop_map(
            |(mut home, battery, ev, pump, appliance)| {
                home.batteries.extend(battery);
                home.evs.extend(ev);
                home.heat_pumps.extend(pump);
                home.appliances.extend(appliance);
                home
            },
        )
    })
}

fn any_battery(home: &HomeSpec) -> impl Strategy<Value = Battery> + use<> {
    let plain = battery(home, 5.0, 2.5);
    (0.0..=5.0, 0.85..=1.0, 0.0..5.0, any::<bool>(), any::<bool>()).prop_map(
        move |(initial, efficiency, wear, grid_charging, grid_export)| Battery {
            initial_stored: KilowattHours(initial),
            charge_efficiency: efficiency,
            discharge_efficiency: efficiency,
            wear: CentsPerKilowattHour(wear),
            end_floor: KilowattHours(initial),
            end_value: CentsPerKilowattHour(10.0),
            grid_charging,
            grid_export,
            ..plain.clone()
        },
    )
}

fn any_ev(home: &HomeSpec) -> impl Strategy<Value = Ev> + use<> {
    let count = home.horizon.len();
    let modes = [power(1.38..=3.68), power(4.14..=11.0)];
    let plain = ev(home, &modes, 20.0);
    let discharge = EvDischarge {
        power: power(1.4..=5.0),
        efficiency: 0.93,
        wear: CentsPerKilowattHour(4.0),
        reserve: KilowattHours(4.0),
        grid_export: false,
    };
    (0..count / 3, count / 2..=count, 0.0..10.0, 5.0..20.0, option::of(Just(discharge))).prop_map(
        move |(arrival, departure, initial, target, discharge)| Ev {
            initial_energy: KilowattHours(initial),
            charge_efficiency: 0.9,
            discharge,
            sessions: vec![EvSession {
                connected: arrival..departure,
                target: Some(KilowattHours(target)),
                driven_before: KilowattHours(0.0),
            }],
            ..plain.clone()
        },
    )
}

fn any_pump(home: &HomeSpec) -> impl Strategy<Value = HeatPump> + use<> {
    let count = home.horizon.len();
    let plain = pump(home);
    let modulating = power(0.8..=2.5);
    let rooms = Rooms { end_value_ct_per_k: 20.0, ..room(home, modulating) };
    let tank = HotWater {
        loss_per_hour: 0.01,
        draw: kwh(&vec![0.08; count]),
        heater_max: Kilowatts(1.0),
        ..water(home, modulating)
    };
    let sinks = (any::<bool>(), any::<bool>()).prop_map(|(rooms, water)| (rooms || !water, water));
    let before = (any::<bool>(), 0_usize..4);
    (sinks, 1_usize..4, 1_usize..4, before, 0.0..6.0, option::of(1_usize..3)).prop_map(
        move |((has_rooms, has_water), min_run, min_pause, (running, lasted), start_cost, most)| HeatPump {
            rooms: has_rooms.then(|| rooms.clone()),
            hot_water: has_water.then(|| tank.clone()),
            min_run,
            min_pause,
            before: CompressorState { running, intervals: lasted },
            start_cost: Cents(start_cost),
            start_caps: most.map(|most| StartCap { intervals: 0..count, most }).into_iter().collect(),
            ..plain.clone()
        },
    )
}

fn any_appliance(home: &HomeSpec) -> impl Strategy<Value = Appliance> + use<> {
    let plain = appliance(home, &[2.0, 0.5, 1.0], 0..=home.horizon.len() - 3);
    any::<bool>().prop_map(move |interruptible| Appliance { interruptible, ..plain.clone() })
}
