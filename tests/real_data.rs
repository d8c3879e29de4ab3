//! Measured households, weather, charging sessions and prices: plan, audit, and print what is saved.
//!
//! Skips, and says so, where the data are not there.

use chrono::NaiveDate;
use offpeak_domain::{GapTolerance, Home};
use offpeak_solver::{HomePlan, Options, plan_fleet};
use offpeak_tests::assert_sound;
use offpeak_tests::real_data::{HomeKind, RealData, real_home};

/// Three households with the charging sessions of three car owners, in the grids of two operators.
const HOMES: [HomeKind<'_>; 3] = [
    HomeKind {
        household: "load_h0b_w",
        ev_user: "AdO3-4",
        dso: "westnetz",
        pv_kwp: 8.0,
        battery_kwh: 10.0,
        resistance_k_per_kw: 5.0,
    },
    HomeKind {
        household: "load_h0c_w",
        ev_user: "AdO3-2",
        dso: "netze-bw",
        pv_kwp: 12.0,
        battery_kwh: 13.7,
        resistance_k_per_kw: 4.0,
    },
    HomeKind {
        household: "load_h0l_w",
        ev_user: "AsO2-1",
        dso: "westnetz",
        pv_kwp: 5.0,
        battery_kwh: 5.0,
        resistance_k_per_kw: 6.5,
    },
];

/// Both clock changes, a cold winter day, and the day of -500 EUR/MWh.
const DAYS: [(i32, u32, u32); 4] = [(2025, 10, 26), (2026, 1, 15), (2026, 3, 29), (2026, 5, 1)];

#[test]
fn real_homes_are_planned_soundly_and_save() {
    let Some(folder) = RealData::folder() else {
        println!("skipped: no real data beside the workspace");
        return;
    };
    let data = RealData::read(&folder);
    let days = DAYS.map(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).expect("a date"));
    let homes: Vec<Home> =
        days.iter().flat_map(|day| HOMES.map(|kind| real_home(&data, kind, *day, 1))).collect();

    let options = Options::default();
    let planned: Vec<HomePlan> =
        plan_fleet(&homes, &options).into_iter().map(|home| home.expect("a plan")).collect();
    println!(
        "{:24} {:>9} {:>9} {:>9} {:>9} {:>8}",
        "ct", "baseline", "plan", "bill saved", "net saved", "gap"
    );
    let mut net = 0.0;
    for (home, planned) in homes.iter().zip(&planned) {
        assert_sound(home, planned, &options);
        let (savings, certificate) = (planned.savings, &planned.plan.certificate);
        println!(
            "{:24} {:9.2} {:9.2} {:10.2} {:9.2} {:8.3}",
            home.id,
            planned.baseline.money.bill().0,
            planned.plan.costed.money.bill().0,
            savings.bill.0,
            savings.net.0,
            certificate.gap().0
        );
        net += savings.net.0;
    }
    assert!(net > 0.0, "{net} ct saved over {} days", homes.len());
    assert!(planned.iter().all(|one| one.plan.certificate.is_closed(GapTolerance::default())));
}
