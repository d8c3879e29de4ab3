//! What a person reads who changed a plan by hand.

use offpeak_audit::audit_schedule;
use offpeak_domain::{Kilowatts, Schedule};
use offpeak_testhomes::full::{day, honest};

#[test]
fn a_setpoint_changed_by_hand_shows_at_its_device_and_then_at_the_meter() {
    let (home, mut costed) = honest(day());
    costed.schedule.setpoints.batteries[0].charge[49] = Kilowatts(2.0);
    let lines: Vec<String> =
        audit_schedule(&home, &costed.schedule).iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].starts_with(
            "home `home`, `battery`, interval 49 (2026-01-15T11:15Z): battery energy balance: expected "
        ),
        "{}",
        lines[0]
    );
    assert!(lines[0].ends_with("(off by 0.2375 kWh)"), "{}", lines[0]);
    // 6 kW of sun, 1 kW curtailed, 1 kW of load, 1.5 kW for hot water: 1.5 kW were fed in beside 1 kW of charging.
    assert_eq!(
        lines[1],
        "home `home`, `grid`, interval 49 (2026-01-15T11:15Z): power balance: expected -0.5, found -1.5 (off by 1 kW)"
    );
}

#[test]
fn violations_come_in_the_order_of_time() {
    let (home, mut costed) = honest(day());
    costed.schedule.import[80] += Kilowatts(1.0);
    costed.schedule.setpoints.evs[0].charge[1] = Kilowatts(10.0);
    let violations = audit_schedule(&home, &costed.schedule);
    let intervals: Vec<Option<usize>> = violations.iter().map(|violation| violation.interval).collect();
    assert_eq!(intervals, [Some(1), Some(1), Some(80)]);
    assert_eq!(violations[0].device, "car");
    assert_eq!(violations[0].start, Some(home.horizon.edges()[1]));
}

#[test]
fn a_power_between_two_modes_is_told_what_is_allowed() {
    let (home, mut costed) = honest(day());
    costed.schedule.setpoints.evs[0].charge[1] = Kilowatts(4.0);
    let violations = audit_schedule(&home, &costed.schedule);
    let mode = violations.iter().find(|violation| violation.unit == "kW").expect("found");
    assert_eq!(mode.detail, "expected 0 or 4.14..11 or 1.38..3.68, found 4");
    assert!((mode.size - 0.14).abs() < 1e-9);
}

/// Every power and state of a schedule.
fn numbers(schedule: &mut Schedule) -> Vec<&mut f64> {
    let setpoints = &mut schedule.setpoints;
    let stores = setpoints.batteries.iter_mut().chain(&mut setpoints.evs);
    let mut powers: Vec<&mut Vec<Kilowatts>> =
        stores.flat_map(|store| [&mut store.charge, &mut store.discharge]).collect();
    for pump in &mut setpoints.heat_pumps {
        powers.extend([&mut pump.rooms, &mut pump.hot_water, &mut pump.backup, &mut pump.immersion]);
    }
    powers.extend(&mut setpoints.appliances);
    powers.extend([&mut setpoints.curtail, &mut schedule.import, &mut schedule.export]);
    let stored = schedule.battery_stored.iter_mut().chain(&mut schedule.ev_energy);
    let stored = stored.chain(schedule.water_stored.iter_mut().flatten()).flatten();
    let temperatures = schedule.room_temperature.iter_mut().flatten().flatten();
    let mut numbers: Vec<&mut f64> = powers.into_iter().flatten().map(|power| &mut power.0).collect();
    numbers.extend(stored.map(|energy| &mut energy.0));
    numbers.extend(temperatures.map(|theta| &mut theta.0));
    numbers
}

#[test]
fn no_number_of_a_schedule_can_be_changed_unseen() {
    let (home, costed) = honest(day());
    let count = numbers(&mut costed.schedule.clone()).len();
    // 19 vectors of powers, 6 of states.
    assert_eq!(count, 19 * 96 + 6 * 97);
    for index in 0..count {
        for change in [1e-4, -1e-4] {
            let mut schedule = costed.schedule.clone();
            *numbers(&mut schedule)[index] += change;
            assert!(!audit_schedule(&home, &schedule).is_empty(), "number {index} changed by {change}");
        }
    }
}
