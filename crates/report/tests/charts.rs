//! Plans as charts for papers.

use offpeak_baseline::uncontrolled;
use offpeak_domain::{Costed, savings};
use offpeak_report::{Chart, FleetRow, FleetView, HomeInput, HomeView, Report, plan_charts};
use offpeak_testhomes::full;

fn charts() -> Vec<Chart> {
    let (home, plan) = full::honest(full::day());
    let baseline = Costed::of(&home, uncontrolled(&home));
    let saved = savings(&home, &baseline, &plan);
    let (schedule, money) = (&plan.schedule, &plan.money);
    let input =
        HomeInput { home: &home, schedule, money, baseline: &baseline, savings: &saved, multipliers: None };
    let row = |number: i32| FleetRow {
        home_id: format!("home-{number}"),
        baseline_bill_ct: 900.0,
        bill_ct: 700.0 + 10.0 * f64::from(number),
        net_saving_ct: 150.0 - 10.0 * f64::from(number),
        borrowed_ct: 20.0,
        gap_ct: 0.1 * f64::from(number),
        closed: true,
        iterations: 100,
    };
    let fleet = FleetView::of((0..30).map(row).collect(), Vec::new());
    let mut view = HomeView::of(&input, Vec::new());
    "</svg><script>".clone_into(&mut view.id);
    let report = Report { fleet: Some(fleet), homes: vec![view], ..Report::default() };
    plan_charts(&report).expect("charts")
}

#[test]
fn a_fleet_and_each_home_have_their_charts_and_the_same_bytes_every_time() {
    let charts = charts();
    let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
    for name in ["fleet-spread-1", "fleet-waterfall", "home-1-power", "home-1-store-1", "home-1-waterfall"] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    assert_eq!(charts, self::charts());
    assert!(charts.iter().all(|chart| !chart.svg.contains("<script>")), "an id is not text");
}

#[test]
fn pixels_are_twice_as_many_and_letters_are_drawn() {
    let chart = &charts()[0];
    let png = chart.png().expect("a PNG file");
    assert!(png.starts_with(b"\x89PNG"));
    let size = |from: usize| u32::from_be_bytes(png[from..from + 4].try_into().expect("four bytes"));
    assert_eq!((size(16), size(20)), (1520, 760));
    let wordless = Chart { svg: chart.svg.replace("homes", "     "), ..chart.clone() };
    assert_ne!(png, wordless.png().expect("a PNG file"), "no letters");
}
