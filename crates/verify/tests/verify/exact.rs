//! A home with one device that is on or off: with it as the pivot, the bound is the optimum that enumeration finds.

use offpeak_domain::{Home, HomeSpec, Kilowatts, Multipliers, Pivot, Setpoints};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::never_above::pivots;
use crate::random_home::{self as random_home, Powers};
use crate::random_schedule::cost;
use crate::{assert_reaches, bound, bound_with};

/// A grid of five to seven intervals that can't curtail, so that a device's powers are all there is to choose.
fn grid(random: &mut ChaCha8Rng) -> HomeSpec {
    let intervals = random.random_range(5..=7);
    let mut home = random_home::grid(random, intervals);
    home.grid.can_curtail = false;
    home.grid.peak_charges.clear();
    home
}

/// The least cost over all ways to combine the choices of every interval; `choose` sets choice `k` in interval `t` if there is one.
fn optimum(home: &Home, choose: &impl Fn(&mut Setpoints, usize, usize) -> bool) -> Option<f64> {
    fn search(
        home: &Home,
        setpoints: &mut Setpoints,
        t: usize,
        best: &mut Option<f64>,
        choose: &impl Fn(&mut Setpoints, usize, usize) -> bool,
    ) {
        if t == home.horizon.len() {
            if let Some((found, _)) = cost(home, setpoints.clone()) {
                *best = Some(best.map_or(found, |best| best.min(found)));
            }
            return;
        }
        let mut choice = 0;
        while choose(setpoints, t, choice) {
            search(home, setpoints, t + 1, best, choose);
            choice += 1;
        }
    }
    let mut best = None;
    search(home, &mut Setpoints::idle(home), 0, &mut best, choose);
    best
}

/// Checks `count` homes that `make` makes, of which most have a clean schedule.
fn check(
    count: u64,
    pivot: Pivot,
    make: impl Fn(&mut ChaCha8Rng) -> HomeSpec,
    choose: impl Fn(&Home, &mut Setpoints, usize, usize) -> bool,
) {
    let mut solved = 0;
    for seed in 0..count {
        let spec = make(&mut ChaCha8Rng::seed_from_u64(seed));
        let (home, verified) = bound_with(spec, Some(pivot));
        match optimum(&home, &|setpoints: &mut Setpoints, t, k| choose(&home, setpoints, t, k)) {
            Some(least) => {
                assert_reaches(verified, least);
                solved += 1;
            }
            None => assert!(verified.bound.0 > 1e9, "seed {seed}: {verified:?} where there is no schedule"),
        }
    }
    assert!(solved * 2 > count, "{solved} of {count} homes have a clean schedule");
}

#[test]
fn a_pivot_battery_reaches_the_optimum() {
    let make = |random: &mut ChaCha8Rng| {
        let mut home = grid(random);
        home.batteries = vec![random_home::battery(random, &home, Powers::OnOff)];
        home
    };
    check(60, Pivot::Battery(0), make, |home, setpoints, t, choice| {
        let (battery, power) = (&home.batteries[0], &mut setpoints.batteries[0]);
        (power.charge[t], power.discharge[t]) = Default::default();
        match choice {
            0 => {}
            1 => power.charge[t] = battery.max_charge[t],
            2 => power.discharge[t] = battery.max_discharge[t],
            _ => return false,
        }
        true
    });
}

#[test]
fn a_pivot_car_reaches_the_optimum() {
    let make = |random: &mut ChaCha8Rng| {
        let mut home = grid(random);
        home.evs = vec![random_home::ev(random, &home, Powers::OnOff)];
        home
    };
    check(60, Pivot::Ev(0), make, |home, setpoints, t, choice| {
        let (ev, power) = (&home.evs[0], &mut setpoints.evs[0]);
        (power.charge[t], power.discharge[t]) = Default::default();
        if choice > 0 && !ev.connected(home.horizon.len())[t] {
            return false;
        }
        match (choice, &ev.discharge) {
            (0, _) | (1, None) => {}
            (1, Some(discharge)) => power.discharge[t] = discharge.power.min,
            (mode, _) => match ev.modes.get(mode - 2) {
                Some(mode) => power.charge[t] = mode.min,
                None => return false,
            },
        }
        true
    });
}

#[test]
fn a_pivot_heat_pump_of_one_sink_reaches_the_optimum() {
    let make = |random: &mut ChaCha8Rng| {
        let mut home = grid(random);
        let mut pump = random_home::automaton(random, &home);
        pump.start_caps.clear();
        if random_home::chance(random, 0.5) {
            pump.rooms = Some(random_home::rooms(random, &home, Powers::OnOff));
        } else {
            pump.hot_water = Some(random_home::hot_water(random, &home, Powers::OnOff));
        }
        home.heat_pumps = vec![pump];
        home
    };
    check(150, Pivot::HeatPump(0), make, |home, setpoints, t, choice| {
        let (pump, power) = (&home.heat_pumps[0], &mut setpoints.heat_pumps[0]);
        let on = choice == 1;
        if let Some(rooms) = &pump.rooms {
            power.rooms[t] = if on { rooms.compression.max_power[t] } else { Kilowatts::ZERO };
        }
        if let Some(water) = &pump.hot_water {
            power.hot_water[t] = if on { water.compression.max_power[t] } else { Kilowatts::ZERO };
        }
        choice < 2
    });
}

/// Prices at the worth of power in every interval, in a home that only ever imports, and any for serving the hot water.
fn at_worth(random: &mut ChaCha8Rng, home: &Home) -> Multipliers {
    let mut all = Multipliers::zero(home);
    for t in 0..home.horizon.len() {
        let worth = home.horizon.length(t).0 * home.grid.import_price[t].0;
        for prices in all.batteries.iter_mut().chain(&mut all.evs) {
            (prices.charge[t], prices.discharge[t]) = (worth, -worth);
        }
        for prices in &mut all.heat_pumps {
            (prices.rooms[t], prices.hot_water[t]) = (worth, worth);
            (prices.backup[t], prices.immersion[t]) = (worth, worth);
            prices.serve[t] = random_home::between(random, -20.0, 5.0);
        }
    }
    all
}

#[test]
fn where_all_power_has_one_worth_a_pivot_proves_what_prices_prove() {
    for seed in 0..60 {
        let random = &mut ChaCha8Rng::seed_from_u64(seed);
        let mut spec = random_home::grid(random, 8);
        let grid = &mut spec.grid;
        grid.co2 = None;
        grid.can_curtail = false;
        grid.peak_charges.clear();
        grid.load.fill(Kilowatts(20.0));
        grid.import_limit.fill(Kilowatts(100.0));
        spec.batteries = vec![random_home::battery(random, &spec, Powers::Ranges)];
        spec.batteries[0].grid_charging = true;
        spec.evs = vec![random_home::ev(random, &spec, Powers::Ranges)];
        spec.heat_pumps = vec![random_home::pump(random, &spec, Powers::Ranges)];
        let home = Home::new(spec).expect("a possible home");
        let prices = at_worth(random, &home);
        let priced = bound(&home, prices.clone());
        for pivot in pivots(&home) {
            let met = bound(&home, Multipliers { pivot: Some(pivot), ..prices.clone() });
            let apart = (met.bound - priced.bound).0.abs();
            assert!(apart < priced.slack.0, "seed {seed}: {met:?} with {pivot:?}, {priced:?}");
        }
    }
}
