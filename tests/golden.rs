//! One scenario per rule, with its least cost: worked by hand where that is short, else as once planned to the optimum.
//!
//! A cost is compared within the gap of a closed home, and the rule is looked for in the plan itself.

use chrono::NaiveDate;
use offpeak_domain::{
    Battery, Cents, CentsPerGram, CentsPerKilowatt, CentsPerKilowattHour, Co2, CompressorState, Ev,
    EvDischarge, EvSession, GapTolerance, GramsPerKilowattHour, GridFee, GridFeeWindow, HeatPump, HomeSpec,
    HotWater, KilowattHours, Kilowatts, PeakCharge, Rooms, StartCap, StorePower, TimeVariableGridFee, Urgent,
    compressor_starts, dimmed_import_limit,
};
use offpeak_solver::HomePlan;
use offpeak_tests::{
    appliance, battery, check, ct_per_kwh, day, ev, kw, kwh, power, pump, room, session, water,
};

/// Import price by the hour of a day with a cheap night, a cheap noon and a dear evening, in ct/kWh.
const HOURLY: [f64; 24] = [
    24.0, 23.1, 22.4, 22.0, 22.6, 24.3, 29.5, 34.2, 33.0, 28.1, 25.0, 22.7, 21.4, 20.9, 22.3, 26.8, 31.9,
    38.4, 41.5, 39.2, 34.6, 30.1, 27.3, 25.2,
];

/// A winter day in quarter-hours with an even load.
fn winter_day() -> HomeSpec {
    let mut home = day(2026, 1, 15, 0.0);
    home.grid.import_price = quarter_hours(HOURLY).map(CentsPerKilowattHour).collect();
    home.grid.export_price.fill(CentsPerKilowattHour(8.0));
    home.grid.load.fill(Kilowatts(0.4));
    home.grid.import_limit.fill(Kilowatts(24.0));
    home
}

/// The same day with sun from nine to four, 4 kW at noon.
fn sunny_day() -> HomeSpec {
    let mut home = winter_day();
    let sun = |hour: usize| if (9..16).contains(&hour) { 4.0 - (hour as f64 - 12.0).abs() } else { 0.0 };
    let hours: [f64; 24] = std::array::from_fn(sun);
    home.grid.pv = quarter_hours(hours).map(Kilowatts).collect();
    home
}

fn quarter_hours(hourly: [f64; 24]) -> impl Iterator<Item = f64> {
    hourly.into_iter().flat_map(|value| [value; 4])
}

/// What the even load costs on the winter day, in ct.
fn load_cost() -> f64 {
    0.4 * HOURLY.iter().sum::<f64>()
}

/// The interval that begins at this hour.
const fn at(hour: usize) -> usize {
    hour * 4
}

/// A car of one and three phases that comes at five in the afternoon and leaves at the day's end.
fn evening_car(home: &HomeSpec) -> Ev {
    Ev {
        capacity: KilowattHours(60.0),
        initial_energy: KilowattHours(20.0),
        charge_efficiency: 0.9,
        sessions: vec![session(at(17)..at(24), 40.0)],
        ..ev(home, &[power(1.38..=3.68), power(4.14..=11.0)], 40.0)
    }
}

fn home_battery(home: &HomeSpec) -> Battery {
    Battery {
        initial_stored: KilowattHours(2.0),
        charge_efficiency: 0.95,
        discharge_efficiency: 0.95,
        wear: CentsPerKilowattHour(2.0),
        end_floor: KilowattHours(2.0),
        end_value: CentsPerKilowattHour(15.0),
        ..battery(home, 10.0, 5.0)
    }
}

fn assert_golden(planned: &HomePlan, expected: f64) {
    let objective = planned.plan.certificate.objective;
    let allowed = GapTolerance::default().allowed(Cents(expected)) + Cents(0.01);
    let off = Cents((objective.0 - expected).abs());
    assert!(off <= allowed, "costs {objective} instead of {expected} ct: {:?}", planned.plan.costed.money);
}

fn ev_power(planned: &HomePlan, index: usize) -> &StorePower {
    &planned.plan.costed.schedule.setpoints.evs[index]
}

fn runs(power: Kilowatts) -> bool {
    power > Kilowatts(1e-6)
}

#[test]
fn dimming_leaves_the_car_4_2_kw() {
    let mut home = winter_day();
    for t in at(18)..at(23) {
        let (load, pv) = (home.grid.load[t], home.grid.pv[t]);
        home.grid.import_limit[t] = dimmed_import_limit(load, pv, Kilowatts(4.2), Kilowatts(24.0));
    }
    home.evs.push(Ev { sessions: vec![session(at(17)..at(24), 55.0)], ..evening_car(&home) });
    let planned = check(home);
    // 38.89 kWh: 11 in either free hour, 4.2 in each dimmed one but the dearest, which adds its least 0.345.
    let dimmed = 4.2 * (27.3 + 30.1 + 34.6) + (35.0 / 0.9 - 34.6 - 0.345) * 39.2 + 0.345 * 41.5;
    assert_golden(&planned, load_cost() + 11.0 * (25.2 + 38.4) + dimmed);
    let charge = &ev_power(&planned, 0).charge;
    assert!(charge[at(18)..at(23)].iter().all(|power| power.0 <= 4.2 + 1e-6), "{charge:?}");
}

#[test]
fn module_3_moves_the_car_into_the_low_window() {
    let mut home = winter_day();
    let window = |minutes, net| GridFeeWindow {
        valid_from: NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date"),
        quarters: [true; 4],
        minutes,
        price: CentsPerKilowattHour(net),
    };
    let windows = vec![
        window(0..7 * 60, 0.95),
        window(7 * 60..15 * 60, 9.53),
        window(15 * 60..20 * 60, 15.65),
        window(20 * 60..24 * 60, 9.53),
    ];
    let fee = GridFee::TimeVariable(TimeVariableGridFee::new("westnetz", windows).expect("windows of a day"));
    let fees = fee.per_interval(&home.horizon, home.time_zone).expect("the windows cover the day");
    home.grid.import_price = fees.iter().map(|fee| (*fee + CentsPerKilowattHour(15.0)) * 1.19).collect();
    home.evs.push(Ev { sessions: vec![session(0..at(24), 40.0)], ..evening_car(&home) });
    let planned = check(home);
    let (low, standard, high) = (15.95 * 1.19, 24.53 * 1.19, 30.65 * 1.19);
    let load = 0.4 * (7.0 * low + 12.0 * standard + 5.0 * high);
    assert_golden(&planned, load + 20.0 / 0.9 * low);
    let charge = &ev_power(&planned, 0).charge;
    assert!(charge[at(7)..].iter().all(|power| !runs(*power)), "{charge:?}");
}

#[test]
fn a_car_feeds_the_home_in_the_dear_evening_and_never_the_grid() {
    let mut home = winter_day();
    home.grid.load =
        quarter_hours(HOURLY).map(|price| Kilowatts(if price > 30.0 { 2.5 } else { 0.4 })).collect();
    home.evs.push(Ev {
        initial_energy: KilowattHours(45.0),
        sessions: vec![session(at(12)..at(24), 40.0)],
        discharge: Some(EvDischarge {
            power: power(0.5..=5.0),
            efficiency: 0.92,
            wear: CentsPerKilowattHour(4.0),
            reserve: KilowattHours(30.0),
            grid_export: false,
        }),
        ..evening_car(&home)
    });
    let planned = check(home);
    assert_golden(&planned, 646.332);
    let fed = &ev_power(&planned, 0).discharge;
    assert!(fed[at(17)..at(20)].iter().all(|power| (power.0 - 2.5).abs() < 1e-3), "{fed:?}");
    assert!(planned.plan.costed.schedule.export.iter().all(|power| !runs(*power)));
}

#[test]
fn weak_sun_charges_the_car_on_one_phase() {
    let mut home = sunny_day();
    home.evs.push(Ev { sessions: vec![session(at(9)..at(16), 24.0)], ..evening_car(&home) });
    let planned = check(home);
    // 4.44 of the 13.2 kWh of surplus go into the car instead of out at 8 ct.
    let dark: f64 = HOURLY[..9].iter().chain(&HOURLY[16..]).sum();
    assert_golden(&planned, 0.4 * dark - (13.2 - 4.0 / 0.9) * 8.0);
    let charge = &ev_power(&planned, 0).charge;
    let one_phase = charge.iter().filter(|power| (1.38..=3.68).contains(&power.0)).count();
    assert!(one_phase >= 4, "{charge:?}");
    assert!(charge.iter().all(|power| !runs(*power) || power.0 <= 3.68 + 1e-6 || power.0 >= 4.14 - 1e-6));
}

#[test]
fn a_pump_runs_for_an_hour_at_least_and_starts_three_times_at_most() {
    let mut home = winter_day();
    let intervals = home.horizon.len();
    let alternating = (0..intervals).map(|t| if t % 3 == 0 { 20.0 } else { 32.0 });
    home.grid.import_price = alternating.map(CentsPerKilowattHour).collect();
    home.heat_pumps.push(HeatPump {
        rooms: Some(room(&home, power(1.0..=3.0))),
        min_run: 4,
        min_pause: 3,
        before: CompressorState { running: true, intervals: 1 },
        start_cost: Cents(3.0),
        start_caps: vec![StartCap { intervals: 0..intervals, most: 3 }],
        ..pump(&home)
    });
    let planned = check(home.clone());
    assert_golden(&planned, 1079.589);
    let home = offpeak_domain::Home::new(home).expect("possible");
    let starts = compressor_starts(&home, &planned.plan.costed.schedule.setpoints, 0);
    assert!(starts.len() <= 3, "{starts:?}");
    let compressor = &planned.plan.costed.schedule.setpoints.heat_pumps[0];
    assert!((0..3).all(|t| runs(compressor.compressor(t))), "the run from before must last an hour");
}

#[test]
fn one_compressor_heats_rooms_and_water_in_turn() {
    let mut home = winter_day();
    let mut draw = vec![0.0; home.horizon.len()];
    draw[at(7)..at(8)].fill(0.6);
    draw[at(19)..at(20)].fill(0.6);
    home.heat_pumps.push(HeatPump {
        rooms: Some(Rooms { end_value_ct_per_k: 60.0, ..room(&home, power(1.0..=3.0)) }),
        hot_water: Some(HotWater {
            draw: kwh(&draw),
            loss_per_hour: 0.01,
            heater_max: Kilowatts(3.0),
            ..water(&home, power(1.0..=2.5))
        }),
        min_run: 2,
        min_pause: 2,
        ..pump(&home)
    });
    let planned = check(home);
    assert_golden(&planned, 1133.570);
    let pump = &planned.plan.costed.schedule.setpoints.heat_pumps[0];
    assert!(pump.rooms.iter().zip(&pump.hot_water).all(|(rooms, water)| !runs(*rooms) || !runs(*water)));
    assert!(pump.rooms.iter().any(|power| runs(*power)) && pump.hot_water.iter().any(|power| runs(*power)));
}

#[test]
fn a_peak_already_reached_is_used_and_not_exceeded() {
    let mut home = winter_day();
    home.grid.peak_charges.push(PeakCharge {
        intervals: 0..at(24),
        price: CentsPerKilowatt(400.0),
        already_reached: Kilowatts(5.0),
    });
    home.evs.push(evening_car(&home));
    home.appliances.push(appliance(&home, &[2.0, 2.0, 0.5, 0.5], at(8)..=at(20)));
    let planned = check(home);
    // 4.6 kW are left for the car; the appliance runs at one.
    let car = 4.6 * (25.2 + 27.3 + 30.1 + 34.6) + (20.0 / 0.9 - 4.0 * 4.6) * 38.4;
    assert_golden(&planned, load_cost() + car + 1.25 * 20.9);
    let import = &planned.plan.costed.schedule.import;
    let highest = import.iter().copied().fold(Kilowatts(0.0), Kilowatts::max);
    assert!((highest.0 - 5.0).abs() < 1e-3, "{highest}");
}

#[test]
fn two_cars_share_a_small_fuse() {
    let mut home = winter_day();
    home.grid.import_limit.fill(Kilowatts(11.0));
    home.evs.push(evening_car(&home));
    home.evs.push(Ev {
        sessions: vec![session(at(18)..at(23), 45.0)],
        urgent: Some(Urgent { energy: KilowattHours(24.0), price_ct_per_kwh_h: 300.0 }),
        ..evening_car(&home)
    });
    let planned = check(home);
    assert_golden(&planned, 1937.263);
    // What the second car needs at once comes at once, in the dearest hour.
    let energy = &planned.plan.costed.schedule.ev_energy[1];
    assert!(energy[at(18) + 2].0 >= 24.0 - 1e-3, "{energy:?}");
}

#[test]
fn negative_feed_in_prices_curtail_what_the_battery_cannot_take() {
    let mut home = sunny_day();
    home.grid.can_curtail = true;
    home.grid.export_price = ct_per_kwh(&[-5.0; 96]);
    home.batteries.push(Battery { max_stored: KilowattHours(6.0), ..home_battery(&home) });
    let planned = check(home);
    assert_golden(&planned, 39.166);
    let schedule = &planned.plan.costed.schedule;
    assert!(schedule.export.iter().all(|power| !runs(*power)), "{:?}", schedule.export);
    assert!(schedule.setpoints.curtail.iter().any(|power| runs(*power)));
}

#[test]
fn a_battery_rests_where_wear_and_losses_cost_more_than_the_spread() {
    let mut home = winter_day();
    // 30 / 0.9025 + 5 is more than 36, so that no kWh pays.
    let prices = (0..96).map(|t| if t % 8 < 4 { 30.0 } else { 36.0 });
    home.grid.import_price = prices.map(CentsPerKilowattHour).collect();
    home.batteries.push(Battery {
        wear: CentsPerKilowattHour(5.0),
        end_value: CentsPerKilowattHour(29.0),
        ..home_battery(&home)
    });
    let planned = check(home);
    assert_golden(&planned, 0.4 * 24.0 * 33.0);
    let charge = &planned.plan.costed.schedule.setpoints.batteries[0].charge;
    assert!(charge.iter().all(|power| power.0 < 0.5), "{charge:?}");
}

#[test]
fn carbon_with_a_weight_moves_the_car_off_the_cheapest_hour() {
    let mut home = winter_day();
    let dirty_night = (0..96).map(|t| GramsPerKilowattHour(if t < at(6) { 600.0 } else { 150.0 }));
    home.grid.co2 = Some(Co2 { intensity: dirty_night.collect(), weight: CentsPerGram(0.03) });
    home.evs.push(Ev { sessions: vec![session(0..at(16), 40.0)], ..evening_car(&home) });
    let planned = check(home);
    // A kWh costs 18 ct more at night and 4.5 ct more by day: noon beats the cheaper night.
    let carbon = 0.4 * (6.0 * 18.0 + 18.0 * 4.5);
    let car = 11.0 * 25.4 + (20.0 / 0.9 - 11.345) * 25.9 + 0.345 * 26.8;
    assert_golden(&planned, load_cost() + carbon + car);
    let charge = &ev_power(&planned, 0).charge;
    assert!(charge[..at(6)].iter().all(|power| !runs(*power)), "{charge:?}");
}

#[test]
fn a_drive_between_two_stays_is_charged_for_in_time() {
    let mut home = winter_day();
    let back = EvSession {
        connected: at(16)..at(24),
        target: Some(KilowattHours(40.0)),
        driven_before: KilowattHours(22.0),
    };
    home.evs.push(Ev { sessions: vec![session(0..at(7), 30.0), back], ..evening_car(&home) });
    home.grid.load = kw(&[0.4; 96]);
    let planned = check(home);
    // The cheap night fills the car to its 60 kWh; only the last 2 are charged in the evening.
    let night = 11.0 * (22.0 + 22.4 + 22.6 + 23.1) + (40.0 / 0.9 - 44.0) * 24.0;
    assert_golden(&planned, load_cost() + night + 2.0 / 0.9 * 25.2);
    let energy = &planned.plan.costed.schedule.ev_energy[0];
    assert!(energy[at(7)].0 >= 30.0 - 1e-3 && energy[at(16)].0 >= 8.0 - 1e-3, "{energy:?}");
}
