//! Measured households, weather, charging sessions and prices: plan, audit, and print what is saved.
//!
//! Skips, and says so, where the data are not there.

#![expect(clippy::print_stdout, reason = "the table of savings is what the test is run for by hand")]

use chrono::NaiveDate;
use offpeak_domain::{Cents, GapTolerance, Home};
use offpeak_solver::{Effort, Options, plan_fleet};
use offpeak_tests::assert_sound;
use offpeak_tests::real_data::{HomeKind, RealData, real_home};

/// Three households in the grids of two operators, each with two devices: enough for a test that takes a minute.
const HOMES: [HomeKind<'_>; 3] = [
    HomeKind {
        household: "load_h0b_w",
        ev_user: Some("AdO3-4"),
        dso: "westnetz",
        pv_kwp: 8.0,
        battery_kwh: Some(10.0),
        resistance_k_per_kw: None,
        hot_water_kwh: None,
    },
    HomeKind {
        household: "load_h0c_w",
        ev_user: Some("AdO3-2"),
        dso: "netze-bw",
        pv_kwp: 12.0,
        battery_kwh: None,
        resistance_k_per_kw: Some(4.0),
        hot_water_kwh: None,
    },
    HomeKind {
        household: "load_h0l_w",
        ev_user: None,
        dso: "westnetz",
        pv_kwp: 5.0,
        battery_kwh: Some(5.0),
        resistance_k_per_kw: Some(6.5),
        hot_water_kwh: None,
    },
];

/// A household with every device, and hot water from the heat pump.
const WHOLE_HOME: HomeKind<'_> = HomeKind { ev_user: Some("AsO2-1"), hot_water_kwh: Some(6.0), ..HOMES[2] };

/// Both clock changes, a cold winter day, and the day of -500 EUR/MWh.
const DAYS: [(i32, u32, u32); 4] = [(2025, 10, 26), WINTER_DAY, (2026, 3, 29), (2026, 5, 1)];

const WINTER_DAY: (i32, u32, u32) = (2026, 1, 15);

/// The data, or a word that they are not there.
fn data() -> Option<RealData> {
    let folder = RealData::folder();
    if folder.is_none() {
        println!("skipped: no real data beside the workspace");
    }
    folder.map(|folder| RealData::read(&folder))
}

fn home(data: &RealData, kind: HomeKind<'_>, (year, month, day): (i32, u32, u32)) -> Home {
    real_home(data, kind, NaiveDate::from_ymd_opt(year, month, day).expect("a date"), 1)
}

/// Plans all, checks every plan, prints what each saves, and sums up the net savings.
///
/// A hard day may be left open when the search stops, but not by more than a percent.
fn net_savings(homes: &[Home]) -> Cents {
    let options = Options { effort: Effort::Proof, ..Options::default() };
    let planned = plan_fleet(homes, &options);
    println!(
        "{:24} {:>9} {:>9} {:>11} {:>10} {:>8}",
        "ct", "baseline", "plan", "bill saved", "net saved", "gap"
    );
    let mut net = Cents(0.0);
    for (home, planned) in homes.iter().zip(planned) {
        let planned = planned.unwrap_or_else(|error| panic!("{error}"));
        assert_sound(home, &planned, &options);
        let certificate = &planned.plan.certificate;
        let one_percent = GapTolerance { relative: 0.01, ..options.tolerance };
        assert!(certificate.is_closed(one_percent), "{}: {certificate:?}", home.id);
        println!(
            "{:24} {:9.2} {:9.2} {:11.2} {:10.2} {:8.3}",
            home.id,
            planned.baseline.money.bill().0,
            planned.plan.costed.money.bill().0,
            planned.savings.bill.0,
            planned.savings.net.0,
            certificate.gap().0
        );
        net += planned.savings.net;
    }
    net
}

#[test]
fn real_homes_are_planned_soundly_and_save() {
    let Some(data) = data() else { return };
    let homes: Vec<Home> = DAYS.iter().flat_map(|day| HOMES.map(|kind| home(&data, kind, *day))).collect();
    let net = net_savings(&homes);
    assert!(net > Cents(0.0), "{net} saved on {} days", homes.len());
}

#[test]
fn a_real_home_with_every_device_is_planned_soundly_and_saves() {
    let Some(data) = data() else { return };
    let net = net_savings(&[home(&data, WHOLE_HOME, WINTER_DAY)]);
    assert!(net > Cents(0.0), "{net} saved");
}
