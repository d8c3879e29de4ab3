//! Where the grid connection is narrow: who yields to whom, and what is thrown away.

use offpeak_domain::{Celsius, HeatPump, HomeSpec, Kilowatts, Rooms};

use crate::plain_home::{appliance, assert_near, baseline, battery, ev, heat_pump, home, kw, rooms};

#[test]
fn the_car_charges_with_less_or_not_at_all_where_the_limit_binds() {
    let mut spec = HomeSpec { evs: vec![ev()], ..home() };
    spec.grid.import_limit[0] = Kilowatts(8.5);
    spec.grid.import_limit[1] = Kilowatts(4.0);
    let power = kw(&baseline(spec).schedule.setpoints.evs[0].charge);
    assert_near(power[0], 8.0);
    assert_near(power[1], 0.0);
    assert_near(power[2], 11.0);
}

#[test]
fn the_car_yields_first_then_the_appliance_and_the_heat_pump_last() {
    let mut cold = rooms();
    cold.initial = Celsius(18.0);
    cold.backup_max = Kilowatts::ZERO;
    let pump = HeatPump { rooms: Some(Rooms { ..cold }), hot_water: None, ..heat_pump() };
    let mut washer = appliance();
    washer.earliest_start = 0;
    let mut spec = HomeSpec { heat_pumps: vec![pump], appliances: vec![washer], evs: vec![ev()], ..home() };
    let setpoints = |limit: f64| {
        let mut spec = spec.clone();
        spec.grid.import_limit[0] = Kilowatts(limit);
        let first = baseline(spec).schedule.setpoints;
        [first.heat_pumps[0].rooms[0].0, first.appliances[0][0].0, first.evs[0].charge[0].0]
    };
    // 0.5 kW of load, 3 kW for the rooms, 2 kW for the washer, up to 11 kW for the car.
    let expected = [
        (16.5, [3.0, 2.0, 11.0]),
        (10.5, [3.0, 2.0, 5.0]),
        (5.5, [3.0, 2.0, 0.0]),
        (5.0, [3.0, 0.0, 0.0]),
        (2.5, [2.0, 0.0, 0.0]),
    ];
    for (limit, expected) in expected {
        for (found, expected) in setpoints(limit).into_iter().zip(expected) {
            assert_near(found, expected);
        }
    }
    spec.grid.import_limit[0] = Kilowatts(0.4);
    assert_near(baseline(spec).schedule.setpoints.device_power(0).0, 0.0);
}

#[test]
fn the_battery_takes_the_surplus_and_only_what_is_beyond_the_export_limit_is_thrown_away() {
    let mut spec = HomeSpec { batteries: vec![battery()], ..home() };
    spec.grid.pv[40..60].fill(Kilowatts(9.5));
    spec.grid.export_limit.fill(Kilowatts(3.0));
    spec.grid.can_curtail = true;
    let schedule = baseline(spec.clone()).schedule;
    // 9 kW of surplus: 5 kW into the battery, 3 kW into the grid.
    assert_near(schedule.setpoints.curtail[40].0, 1.0);
    assert_near(schedule.setpoints.curtail[59].0, 6.0);
    assert_near(schedule.setpoints.curtail[10].0, 0.0);
    spec.grid.can_curtail = false;
    assert_near(baseline(spec).schedule.setpoints.curtail[59].0, 0.0);
}
