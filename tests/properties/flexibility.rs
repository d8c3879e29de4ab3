//! A home that may do more never pays more.

use offpeak_domain::{
    Cents, CentsPerKelvinHour, CentsPerKilowattHour, CompressorState, EvDischarge, GapTolerance, Home,
    HomeSpec, KilowattHours, Kilowatts,
};
use offpeak_tests::{battery, check, power};
use proptest::proptest;

use crate::any_home::small_home;
use crate::cases;

/// Planned with more freedom, `home` costs no more than before, but for the gap.
///
/// The bound of the freer home must not lie above the old plan either: that plan is still one it could follow.
fn freedom_is_worth_it(home: HomeSpec, free: impl FnOnce(&mut HomeSpec)) {
    let mut freer = home.clone();
    free(&mut freer);
    let before = check(home).plan.certificate;
    let after = check(freer).plan.certificate;
    let gap = GapTolerance::default().allowed(after.objective);
    assert!(after.objective <= before.objective + gap, "freer {after:?}, before {before:?}");
    assert!(after.bound <= before.objective + Cents(1e-3), "freer {after:?}, before {before:?}");
}

proptest! {
    #![proptest_config(cases(50))]

    #[test]
    fn a_bigger_fuse_never_costs_more(home in small_home()) {
        let mut home = home;
        home.grid.import_limit.fill(Kilowatts(5.0));
        freedom_is_worth_it(home, |home| home.grid.import_limit.fill(Kilowatts(20.0)));
    }

    #[test]
    fn one_more_battery_without_wear_never_costs_more(home in small_home()) {
        freedom_is_worth_it(home, |home| {
            let more = battery(home, 4.0, 2.0);
            home.batteries.push(more);
        });
    }

    #[test]
    fn a_car_that_charges_at_any_power_never_costs_more(home in small_home()) {
        freedom_is_worth_it(home, |home| {
            for ev in &mut home.evs {
                ev.modes = vec![power(0.0..=11.0)];
            }
        });
    }

    #[test]
    fn a_car_that_may_feed_the_home_never_costs_more(home in small_home()) {
        freedom_is_worth_it(home, |home| {
            for ev in &mut home.evs {
                ev.discharge = Some(EvDischarge {
                    power: power(0.0..=8.0),
                    efficiency: 0.93,
                    wear: CentsPerKilowattHour(0.0),
                    reserve: KilowattHours(0.0),
                    grid_export: true,
                });
            }
        });
    }

    #[test]
    fn a_later_departure_never_costs_more(home in small_home()) {
        freedom_is_worth_it(home, |home| {
            let last = home.horizon.len();
            for ev in &mut home.evs {
                ev.sessions[0].connected.end = last;
            }
        });
    }

    #[test]
    fn a_wider_comfort_band_never_costs_more(home in small_home()) {
        freedom_is_worth_it(home, |home| {
            for rooms in home.heat_pumps.iter_mut().filter_map(|pump| pump.rooms.as_mut()) {
                rooms.discomfort_price = CentsPerKelvinHour(rooms.discomfort_price.0 / 2.0);
                for (lowest, highest) in rooms.lowest.iter_mut().zip(&mut rooms.highest) {
                    (lowest.0, highest.0) = (lowest.0 - 1.0, highest.0 + 1.0);
                }
            }
        });
    }

    #[test]
    fn a_pump_that_may_start_and_stop_at_will_never_costs_more(home in small_home()) {
        freedom_is_worth_it(home, |home| {
            for pump in &mut home.heat_pumps {
                (pump.min_run, pump.min_pause) = (1, 1);
                pump.before = CompressorState { intervals: 1000, ..pump.before };
                pump.start_caps.clear();
            }
        });
    }

    #[test]
    fn an_appliance_that_may_pause_never_costs_more(home in small_home()) {
        freedom_is_worth_it(home, |home| {
            for appliance in &mut home.appliances {
                appliance.interruptible = true;
            }
        });
    }

    #[test]
    fn generation_that_may_be_thrown_away_never_costs_more(home in small_home()) {
        let mut home = home;
        home.grid.can_curtail = false;
        freedom_is_worth_it(home, |home| home.grid.can_curtail = true);
    }

    #[test]
    fn a_plan_does_not_depend_on_how_its_home_came_about(home in small_home()) {
        let once = check(home.clone());
        let again = check(Home::new(home).expect("possible").into_spec());
        assert_eq!(format!("{:?}", once.plan), format!("{:?}", again.plan));
    }
}
