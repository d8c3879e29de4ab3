//! Whatever the multipliers and the pivot: no clean schedule costs less than the bound.

use offpeak_domain::{Home, Multipliers, Pivot};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::random_home::{any, between, pick};
use crate::{bound, random_schedule::cheapest};

/// Multipliers near what power is worth at the meter, or far from it.
pub(crate) fn multipliers(random: &mut ChaCha8Rng, home: &Home) -> Multipliers {
    let mut all = Multipliers::zero(home);
    let noise = pick(random, &[0.0, 1.0, 5.0, 60.0]);
    let worth: Vec<f64> = (0..home.horizon.len())
        .map(|t| {
            let (import, export) = (home.grid.import_value(t).0, home.grid.export_price[t].0);
            home.horizon.length(t).0 * pick(random, &[import, import, export, 0.5 * (import + export)])
        })
        .collect();
    // A device that draws pays what its power is worth; one that gives is paid.
    let priced = |random: &mut ChaCha8Rng, values: &mut Vec<f64>, sign: f64| {
        for (value, worth) in values.iter_mut().zip(&worth) {
            *value = sign * worth + noise * between(random, -1.0, 1.0);
        }
    };
    for prices in all.batteries.iter_mut().chain(&mut all.evs) {
        priced(random, &mut prices.charge, 1.0);
        priced(random, &mut prices.discharge, -1.0);
    }
    for prices in &mut all.heat_pumps {
        for port in [&mut prices.rooms, &mut prices.hot_water, &mut prices.backup, &mut prices.immersion] {
            priced(random, port, 1.0);
        }
        prices.serve.iter_mut().for_each(|value| *value = between(random, -10.0, 5.0));
    }
    for prices in &mut all.appliances {
        priced(random, prices, 1.0);
    }
    for (values, charge) in all.peaks.iter_mut().zip(&home.grid.peak_charges) {
        let share = pick(random, &[0.0, 0.5, 1.0]) / charge.intervals.len() as f64;
        values[charge.intervals.clone()].fill(charge.price.0 * share);
    }
    for value in all.start_caps.iter_mut().flatten() {
        *value = between(random, 0.0, 8.0);
    }
    all.pivot = pivots(home).get(random.random_range(0..6)).copied();
    all
}

/// Every store of the home that can be a pivot.
pub(crate) fn pivots(home: &Home) -> Vec<Pivot> {
    let batteries = (0..home.batteries.len()).map(Pivot::Battery);
    let evs = (0..home.evs.len()).map(Pivot::Ev);
    batteries.chain(evs).chain((0..home.heat_pumps.len()).map(Pivot::HeatPump)).collect()
}

#[test]
fn no_clean_schedule_costs_less_than_any_bound() {
    let mut gaps = Vec::new();
    for seed in 0..400 {
        let random = &mut ChaCha8Rng::seed_from_u64(seed);
        let home = any(random);
        let Some((least, _)) = cheapest(random, &home, 600) else { continue };
        let mut tightest = f64::NEG_INFINITY;
        for _ in 0..6 {
            let multipliers = multipliers(random, &home);
            let found = bound(&home, multipliers.clone()).bound.0;
            assert!(
                found <= least + 1e-3,
                "seed {seed}: bound {found} above a schedule of {least}: {multipliers:?}\n{home:?}"
            );
            assert!(found.is_finite(), "seed {seed}: {found}");
            tightest = tightest.max(found);
        }
        gaps.push(least - tightest);
    }
    gaps.sort_by(f64::total_cmp);
    assert!(gaps.len() > 350, "too few homes have a clean schedule: {}", gaps.len());
    println!("gaps in ct: least {}, quarter {}, median {}", gaps[0], gaps[gaps.len() / 4], gaps[gaps.len() / 2]);
    // Bounds that are always far below would hide mistakes.
    assert!(gaps[gaps.len() / 4] < 3.0, "a quarter of the bounds is near: {}", gaps[gaps.len() / 4]);
}
