//! Whatever the multipliers and the pivot: no clean schedule costs less than the bound.

use offpeak_domain::{
    Cents, Fixed, Fixing, Home, Kilowatts, Multipliers, Pivot, PowerRange, PumpPrices, RUNNING, Setpoints,
};
use offpeak_verify::{Refuted, verify};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::random_home::{any, between, chance, pick};
use crate::random_schedule::cheapest;
use crate::{bound, proof};

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
    all.pivot = pivots(home).get(random.random_range(0..4)).copied();
    all
}

/// Every store of the home that can be a pivot.
pub(crate) fn pivots(home: &Home) -> Vec<Pivot> {
    let batteries = (0..home.batteries.len()).map(Pivot::Battery);
    let evs = (0..home.evs.len()).map(Pivot::Ev);
    batteries.chain(evs).chain((0..home.heat_pumps.len()).map(Pivot::HeatPump)).collect()
}

/// Some of `best` changed a little, or another pivot.
fn varied(random: &mut ChaCha8Rng, home: &Home, best: &Multipliers) -> Multipliers {
    let mut all = best.clone();
    let share = pick(random, &[0.1, 0.3, 1.0]);
    let size = pick(random, &[0.3, 1.0, 4.0]);
    let mut nudge = |values: &mut Vec<f64>| {
        for value in values {
            if chance(random, share) {
                *value += size * between(random, -1.0, 1.0);
            }
        }
    };
    for prices in all.batteries.iter_mut().chain(&mut all.evs) {
        nudge(&mut prices.charge);
        nudge(&mut prices.discharge);
    }
    for PumpPrices { rooms, hot_water, backup, immersion, serve } in &mut all.heat_pumps {
        [rooms, hot_water, backup, immersion, serve].into_iter().for_each(&mut nudge);
    }
    all.appliances.iter_mut().for_each(&mut nudge);
    all.start_caps.iter_mut().for_each(&mut nudge);
    all.start_caps.iter_mut().flatten().for_each(|value| *value = value.max(0.0));
    if chance(random, 0.1) {
        all.pivot = pivots(home).get(random.random_range(0..4)).copied();
    }
    all
}

#[test]
fn no_clean_schedule_costs_less_than_any_bound() {
    let mut gaps = Vec::new();
    for seed in 0..300 {
        let random = &mut ChaCha8Rng::seed_from_u64(seed);
        let home = any(random);
        let Some((least, setpoints)) = cheapest(random, &home, 1500) else { continue };
        let mut best: Option<(f64, Multipliers)> = None;
        for round in 0..60 {
            let tried = match &best {
                Some((_, best)) if round > 4 => varied(random, &home, best),
                _ => multipliers(random, &home),
            };
            let found = bound(&home, tried.clone()).bound.0;
            assert!(
                found <= least + 1e-3,
                "seed {seed}: bound {found} above a schedule of {least}: {tried:?}\n{home:?}"
            );
            assert!(found.is_finite(), "seed {seed}: {found}");
            if best.as_ref().is_none_or(|(tightest, _)| found > *tightest) {
                best = Some((found, tried));
            }
        }
        let (tightest, multipliers) = best.expect("some round found a bound");
        gaps.push(least - tightest);
        never_above_in_its_leaf(&home, &setpoints, multipliers, [tightest, least]);
    }
    gaps.sort_by(f64::total_cmp);
    assert!(gaps.len() > 250, "too few homes have a clean schedule: {}", gaps.len());
    let [tenth, quarter, half] = [10, 4, 2].map(|part| gaps[gaps.len() / part]);
    println!("gaps in ct: tenth {tenth}, quarter {quarter}, median {half}");
    // Bounds that are always far below would hide mistakes.
    assert!(tenth < 0.05 && quarter < 10.0, "too far: {tenth}, {quarter}");
}

/// With every choice fixed to what `setpoints` do, the bound is no lower than without, and still not above their cost.
fn never_above_in_its_leaf(
    home: &Home,
    setpoints: &Setpoints,
    multipliers: Multipliers,
    [free, cost]: [f64; 2],
) {
    let mut leaf = proof(multipliers);
    leaf.leaves[0].fixings = fixings_of(home, setpoints);
    // It does not cover the rest: each fixing's other choices make further leaves.
    let mut rest = Vec::new();
    for (index, fixing) in leaf.leaves[0].fixings.iter().enumerate() {
        let mut other = leaf.leaves[0].clone();
        other.fixings.truncate(index);
        other.fixings.push(Fixing { interval: fixing.interval, what: opposite(&fixing.what) });
        rest.push(other);
    }
    let mut whole = leaf.clone();
    whole.leaves.extend(rest);
    let verified = verify(home, &whole).expect("the leaves cover every case");
    assert!(verified.bound.0 >= free - verified.slack.0 - 0.1, "{verified:?} with fixings, {free} without");
    assert!(verified.bound.0 <= cost + 1e-3, "{verified:?} with fixings for {cost}: {home:?}");
    // The claim of the first leaf alone: it holds these setpoints.
    whole.leaves[0].bound = Cents(cost + 0.2);
    assert!(matches!(verify(home, &whole), Err(Refuted::Claim { leaf: 0, .. })), "{cost}: {home:?}");
}

fn fixings_of(home: &Home, setpoints: &Setpoints) -> Vec<Fixing> {
    let on = |power: Kilowatts| power > RUNNING;
    let mut all = Vec::new();
    for t in 0..home.horizon.len() {
        let mut fix = |what: Fixed| all.push(Fixing { interval: t, what });
        for (index, power) in setpoints.batteries.iter().enumerate() {
            let (charge, discharge) = (on(power.charge[t]), on(power.discharge[t]));
            fix(Fixed::Battery { index, idle: !charge && !discharge, charge, discharge });
        }
        for (index, (ev, power)) in home.evs.iter().zip(&setpoints.evs).enumerate() {
            let (charge, discharge) = (power.charge[t], on(power.discharge[t]));
            let within = |mode: &PowerRange| on(charge) && mode.min <= charge && charge <= mode.max;
            let modes = ev.joined_modes().iter().map(within).collect();
            fix(Fixed::Ev { index, idle: !on(charge) && !discharge, modes, discharge });
        }
        for (index, power) in setpoints.heat_pumps.iter().enumerate() {
            let (rooms, hot_water) = (on(power.rooms[t]), on(power.hot_water[t]));
            fix(Fixed::Compressor { index, idle: !rooms && !hot_water, rooms, hot_water });
        }
        let net = home.grid.base(t) + setpoints.curtail[t] + setpoints.device_power(t);
        fix(Fixed::Direction { import: net.0 >= 0.0, export: net.0 < 0.0 });
    }
    all
}

fn opposite(what: &Fixed) -> Fixed {
    match what.clone() {
        Fixed::Battery { index, idle, charge, discharge } => {
            Fixed::Battery { index, idle: !idle, charge: !charge, discharge: !discharge }
        }
        Fixed::Ev { index, idle, modes, discharge } => Fixed::Ev {
            index,
            idle: !idle,
            modes: modes.into_iter().map(|mode| !mode).collect(),
            discharge: !discharge,
        },
        Fixed::Compressor { index, idle, rooms, hot_water } => {
            Fixed::Compressor { index, idle: !idle, rooms: !rooms, hot_water: !hot_water }
        }
        Fixed::Direction { import, export } => Fixed::Direction { import: !import, export: !export },
    }
}
