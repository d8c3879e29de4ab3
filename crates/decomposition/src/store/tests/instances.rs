//! Random stores.

use crate::store::{Domain, Piece, Side, StoreProblem};

/// Knuth's 64-bit linear congruential generator.
pub(super) struct Lcg(u64);

impl Lcg {
    pub(super) fn new(seed: u64) -> Self {
        let mut lcg = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678);
        lcg.unit();
        lcg
    }

    /// Uniform in [0, 1).
    pub(super) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as f64 / 4_294_967_296.0
    }

    pub(super) fn within(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.unit()
    }

    /// Uniform in lo ..= hi.
    pub(super) fn whole(&mut self, lo: i32, hi: i32) -> f64 {
        self.within(f64::from(lo), f64::from(hi) + 1.0).floor()
    }

    pub(super) fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }
}

/// What a random store may have.
#[derive(Clone, Copy)]
pub(super) struct Features {
    pub(super) intervals: usize,
    pub(super) states: usize,
    /// States, steps, kinks and drifts are integers and nothing decays: an integer schedule is optimal.
    pub(super) integer: bool,
    /// Steps are single values.
    pub(super) fixed: bool,
    pub(super) heater: bool,
}

struct Draw<'a> {
    lcg: &'a mut Lcg,
    integer: bool,
}

impl Draw<'_> {
    fn number(&mut self, lo: i32, hi: i32) -> f64 {
        if self.integer { self.lcg.whole(lo, hi) } else { self.lcg.within(f64::from(lo), f64::from(hi)) }
    }

    fn side(&mut self) -> Side {
        match self.lcg.whole(0, 2) {
            0.0 => Side::Wall,
            1.0 => Side::Clamp(0.0),
            _ => Side::Clamp(self.lcg.within(0.0, 30.0)),
        }
    }

    fn piece(&mut self, fixed: bool) -> Piece {
        let lo = self.number(-4, 5);
        let hi = if fixed { lo } else { lo + self.number(0, 6) };
        let cost_lo = self.lcg.within(-10.0, 20.0);
        let slope = self.lcg.within(-8.0, 12.0);
        Piece { lo, hi, cost_lo, cost_hi: cost_lo + slope * (hi - lo) }
    }
}

/// Fills `problem` with a random store.
pub(super) fn fill(problem: &mut StoreProblem, features: Features, lcg: &mut Lcg) {
    let Features { intervals, states, .. } = features;
    let mut draw = Draw { lcg, integer: features.integer };
    let start = draw.number(0, 10);
    let start_state = draw.lcg.whole(0, i32::try_from(states).unwrap() - 1) as usize;
    problem.reset(intervals + 1, states, start, start_state);
    for _ in 0..intervals {
        interval(problem, features, &mut draw);
    }
    for edge in 1..=intervals {
        limits(problem, edge, &mut draw);
    }
}

fn interval(problem: &mut StoreProblem, features: Features, draw: &mut Draw) {
    let decay = if features.integer || draw.lcg.chance(0.3) { 1.0 } else { draw.lcg.within(0.7, 1.1) };
    let drift = draw.number(-2, 1);
    problem.interval(decay, drift);
    if features.heater && draw.lcg.chance(0.6) {
        let hi = draw.number(0, 4);
        let slope = draw.lcg.within(-4.0, 10.0);
        problem.heater(hi, slope);
    }
    // Compressors have one range on many arcs, with and without a start cost.
    let common = draw.piece(features.fixed);
    for from in 0..features.states {
        for to in 0..features.states {
            if from == to || draw.lcg.chance(0.5) {
                let floor = if draw.lcg.chance(0.2) { draw.number(0, 8) } else { f64::NEG_INFINITY };
                problem.arc(from, to, floor);
                if draw.lcg.chance(0.5) {
                    let cost = draw.lcg.within(0.0, 3.0);
                    problem.piece(Piece::hold(cost));
                }
                for _ in 0..draw.lcg.whole(0, 2) as usize {
                    let own = draw.piece(features.fixed);
                    problem.piece(if draw.lcg.chance(0.4) {
                        dearer(common, draw.lcg.within(0.0, 3.0))
                    } else {
                        own
                    });
                }
            }
        }
    }
}

fn dearer(piece: Piece, by: f64) -> Piece {
    Piece { cost_lo: piece.cost_lo + by, cost_hi: piece.cost_hi + by, ..piece }
}

fn limits(problem: &mut StoreProblem, edge: usize, draw: &mut Draw) {
    if draw.lcg.chance(0.8) {
        let (lo, width) = (draw.number(-3, 4), draw.number(3, 12));
        let domain = Domain { lo, hi: lo + width, below: draw.side(), above: draw.side() };
        problem.domain(edge, domain);
    }
    for _ in 0..draw.lcg.whole(0, 2) as usize {
        let at = draw.number(-2, 10);
        let below = draw.lcg.within(-4.0, 9.0);
        let above = draw.lcg.within((-below).max(-4.0), 9.0);
        problem.hinge(edge, at, below, above);
    }
    if draw.lcg.chance(0.3) {
        let cost = draw.lcg.within(-5.0, 5.0);
        problem.constant(edge, cost);
    }
}
