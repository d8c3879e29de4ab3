//! Every home has a plan that passes the audit, is closed, and costs no more than the home left alone.

use chrono::NaiveDate;
use chrono_tz::Europe::Berlin;
use offpeak_domain::{Horizon, Kilowatts, dimmed_import_limit};
use offpeak_tests::{check, ct_per_kwh, kw};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::proptest;

use crate::any_home::{INTERVALS, home_over, intervals, prices, small_home};
use crate::cases;

/// The day of a spring, a usual or an autumn clock.
fn local_day(year: i32, month: u32, day: u32) -> Horizon {
    let date = NaiveDate::from_ymd_opt(year, month, day).expect("a date");
    Horizon::local_day(date, Berlin, 15).expect("a day divides into quarter-hours")
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn any_small_home_has_a_sound_plan(home in small_home()) {
        check(home);
    }

    #[test]
    fn a_feed_in_price_above_the_import_price_earns_nothing_by_a_circle(
        home in small_home(),
        export in vec(-10.0..60.0, INTERVALS),
    ) {
        let mut home = home;
        home.grid.export_price = ct_per_kwh(&export);
        check(home);
    }
}

proptest! {
    #![proptest_config(cases(50))]

    #[test]
    fn negative_prices_all_day_have_a_sound_plan(
        home in home_over(intervals(INTERVALS, 15, 15), prices(-50.0..0.0, INTERVALS)),
        both_ways in any::<bool>(),
    ) {
        let mut home = home;
        if both_ways {
            home.grid.export_price.clone_from(&home.grid.import_price);
        }
        check(home);
    }

    #[test]
    fn a_flat_price_has_a_sound_plan(
        home in home_over(intervals(INTERVALS, 15, 15), Just(vec![30.0; INTERVALS])),
    ) {
        check(home);
    }

    #[test]
    fn an_hourly_grid_has_a_sound_plan(home in home_over(intervals(8, 60, 60), prices(-10.0..50.0, 8))) {
        check(home);
    }

    #[test]
    fn a_first_interval_cut_short_has_a_sound_plan(
        home in (1_i64..15).prop_flat_map(|minutes| home_over(intervals(8, 15, minutes), prices(-10.0..50.0, 8))),
    ) {
        check(home);
    }

    #[test]
    fn a_fuse_below_the_load_overshoots_and_is_not_infeasible(
        home in small_home(),
        limits in vec(0.0..2.0, INTERVALS),
        loads in vec(0.0..4.0, INTERVALS),
    ) {
        let mut home = home;
        home.grid.import_limit = kw(&limits);
        home.grid.load = kw(&loads);
        check(home);
    }

    #[test]
    fn dimming_to_the_least_power_has_a_sound_plan(
        home in small_home(),
        from in 0..INTERVALS,
        dimmed in 1..INTERVALS,
    ) {
        let mut home = home;
        for t in from..(from + dimmed).min(INTERVALS) {
            let (load, pv, fuse) = (home.grid.load[t], home.grid.pv[t], home.grid.import_limit[t]);
            home.grid.import_limit[t] = dimmed_import_limit(load, pv, Kilowatts(4.2), fuse);
        }
        check(home);
    }

    #[test]
    fn more_sun_than_may_leave_has_a_sound_plan(
        home in small_home(),
        pv in vec(10.0..40.0, INTERVALS),
        can_curtail in any::<bool>(),
    ) {
        let mut home = home;
        home.grid.pv = kw(&pv);
        home.grid.can_curtail = can_curtail;
        home.grid.export_limit = kw(&[6.0; INTERVALS]);
        check(home);
    }
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn a_day_of_23_hours_has_a_sound_plan(
        home in home_over(local_day(2026, 3, 29), prices(10.0..40.0, 92)),
    ) {
        check(home);
    }

    #[test]
    fn a_day_of_25_hours_has_a_sound_plan(
        home in home_over(local_day(2025, 10, 26), prices(10.0..40.0, 100)),
    ) {
        check(home);
    }
}
