//! Small homes whose optimum is worked out by hand.

use offpeak_domain::{
    Appliance, Battery, Cents, CentsPerKilowatt, CompressorState, Fixed, Fixing, HeatPump, Home, HomeSpec,
    HotWater, KilowattHours, Kilowatts, Leaf, Multipliers, PeakCharge, Pivot, Proof, StartCap,
};
use offpeak_testhomes::plain;
use offpeak_verify::{Refuted, verify};

use crate::{assert_reaches, bound, bound_with};

fn with_load(prices: &[f64], load: f64) -> HomeSpec {
    let mut home = plain::hourly(prices);
    home.grid.load = plain::kw(&vec![load; prices.len()]);
    home
}

#[test]
fn without_devices_the_bound_is_the_bill() {
    let mut home = with_load(&[10.0, 30.0, -5.0], 1.0);
    home.grid.pv = plain::kw(&[0.0, 3.0, 0.0]);
    home.grid.export_price = plain::ct_per_kwh(&[8.0; 3]);
    // 10 ct, 2 kWh sold at 8 ct, paid 5 ct.
    assert_reaches(bound_with(home, None).1, 10.0 - 16.0 - 5.0);
}

#[test]
fn load_beyond_the_fuse_pays_the_overshoot_and_curtailing_saves_a_negative_feed_in() {
    let mut home = with_load(&[10.0, 10.0], 1.0);
    home.grid.import_limit = plain::kw(&[0.6, 5.0]);
    home.grid.pv = plain::kw(&[0.0, 4.0]);
    home.grid.export_price = plain::ct_per_kwh(&[0.0, -7.0]);
    home.grid.can_curtail = true;
    assert_reaches(bound_with(home.clone(), None).1, 10.0 + 0.4 * 1000.0);
    home.grid.can_curtail = false;
    home.grid.export_limit = plain::kw(&[5.0, 2.0]);
    assert_reaches(bound_with(home, None).1, 10.0 + 400.0 + 3.0 * 7.0 + 1000.0);
}

#[test]
fn a_pivot_battery_shifts_all_its_losses_allow() {
    let mut home = with_load(&[10.0, 30.0], 1.0);
    home.batteries = vec![Battery {
        charge_efficiency: 0.9,
        discharge_efficiency: 0.9,
        ..plain::battery(&home, 5.0, 4.0)
    }];
    // The whole second hour comes from 1 / 0.81 kWh bought in the first; feeding in pays nothing.
    let shifted = 10.0 * (1.0 + 1.0 / 0.81);
    let (home, verified) = bound_with(home, Some(Pivot::Battery(0)));
    assert_reaches(verified, shifted);
    // Strong duality: prices at the margin prove the same. Between 0 and 1 kW of discharge a kW saves its worth in the first hour.
    let worth = 10.0 / 0.81;
    let mut multipliers = Multipliers::zero(&home);
    multipliers.batteries[0].charge = vec![10.0, 30.0];
    multipliers.batteries[0].discharge = vec![-10.0, -worth];
    assert_reaches(bound(&home, multipliers.clone()), shifted);
    // Other prices prove less.
    multipliers.batteries[0].discharge[1] = -worth - 1.0;
    let less = bound(&home, multipliers).bound.0;
    assert!(less < shifted - 0.5, "{less}");
}

#[test]
fn a_battery_that_may_not_charge_from_the_grid_only_keeps_surplus() {
    let mut home = with_load(&[10.0, 30.0], 1.0);
    home.grid.pv = plain::kw(&[1.5, 0.0]);
    home.batteries = vec![Battery { grid_charging: false, ..plain::battery(&home, 5.0, 4.0) }];
    let (_, verified) = bound_with(home.clone(), Some(Pivot::Battery(0)));
    assert_reaches(verified, 30.0 * 0.5);
    home.batteries[0].grid_charging = true;
    // Half a kWh comes from the sun, half a kWh is bought.
    assert_reaches(bound_with(home, Some(Pivot::Battery(0))).1, 10.0 * 0.5);
}

#[test]
fn a_battery_that_may_not_feed_the_grid_serves_the_load_alone() {
    let mut home = with_load(&[10.0, 30.0], 1.0);
    home.grid.export_price = plain::ct_per_kwh(&[0.0, 25.0]);
    home.batteries = vec![Battery { grid_export: false, ..plain::battery(&home, 5.0, 4.0) }];
    assert_reaches(bound_with(home.clone(), Some(Pivot::Battery(0))).1, 20.0);
    home.batteries[0].grid_export = true;
    // 4 kW bought at 10 ct: 1 kWh saves 30 ct, 3 kWh earn 25 ct each.
    assert_reaches(bound_with(home, Some(Pivot::Battery(0))).1, 50.0 - 75.0);
}

#[test]
fn a_car_at_marginal_prices_charges_in_the_cheapest_hours_its_least_power_allows() {
    let mut home = with_load(&[10.0, 20.0, 40.0], 1.0);
    home.evs = vec![plain::ev(&home, &[plain::power(4.0..=6.0)], 8.0)];
    let home = Home::new(home).expect("a possible home");
    let mut multipliers = Multipliers::zero(&home);
    multipliers.evs[0].charge = vec![10.0, 20.0, 40.0];
    // Two hours of 4 kW: 6 kW leaves less than a second hour needs.
    assert_reaches(bound(&home, multipliers), 70.0 + 40.0 + 80.0);
}

#[test]
fn an_appliance_draws_all_of_a_part_or_nothing() {
    let mut home = with_load(&[30.0, 30.0], 0.0);
    home.grid.pv = plain::kw(&[1.0, 0.0]);
    home.appliances = vec![plain::appliance(&home, &[2.0], 0..=1)];
    let home = Home::new(home).expect("a possible home");
    let mut multipliers = Multipliers::zero(&home);
    // Half of it comes from the sun. At 15 ct per kW the meter is indifferent between all of it and none, and would gain from a half.
    multipliers.appliances[0] = vec![15.0, 30.0];
    assert_reaches(bound(&home, multipliers), 30.0);
}

#[test]
fn an_appliance_that_may_pause_runs_its_parts_in_their_own_intervals() {
    let mut home = with_load(&[10.0, 40.0, 1.0, 5.0], 0.0);
    home.appliances = vec![Appliance { interruptible: true, ..plain::appliance(&home, &[2.0, 1.0], 0..=2) }];
    let proven = |home: HomeSpec| {
        let home = Home::new(home).expect("a possible home");
        let prices = vec![vec![10.0, 40.0, 1.0, 5.0]];
        bound(&home, Multipliers { appliances: prices, ..Multipliers::zero(&home) })
    };
    assert_reaches(proven(home.clone()), 2.0 + 5.0);
    // Its last part must run by the third hour, with a pause in the second.
    home.appliances[0].latest_start = 1;
    assert_reaches(proven(home.clone()), 20.0 + 1.0);
    home.appliances[0].interruptible = false;
    assert_reaches(proven(home.clone()), 20.0 + 40.0);
    home.appliances[0].skip_penalty = Cents(15.0);
    assert_reaches(proven(home), 15.0);
}

#[test]
fn a_peak_charge_is_proven_by_its_multipliers() {
    let mut home = with_load(&[0.0, 0.0], 1.0);
    home.grid.load = plain::kw(&[1.0, 3.0]);
    home.grid.peak_charges =
        vec![PeakCharge { intervals: 0..2, price: CentsPerKilowatt(15.0), already_reached: Kilowatts(0.5) }];
    let home = Home::new(home).expect("a possible home");
    let mut multipliers = Multipliers::zero(&home);
    multipliers.peaks = vec![vec![0.0, 15.0]];
    assert_reaches(bound(&home, multipliers.clone()), 15.0 * 2.5);
    multipliers.peaks = vec![vec![5.0, 10.0]];
    assert_reaches(bound(&home, multipliers), 5.0 * 0.5 + 10.0 * 2.5);
}

/// A tank that must be fed 1 kWh of heat in the second of four hours, by 1 kW at COP 2 that runs for two hours at least.
fn tank(prices: &[f64]) -> HomeSpec {
    let mut home = plain::hourly(prices);
    let water = HotWater {
        initial: KilowattHours(1.0),
        draw: plain::kwh(&[0.0, 1.0, 0.0, 0.0]),
        end_floor: KilowattHours(0.0),
        ..plain::water(&home, plain::power(1.0..=1.0))
    };
    home.heat_pumps = vec![HeatPump {
        hot_water: Some(water),
        min_run: 2,
        min_pause: 2,
        start_cost: Cents(3.0),
        ..plain::pump(&home)
    }];
    home
}

#[test]
fn a_pivot_pump_keeps_its_least_run_and_the_state_before() {
    let pivot = Some(Pivot::HeatPump(0));
    // One hour of heat is enough, but a run takes two.
    assert_reaches(bound_with(tank(&[10.0, 20.0, 40.0, 40.0]), pivot).1, 3.0 + 30.0);
    // Running since an hour: one more is due, and no start.
    let mut running = tank(&[10.0, 20.0, 40.0, 40.0]);
    running.heat_pumps[0].before = CompressorState { running: true, intervals: 1 };
    assert_reaches(bound_with(running.clone(), pivot).1, 10.0);
    // Pausing since an hour: it can't start in the first.
    running.heat_pumps[0].before = CompressorState { running: false, intervals: 1 };
    assert_reaches(bound_with(running, pivot).1, 3.0 + 60.0);
}

#[test]
fn the_multiplier_of_a_start_cap_charges_starts_and_gives_back_what_is_free() {
    let mut home = tank(&[10.0, 20.0, 40.0, 40.0]);
    home.heat_pumps[0].start_caps = vec![StartCap { intervals: 0..4, most: 0 }];
    let home = Home::new(home).expect("a possible home");
    let zero = Multipliers { pivot: Some(Pivot::HeatPump(0)), ..Multipliers::zero(&home) };
    assert_reaches(bound(&home, zero.clone()), 33.0);
    // Without a start, the tank is 1 kWh short at the ends of three hours: 300 ct.
    let dear = Multipliers { start_caps: vec![vec![1000.0]], ..zero };
    assert_reaches(bound(&home, dear), 300.0);
}

#[test]
fn serving_the_hot_water_passes_between_both_sinks_at_any_price() {
    // Rooms that no one minds and a tank: all that runs, runs for the tank.
    let mut home = tank(&[10.0, 20.0, 40.0, 40.0]);
    let free = plain::free_running_pump(&home, plain::power(1.0..=1.0));
    home.heat_pumps[0].rooms = free.rooms;
    let home = Home::new(home).expect("a possible home");
    let mut multipliers = Multipliers::zero(&home);
    let prices = vec![10.0, 20.0, 40.0, 40.0];
    multipliers.heat_pumps[0].rooms = prices.clone();
    multipliers.heat_pumps[0].hot_water = prices;
    // The tank pays 16.5 ct in either of the first two hours, and a run of two hours that serves in both of them earns its 3 ct
    // for the start and no more. The true optimum is 33 ct: the tank needs one hour, the run is of two.
    multipliers.heat_pumps[0].serve = vec![6.5, -3.5, 0.0, 0.0];
    assert_reaches(bound(&home, multipliers.clone()), 16.5);
    multipliers.pivot = Some(Pivot::HeatPump(0));
    assert_reaches(bound(&home, multipliers.clone()), 16.5);
    // Dearer serving: the tank pays 33 ct, the run earns 36 ct less its start.
    multipliers.heat_pumps[0].serve = vec![23.0, 13.0, 0.0, 0.0];
    assert_reaches(bound(&home, multipliers), 0.0);
}

#[test]
fn leaves_prove_what_no_single_case_could() {
    let mut home = with_load(&[10.0, 30.0], 1.0);
    home.batteries = vec![plain::battery(&home, 1.0, 1.0)];
    let home = Home::new(home).expect("a possible home");
    let multipliers = Multipliers { pivot: Some(Pivot::Battery(0)), ..Multipliers::zero(&home) };
    let leaf = |charge: bool, claimed: f64| Leaf {
        fixings: vec![Fixing {
            interval: 0,
            what: Fixed::Battery { index: 0, idle: !charge, charge, discharge: !charge },
        }],
        multipliers: multipliers.clone(),
        bound: Cents(claimed),
    };
    // Without charging nothing is shifted; with it the whole second hour is.
    let proof = |idle: f64, charging: f64| Proof { leaves: vec![leaf(false, idle), leaf(true, charging)] };
    assert_reaches(verify(&home, &proof(40.0, 20.0)).expect("both claims hold"), 20.0);
    let refuted = verify(&home, &proof(40.0, 20.1)).expect_err("the second claims too much");
    assert!(matches!(refuted, Refuted::Claim { leaf: 1, .. }), "{refuted}");
    let refuted = verify(&home, &proof(40.1, 20.0)).expect_err("the first claims too much");
    assert!(matches!(refuted, Refuted::Claim { leaf: 0, .. }), "{refuted}");
}

#[test]
fn the_direction_of_the_meter_splits_inverted_prices() {
    // Selling pays more than buying costs: only the battery's empty start keeps the home from both.
    let mut home = with_load(&[10.0], 1.0);
    home.grid.export_price = plain::ct_per_kwh(&[30.0]);
    home.batteries = vec![Battery { initial_stored: KilowattHours(3.0), ..plain::battery(&home, 3.0, 5.0) }];
    let home = Home::new(home).expect("a possible home");
    let multipliers = Multipliers { pivot: Some(Pivot::Battery(0)), ..Multipliers::zero(&home) };
    let leaf = |import: bool, bound: f64| Leaf {
        fixings: vec![Fixing { interval: 0, what: Fixed::Direction { import, export: !import } }],
        multipliers: multipliers.clone(),
        bound: Cents(bound),
    };
    let proof = Proof { leaves: vec![leaf(true, 0.0), leaf(false, -60.0)] };
    assert_reaches(verify(&home, &proof).expect("both claims hold"), -60.0);
}
