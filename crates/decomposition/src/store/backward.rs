//! The backward pass: `V_t(., k)` of every edge and automaton state, each below the true one by at most
//! `tolerance` per interval still to come.

use super::cutoff::Cutoff;
use super::envelope::{Moved, pointwise_min};
use super::landing::land;
use super::problem::{Arc, Piece, StoreProblem};
use super::reach::Reach;
use super::segment::Segment;
use super::values::{Frame, Values};
use super::window::{Step, Window};

/// A function of the state before the domain acts, shared by all arcs with the same target and floor.
#[derive(Clone, Copy, Debug)]
struct Landing {
    to: usize,
    floor: f64,
    range: (usize, usize),
}

/// The effect of one continuous piece on one landing, shared by all arcs with the same two, up to a constant.
#[derive(Clone, Copy, Debug)]
struct Erosion {
    landing: usize,
    lo: f64,
    hi: f64,
    slope: f64,
    range: (usize, usize),
}

/// Where the function of one piece of one arc lies.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    from: usize,
    eroded: bool,
    range: (usize, usize),
    dx: f64,
    dy: f64,
}

/// Scratch of the backward pass.
#[derive(Debug, Default)]
pub(super) struct Backward {
    pub(super) values: Values,
    window: Window,
    landings: Vec<Landing>,
    landed: Vec<Segment>,
    unheated: Vec<Segment>,
    erosions: Vec<Erosion>,
    eroded: Vec<Segment>,
    candidates: Vec<Candidate>,
    sum: Vec<Segment>,
    spare: Vec<Segment>,
}

impl Backward {
    /// Computes `V_t` for t = T .. 1; edge 0 is left to the trace, which needs it at one state only. States that the
    /// cutoff discards get an infinite value. Stops where none is left: says whether it got through.
    pub(super) fn run(
        &mut self,
        problem: &StoreProblem,
        reach: &Reach,
        tolerance: f64,
        cutoff: Option<Cutoff>,
    ) -> bool {
        let last = problem.len();
        self.values.reset(last + 1, problem.states);
        for t in (1..=last).rev() {
            let written = self.values.len();
            if t < last {
                self.offer_all(problem, reach, t);
            }
            for k in 0..problem.states {
                let span = cutoff.map_or(reach.settled(t, k), |cutoff| cutoff.span(reach, t, k));
                if span.is_empty() {
                    continue;
                }
                if t < last {
                    self.combine(k);
                } else {
                    self.sum.clear();
                    self.sum.push(Segment::new(span.lo, 0.0, span.hi, 0.0));
                }
                let frame = Frame::new(problem, t, span);
                self.values.append(
                    (t, k),
                    &self.sum,
                    frame,
                    tolerance,
                    cutoff.map(|cutoff| cutoff.filter(t, k)),
                );
            }
            if self.values.len() == written {
                return false;
            }
        }
        true
    }

    /// Lists the functions of all pieces of interval `t`.
    fn offer_all(&mut self, problem: &StoreProblem, reach: &Reach, t: usize) {
        self.landings.clear();
        self.landed.clear();
        self.erosions.clear();
        self.eroded.clear();
        self.candidates.clear();
        for arc in problem.arcs(t) {
            if !reach.settled(t, arc.from).is_empty() {
                self.offer(problem, reach, t, arc);
            }
        }
    }

    /// Lists the functions of an arc's pieces.
    fn offer(&mut self, problem: &StoreProblem, reach: &Reach, t: usize, arc: &Arc) {
        let landing = self.landing(problem, reach, t, arc);
        for piece in problem.pieces(arc) {
            let candidate = if piece.is_fixed() {
                let range = self.landings[landing].range;
                Candidate { from: arc.from, eroded: false, range, dx: -piece.lo, dy: piece.cost_lo }
            } else {
                let range = self.erosion(landing, piece);
                Candidate { from: arc.from, eroded: true, range, dx: 0.0, dy: piece.cost_lo }
            };
            self.candidates.push(candidate);
        }
    }

    /// The landing of an arc, built if no earlier arc had the same.
    fn landing(&mut self, problem: &StoreProblem, reach: &Reach, t: usize, arc: &Arc) -> usize {
        let same = |known: &Landing| known.to == arc.to && known.floor.to_bits() == arc.floor.to_bits();
        if let Some(index) = self.landings.iter().position(same) {
            return index;
        }
        self.unheated.clear();
        land(problem, reach, t + 1, arc, self.values.get(t + 1, arc.to), &mut self.unheated);
        let start = self.landed.len();
        if let Some(heater) = problem.intervals[t].heater {
            let step = Step { lo: 0.0, hi: heater.hi, cost_lo: 0.0, slope: heater.slope };
            self.window.erode(&self.unheated, step, &mut self.landed);
        } else {
            self.landed.extend_from_slice(&self.unheated);
        }
        self.landings.push(Landing { to: arc.to, floor: arc.floor, range: (start, self.landed.len()) });
        self.landings.len() - 1
    }

    /// The erosion of a landing by a piece, without the piece's cost at its lower end.
    fn erosion(&mut self, landing: usize, piece: &Piece) -> (usize, usize) {
        let slope = piece.slope();
        let bits = |lo: f64, hi: f64, slope: f64| (lo.to_bits(), hi.to_bits(), slope.to_bits());
        let wanted = bits(piece.lo, piece.hi, slope);
        let same =
            |known: &&Erosion| known.landing == landing && bits(known.lo, known.hi, known.slope) == wanted;
        if let Some(known) = self.erosions.iter().find(same) {
            return known.range;
        }
        let (first, past) = self.landings[landing].range;
        let start = self.eroded.len();
        let step = Step { lo: piece.lo, hi: piece.hi, cost_lo: 0.0, slope };
        self.window.erode(&self.landed[first..past], step, &mut self.eroded);
        let range = (start, self.eroded.len());
        self.erosions.push(Erosion { landing, lo: piece.lo, hi: piece.hi, slope, range });
        range
    }

    /// The pointwise minimum of all candidates from the automaton state `k`, into `sum`.
    fn combine(&mut self, k: usize) {
        self.sum.clear();
        for candidate in self.candidates.iter().filter(|candidate| candidate.from == k) {
            let arena = if candidate.eroded { &self.eroded } else { &self.landed };
            let segments = &arena[candidate.range.0..candidate.range.1];
            let function = Moved { segments, dx: candidate.dx, dy: candidate.dy };
            if self.sum.is_empty() {
                function.append_to(&mut self.sum);
            } else {
                pointwise_min(Moved::still(&self.sum), function, &mut self.spare);
                std::mem::swap(&mut self.sum, &mut self.spare);
            }
        }
    }
}
