//! The car: full power from arrival until it holds what it needs.

use offpeak_baseline::uncontrolled;
use offpeak_domain::{
    CentsPerKilowattHour, Costed, Ev, EvEnd, Home, HomeSpec, KilowattHours, Kilowatts, PowerRange, Urgent,
};

use crate::plain_home::{COUNT, assert_near, baseline, ev, home, kw, kwh, session};
use crate::random_home;

/// Charging power and energy of the car, alone in the home.
fn charged(ev: Ev) -> (Vec<f64>, Vec<f64>) {
    let costed = baseline(HomeSpec { evs: vec![ev], ..home() });
    (kw(&costed.schedule.setpoints.evs[0].charge), kwh(&costed.schedule.ev_energy[0]))
}

#[test]
fn it_charges_at_full_power_from_arrival_until_the_target() {
    let (power, energy) = charged(Ev { sessions: vec![session(10, COUNT, Some(42.0))], ..ev() });
    assert!(power[..10].iter().all(|power| *power <= 0.0));
    assert!(
        power[10..18].iter().all(|power| (power - 11.0).abs() < 1e-9),
        "22 kWh are 8 intervals: {power:?}"
    );
    assert!(power[18..].iter().all(|power| *power <= 0.0));
    assert_near(energy[COUNT], 42.0);
}

#[test]
fn the_last_interval_is_at_part_power() {
    let (power, energy) = charged(Ev { sessions: vec![session(0, COUNT, Some(24.0))], ..ev() });
    assert_near(power[1], 5.0);
    assert_near(energy[2], 24.0);
}

#[test]
fn a_last_power_below_the_least_is_rounded_up_to_reach_the_target() {
    let (power, energy) = charged(Ev { sessions: vec![session(0, COUNT, Some(23.0))], ..ev() });
    assert_near(power[1], 4.14);
    assert!(energy[2] > 23.0);
}

#[test]
fn it_never_charges_beyond_its_capacity_to_round_up() {
    let (power, energy) =
        charged(Ev { sessions: vec![session(0, COUNT, None)], initial_energy: KilowattHours(59.5), ..ev() });
    assert!(power.iter().all(|power| *power <= 0.0));
    assert_near(energy[COUNT], 59.5);
}

#[test]
fn the_mode_of_one_phase_serves_a_small_rest() {
    let one = PowerRange { min: Kilowatts(1.38), max: Kilowatts(3.68) };
    let mut car = Ev { sessions: vec![session(0, COUNT, Some(23.5))], ..ev() };
    car.modes.push(one);
    let (power, _) = charged(car);
    assert_near(power[0], 11.0);
    assert_near(power[1], 3.0);
}

#[test]
fn without_a_target_it_charges_to_that_of_the_end_or_else_full() {
    let open = Ev { sessions: vec![session(0, COUNT, None)], ..ev() };
    let end = EvEnd { target: KilowattHours(31.0), value: CentsPerKilowattHour(20.0) };
    assert_near(charged(Ev { end: Some(end), ..open.clone() }).1[COUNT], 31.0);
    assert_near(charged(open).1[COUNT], 60.0);
}

#[test]
fn what_is_wanted_at_once_is_charged_even_above_the_target() {
    let urgent = Urgent { energy: KilowattHours(31.0), price_ct_per_kwh_h: 100.0 };
    let car = Ev { sessions: vec![session(0, COUNT, Some(20.0))], urgent: Some(urgent), ..ev() };
    assert_near(charged(car).1[COUNT], 31.0);
}

#[test]
fn every_session_has_its_own_target_and_what_was_driven_is_charged_again() {
    let mut second = session(50, COUNT, Some(35.0));
    second.driven_before = KilowattHours(18.0);
    let (_, energy) = charged(Ev { sessions: vec![session(0, 40, Some(42.0)), second], ..ev() });
    assert_near(energy[40], 42.0);
    assert_near(energy[50], 24.0);
    assert_near(energy[COUNT], 35.0);
}

#[test]
fn every_car_of_the_random_homes_reaches_its_target_where_time_and_limits_suffice() {
    let mut reached = 0;
    for seed in 0..200 {
        let mut spec = random_home::home(seed).into_spec();
        spec.grid.import_limit.fill(Kilowatts(100.0));
        let home = Home::new(spec).expect("possible");
        let costed = Costed::of(&home, uncontrolled(&home));
        for (ev, energy) in home.evs.iter().zip(&costed.schedule.ev_energy) {
            let stay = ev.sessions[0].connected.clone();
            let hours: f64 = stay.clone().map(|t| home.horizon.length(t).0).sum();
            let possible = energy[stay.start].0 + hours * ev.max_charge().0 * ev.charge_efficiency;
            let target = ev.sessions[0].target.map_or(0.0, |target| target.0);
            // A rest below the least power that would overfill the car stays uncharged.
            let rest = ev.joined_modes()[0].min.0 * home.horizon.resolution().0;
            if target <= possible && target <= ev.capacity.0 - rest {
                assert!(energy[stay.end].0 >= target - 1e-6, "home {seed}, {}", ev.id);
                reached += 1;
            }
        }
    }
    assert!(reached > 100, "{reached} cars");
}
