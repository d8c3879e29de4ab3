//! The scenarios of `scenarios/`: each costs what it should, and its rule shows in the plan.

use std::collections::BTreeSet;

use offpeak_domain::{Kilowatts, StorePower, compressor_starts};
use offpeak_solver::HomePlan;
use offpeak_tests::{Scenario, check, scenario_files, scenario_number, scenarios};
use rayon::prelude::*;

/// The interval that begins at this hour of a winter day.
const fn at(hour: usize) -> usize {
    hour * 4
}

/// Plans a scenario; an error if the plan does not cost what it should.
fn plan(scenario: &Scenario) -> Result<HomePlan, String> {
    let Scenario { name, home, objective: expected, tolerance } = scenario;
    let planned = check(home.clone().into_spec());
    let objective = planned.plan.certificate.objective;
    if (objective.0 - expected.0).abs() <= tolerance.0 {
        return Ok(planned);
    }
    Err(format!("{name} costs {objective} instead of {expected}: {:?}", planned.plan.costed.money))
}

fn planned(number: usize) -> HomePlan {
    plan(&scenario_number(number)).unwrap_or_else(|error| panic!("{error}"))
}

fn ev_power(planned: &HomePlan, index: usize) -> &StorePower {
    &planned.plan.costed.schedule.setpoints.evs[index]
}

fn runs(power: Kilowatts) -> bool {
    power > Kilowatts(1e-6)
}

#[test]
fn every_scenario_costs_what_it_should() {
    let wrong: Vec<String> = scenarios().par_iter().filter_map(|scenario| plan(scenario).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_has_its_row_and_every_number_is_there_once() {
    let rows: Vec<String> = scenarios().into_iter().map(|scenario| scenario.name).collect();
    assert_eq!(scenario_files(), rows, "files, and rows of expected.csv");
    let numbers: BTreeSet<&str> = rows.iter().filter_map(|name| name.split('-').next()).collect();
    assert_eq!(numbers.len(), rows.len(), "{rows:?}");
}

#[test]
fn dimming_leaves_the_car_4_2_kw() {
    let planned = planned(1);
    let charge = &ev_power(&planned, 0).charge;
    assert!(charge[at(18)..at(23)].iter().all(|power| power.0 <= 4.2 + 1e-6), "{charge:?}");
}

#[test]
fn module_3_moves_the_car_into_the_low_window() {
    let planned = planned(2);
    let charge = &ev_power(&planned, 0).charge;
    assert!(charge[at(7)..].iter().all(|power| !runs(*power)), "{charge:?}");
}

#[test]
fn a_car_feeds_the_home_in_the_dear_evening_and_never_the_grid() {
    let planned = planned(3);
    let fed = &ev_power(&planned, 0).discharge;
    assert!(fed[at(17)..at(20)].iter().all(|power| (power.0 - 2.5).abs() < 1e-3), "{fed:?}");
    assert!(planned.plan.costed.schedule.export.iter().all(|power| !runs(*power)));
}

#[test]
fn weak_sun_charges_the_car_on_one_phase() {
    let planned = planned(4);
    let charge = &ev_power(&planned, 0).charge;
    let one_phase = charge.iter().filter(|power| (1.38..=3.68).contains(&power.0)).count();
    assert!(one_phase >= 4, "{charge:?}");
    assert!(charge.iter().all(|power| !runs(*power) || power.0 <= 3.68 + 1e-6 || power.0 >= 4.14 - 1e-6));
}

#[test]
fn a_pump_runs_for_an_hour_at_least_and_starts_three_times_at_most() {
    let (home, planned) = (scenario_number(5).home, planned(5));
    let starts = compressor_starts(&home, &planned.plan.costed.schedule.setpoints, 0);
    assert!(starts.len() <= 3, "{starts:?}");
    let compressor = &planned.plan.costed.schedule.setpoints.heat_pumps[0];
    assert!((0..3).all(|t| runs(compressor.compressor(t))), "the run from before must last an hour");
}

#[test]
fn one_compressor_heats_rooms_and_water_in_turn() {
    let planned = planned(6);
    let pump = &planned.plan.costed.schedule.setpoints.heat_pumps[0];
    assert!(pump.rooms.iter().zip(&pump.hot_water).all(|(rooms, water)| !runs(*rooms) || !runs(*water)));
    assert!(pump.rooms.iter().any(|power| runs(*power)) && pump.hot_water.iter().any(|power| runs(*power)));
}

#[test]
fn a_peak_already_reached_is_used_and_not_exceeded() {
    let planned = planned(7);
    let import = &planned.plan.costed.schedule.import;
    let highest = import.iter().copied().fold(Kilowatts(0.0), Kilowatts::max);
    assert!((highest.0 - 5.0).abs() < 1e-3, "{highest}");
}

#[test]
fn two_cars_share_a_small_fuse() {
    let planned = planned(8);
    // What the second car needs at once comes at once, in the dearest hour.
    let energy = &planned.plan.costed.schedule.ev_energy[1];
    assert!(energy[at(18) + 2].0 >= 24.0 - 1e-3, "{energy:?}");
}

#[test]
fn negative_feed_in_pay_curtails_what_the_battery_cannot_take() {
    let planned = planned(9);
    let schedule = &planned.plan.costed.schedule;
    assert!(schedule.export.iter().all(|power| !runs(*power)), "{:?}", schedule.export);
    assert!(schedule.setpoints.curtail.iter().any(|power| runs(*power)));
}

#[test]
fn a_battery_rests_where_wear_and_losses_cost_more_than_the_spread() {
    let planned = planned(10);
    let charge = &planned.plan.costed.schedule.setpoints.batteries[0].charge;
    assert!(charge.iter().all(|power| power.0 < 0.5), "{charge:?}");
}

#[test]
fn carbon_with_a_weight_moves_the_car_off_the_cheapest_hour() {
    let planned = planned(11);
    let charge = &ev_power(&planned, 0).charge;
    assert!(charge[..at(6)].iter().all(|power| !runs(*power)), "{charge:?}");
}

#[test]
fn a_drive_between_two_stays_is_charged_for_in_time() {
    let planned = planned(12);
    let energy = &planned.plan.costed.schedule.ev_energy[0];
    assert!(energy[at(7)].0 >= 30.0 - 1e-3 && energy[at(16)].0 >= 8.0 - 1e-3, "{energy:?}");
}
