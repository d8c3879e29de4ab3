//! Random intervals against the judge.

use super::super::oracle::{Choice, IntervalOracle, Minimum};
use super::super::{Interval, Piece};
use super::brute::{allows, cost, minimum, money};
use super::instances::{Instance, Lcg, random};

/// Widened ends times the steepest slopes of the instances.
const CLOSE: f64 = 2e-7;

fn at(piece: &Piece, x: f64) -> f64 {
    let share = if piece.hi > piece.lo { (x - piece.lo) / (piece.hi - piece.lo) } else { 0.0 };
    piece.cost_lo + (piece.cost_hi - piece.cost_lo) * share
}

/// The envelope at `x` if a piece holds it.
fn value(pieces: &[Piece], x: f64) -> Option<f64> {
    pieces.iter().filter(|p| p.lo <= x && x <= p.hi).map(|p| at(p, x)).min_by(f64::total_cmp)
}

fn agree(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= CLOSE * (1.0 + b.abs()),
        (None, None) => true,
        _ => false,
    }
}

fn check_order(pieces: &[Piece], range: (f64, f64)) {
    assert!(pieces.iter().all(|p| p.lo <= p.hi && p.lo >= range.0 && p.hi <= range.1));
    assert!(pieces.windows(2).all(|w| w[0].hi <= w[1].lo), "{pieces:?}");
}

/// Points to compare at: spread over the range, at its ends, and just beside the ends of pieces, where it may jump.
fn points(instance: &Instance, pieces: &[Piece], count: u32) -> Vec<f64> {
    let (lo, hi) = instance.range;
    let spread = (0..=count).map(|i| (lo + (hi - lo) * f64::from(i) / f64::from(count)).min(hi));
    let beside = pieces.iter().flat_map(|p| [p.lo - 1e-6, p.lo + 1e-6, p.hi - 1e-6, p.hi + 1e-6]);
    spread.chain(beside.filter(|&x| x >= lo && x <= hi)).collect()
}

/// The powers obey their modes and the meter, and their cost is the one reported.
fn check_choice(instance: &Instance, x: f64, found: Minimum, choice: &[Choice]) {
    assert_eq!(choice.len(), instance.followers.len());
    assert!(found.curtail >= 0.0 && found.curtail <= instance.meter.curtail_max);
    let n = instance.meter.base + x + found.curtail + choice.iter().map(|c| c.power).sum::<f64>();
    let mut total =
        money(&instance.meter, n.clamp(-instance.meter.export_most, instance.meter.import_most)).unwrap();
    for (choice, follower) in choice.iter().zip(&instance.followers) {
        let mode = &follower[choice.mode as usize];
        let (lo, hi) = (mode.segments[0].lo, mode.segments[mode.segments.len() - 1].hi);
        assert!(choice.power >= lo && choice.power <= hi + 1e-12, "{choice:?} of {lo}..{hi}");
        assert!(allows(mode.rule, n, 2e-9));
        total += cost(&mode.segments, choice.power);
    }
    assert!(n <= instance.meter.import_most + 2e-9 && n >= -instance.meter.export_most - 2e-9);
    assert!(allows(instance.rule, n, 2e-9));
    assert!(agree(Some(total), Some(found.cost)), "cost {} of choice, {} reported", total, found.cost);
}

/// How many points of an instance were feasible, were not, or were only bounded.
fn check(instance: &Instance, oracle: &mut IntervalOracle, count: u32) -> [usize; 3] {
    let (mut interval, mut pieces) = (Interval::default(), Vec::new());
    instance.build(&mut interval);
    let exact = oracle.pieces(&interval, instance.range, instance.rule, &mut pieces);
    check_order(&pieces, instance.range);
    let mut seen = [0; 3];
    for x in points(instance, &pieces, count) {
        let truth = minimum(instance, x);
        let found = value(&pieces, x);
        check_point(instance, oracle, &interval, x, truth);
        if exact {
            assert!(agree(found, truth), "at {x}: {found:?}, judge {truth:?}, {pieces:?} {instance:?}");
        } else {
            assert!(is_bound(found, truth), "at {x}: {found:?}, judge {truth:?}");
        }
        seen[if exact { usize::from(truth.is_none()) } else { 2 }] += 1;
    }
    seen
}

/// The minimum at a point: equal to the judge's and reached by the choice, or at least a bound.
fn check_point(
    instance: &Instance,
    oracle: &mut IntervalOracle,
    interval: &Interval,
    x: f64,
    truth: Option<f64>,
) {
    let mut choice = Vec::new();
    let found = oracle.minimum_at(interval, x, instance.rule, &mut choice);
    let cost = found.map(|m| m.cost);
    match found {
        Some(found) if found.exact => {
            check_choice(instance, x, found, &choice);
            assert!(agree(cost, truth), "at {x}: {found:?}, judge {truth:?}, {instance:?}");
        }
        _ => assert!(is_bound(cost, truth), "at {x}: {found:?}, judge {truth:?}"),
    }
}

/// Not above the truth, and feasible wherever the truth is.
fn is_bound(found: Option<f64>, truth: Option<f64>) -> bool {
    truth.is_none_or(|truth| found.is_some_and(|found| found <= truth + CLOSE))
}

fn check_many(seed: u64, instances: u32, followers: u32, step: f64) {
    let (mut rng, mut oracle) = (Lcg(seed), IntervalOracle::default());
    let mut seen = [0; 3];
    for _ in 0..instances {
        let instance = random(&mut rng, followers, step);
        let more = check(&instance, &mut oracle, 60 >> followers.min(4));
        seen = [0, 1, 2].map(|i| seen[i] + more[i]);
    }
    println!("feasible, infeasible, bounded: {seen:?}");
    assert!(seen[0] > 3 * instances as usize, "too few feasible points: {seen:?}");
    assert!(seen[1] > 0, "no infeasible point");
}

#[test]
fn no_follower() {
    check_many(1, 500, 0, 0.0);
    check_many(2, 500, 0, 0.5);
}

#[test]
fn one_follower() {
    check_many(3, 1000, 1, 0.0);
    check_many(4, 1000, 1, 0.5);
}

#[test]
fn two_followers() {
    check_many(5, 1000, 2, 0.0);
    check_many(6, 1000, 2, 0.5);
}

#[test]
fn three_followers() {
    check_many(7, 200, 3, 0.0);
    check_many(8, 200, 3, 0.5);
}

#[test]
fn five_followers() {
    check_many(9, 25, 5, 0.0);
    check_many(10, 25, 5, 0.25);
}
