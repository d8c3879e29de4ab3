//! Minimum, erosion and simplification of random functions against their definitions at many states.

use super::instances::Lcg;
use crate::store::convex::{Corner, coarsen, value};
use crate::store::envelope::{Moved, pointwise_min};
use crate::store::segment::{Segment, value_near};
use crate::store::simplify::Funnel;
use crate::store::window::{Step, Window};

/// A random function with jumps, gaps and points.
fn function(lcg: &mut Lcg) -> Vec<Segment> {
    let (mut x, mut y) = (lcg.within(-2.0, 2.0), lcg.within(-3.0, 3.0));
    let mut segments = Vec::new();
    for _ in 0..lcg.whole(1, 9) as usize {
        if lcg.chance(0.15) {
            x += lcg.within(0.0, 1.0);
        }
        if lcg.chance(0.3) {
            y = lcg.within(-3.0, 3.0);
        }
        let width = if lcg.chance(0.1) { 0.0 } else { lcg.within(0.1, 2.0) };
        let rise = if width > 0.0 && lcg.chance(0.9) { lcg.within(-3.0, 3.0) } else { 0.0 };
        segments.push(Segment::new(x, y, x + width, y + rise));
        (x, y) = (x + width, y + rise);
    }
    segments
}

/// States inside and outside, with all breakpoints of the function.
fn probes(functions: &[&[Segment]]) -> Vec<f64> {
    let ends = functions.iter().flat_map(|f| f.iter().flat_map(|segment| [segment.x0, segment.x1]));
    (0..400).map(|i| -4.0 + 0.06 * f64::from(i)).chain(ends).collect()
}

fn assert_sorted(function: &[Segment]) {
    assert!(function.iter().all(|segment| segment.x0 <= segment.x1));
    assert!(function.windows(2).all(|pair| pair[0].x1 <= pair[1].x0), "{function:?}");
}

#[test]
fn minimum_is_pointwise() {
    let mut out = Vec::new();
    for seed in 0..500 {
        let mut lcg = Lcg::new(seed);
        let (f, g) = (function(&mut lcg), function(&mut lcg));
        let (dx, dy) = (lcg.within(-1.0, 1.0), lcg.within(-1.0, 1.0));
        pointwise_min(Moved::still(&f), Moved { segments: &g, dx, dy }, &mut out);
        assert_sorted(&out);
        for x in probes(&[&f, &out]) {
            let expected = value_near(&f, x, 0.0).min(value_near(&g, x - dx, 0.0) + dy);
            let found = value_near(&out, x, 1e-12);
            assert!(found <= expected + 1e-9, "seed {seed} at {x}: {found} {expected}");
            let around = value_near(&f, x, 1e-9).min(value_near(&g, x - dx, 1e-9) + dy);
            assert!(value_near(&out, x, 0.0) >= around - 1e-6, "seed {seed} at {x}");
        }
    }
}

#[test]
fn erosion_is_a_minimum_over_steps() {
    let (mut window, mut out) = (Window::default(), Vec::new());
    for seed in 0..500 {
        let mut lcg = Lcg::new(seed + 77);
        let after = function(&mut lcg);
        let lo = lcg.within(-2.0, 2.0);
        let step = Step {
            lo,
            hi: lo + lcg.within(0.05, 4.0),
            cost_lo: lcg.within(-1.0, 1.0),
            slope: lcg.within(-3.0, 3.0),
        };
        out.clear();
        window.erode(&after, step, &mut out);
        assert_sorted(&out);
        for z in probes(&[&out]) {
            let expected = eroded(&after, step, z, 0.0);
            let found = value_near(&out, z, 1e-12);
            assert!(found <= expected + 1e-9, "seed {seed} at {z}: {found} {expected}");
            let around = eroded(&after, step, z, 1e-9);
            assert!(value_near(&out, z, 0.0) >= around - 1e-6, "seed {seed} at {z}: {found} {around}");
        }
    }
}

/// The minimum over the steps, which lies at a breakpoint or at an end of the window.
fn eroded(after: &[Segment], step: Step, z: f64, margin: f64) -> f64 {
    let (from, to) = (z + step.lo - margin, z + step.hi + margin);
    let cost = |y: f64| step.cost_lo + step.slope * (y - z - step.lo);
    let inside = after.iter().filter_map(|segment| segment.clip(from, to));
    inside.map(|part| (part.y0 + cost(part.x0)).min(part.y1 + cost(part.x1))).fold(f64::INFINITY, f64::min)
}

#[test]
fn simplification_stays_in_its_band() {
    for seed in 0..500 {
        let mut lcg = Lcg::new(seed + 33);
        let tolerance = lcg.within(0.01, 2.0);
        let f = function(&mut lcg);
        let mut out = Vec::new();
        let mut funnel = Funnel::new(&mut out, tolerance);
        for segment in &f {
            funnel.push(segment);
        }
        funnel.finish();
        assert_sorted(&out);
        assert!(out.len() <= f.len());
        for x in probes(&[&f, &out]) {
            let (exact, found) = (value_near(&f, x, 0.0), value_near(&out, x, 0.0));
            let same = exact.is_infinite() && found.is_infinite();
            assert!(same || found <= exact + 1e-9 && found >= exact - tolerance - 1e-9, "seed {seed} at {x}");
        }
    }
}

#[test]
fn coarsening_stays_below_and_close() {
    for seed in 0..200 {
        let mut lcg = Lcg::new(seed + 71);
        let (mut x, mut y, mut slope) = (lcg.within(-3.0, 3.0), 0.0, -20.0);
        let mut chain = vec![Corner { x, y }];
        for _ in 0..40 {
            let width = lcg.within(0.01, 0.5);
            slope += lcg.within(0.01, 2.0);
            (x, y) = (x + width, y + slope * width);
            chain.push(Corner { x, y });
        }
        let mut coarse = chain.clone();
        coarsen(&mut coarse, 0.2);
        assert!(coarse.len() < 30 && coarse.windows(2).all(|pair| pair[0].x < pair[1].x));
        for step in 0..=500 {
            let at = chain[0].x + (x - chain[0].x) * f64::from(step) / 500.0;
            let (exact, found) = (value(&chain, at), value(&coarse, at));
            assert!(found <= exact + 1e-9 && found >= exact - 0.2 - 1e-9, "seed {seed} at {at}");
        }
    }
}

#[test]
fn simplification_joins_a_line() {
    let mut out = Vec::new();
    let mut funnel = Funnel::new(&mut out, 1e-4);
    for i in 0..50 {
        let x = f64::from(i);
        funnel.push(&Segment::new(x, 3.0 * x, x + 1.0, 3.0 * x + 3.0));
    }
    funnel.finish();
    assert_eq!(out.len(), 1);
}
