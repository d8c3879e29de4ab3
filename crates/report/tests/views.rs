//! What the charts show adds up to what the home does and costs.

use offpeak_baseline::uncontrolled;
use offpeak_domain::{Costed, Multipliers, savings};
use offpeak_report::{FleetRow, FleetView, HomeInput, HomeView, MOST_ROWS};
use offpeak_testhomes::full;

fn view(with_prices: bool) -> (HomeView, f64) {
    let (home, plan) = full::honest(full::day());
    let baseline = Costed::of(&home, uncontrolled(&home));
    let saved = savings(&home, &baseline, &plan);
    let mut multipliers = Multipliers::zero(&home);
    for prices in &mut multipliers.evs {
        prices.charge.fill(5.0);
    }
    let input = HomeInput {
        home: &home,
        schedule: &plan.schedule,
        money: &plan.money,
        baseline: &baseline,
        savings: &saved,
        multipliers: with_prices.then_some(&multipliers),
    };
    (HomeView::of(&input, Vec::new()), saved.net.0)
}

#[test]
fn the_stacked_powers_are_what_the_meter_sees() {
    let (view, _) = view(false);
    for t in 0..view.net_kw.len() {
        let stacked: f64 = view.tracks.iter().map(|track| track.kw[t]).sum();
        assert!(
            (stacked - view.net_kw[t]).abs() < 1e-3,
            "{}: {stacked} and {}",
            view.times[t],
            view.net_kw[t]
        );
    }
}

#[test]
fn the_waterfall_falls_by_the_net_saving() {
    let (view, net) = view(false);
    let steps = &view.waterfall;
    let (first, last) = (&steps[0], &steps[steps.len() - 1]);
    assert!((first.ct - last.ct - net).abs() < 1e-3, "{} to {}, saved {net}", first.ct, last.ct);
    let changes: f64 = steps.iter().filter(|step| !step.total).map(|step| step.ct).sum();
    assert!((first.ct + changes - last.ct).abs() < 0.1);
}

#[test]
fn a_multiplier_of_a_quarter_hour_is_four_times_as_much_per_kwh() {
    let (view, _) = view(true);
    let prices: Vec<f64> =
        view.shadow.iter().flat_map(|one| one.ct_per_kwh.iter().flatten().copied()).collect();
    assert!(!prices.is_empty() && prices.iter().all(|price| (price - 20.0).abs() < 1e-9), "{prices:?}");
}

#[test]
fn without_a_certificate_there_are_no_shadow_prices() {
    assert!(view(false).0.shadow.is_empty());
}

#[test]
fn a_large_fleet_lists_those_that_save_most() {
    let row = |number: u32| FleetRow {
        home_id: format!("home-{number}"),
        baseline_bill_ct: 300.0,
        bill_ct: 200.0,
        net_saving_ct: f64::from(number),
        borrowed_ct: 1.0,
        gap_ct: 0.5,
        closed: true,
        iterations: 7,
    };
    let fleet = FleetView::of((0..5000).map(row).collect(), Vec::new());
    assert_eq!((fleet.homes, fleet.closed, fleet.rows.len()), (5000, 5000, MOST_ROWS));
    assert_eq!(fleet.rows[0].home_id, "home-4999");
    for spread in &fleet.spreads {
        assert_eq!(spread.counts.iter().sum::<usize>(), 5000, "{}", spread.label);
    }
}
