//! The Lagrangian bound: what every part costs at least by itself, at prices on the powers between the parts.

mod imbalance;

use crate::allowed::Allowed;
use crate::model::Model;
use crate::oracle::{Joint, JointOracle, Lean, Placement, Question, StoreOracle, Trace, View, cheapest};
use crate::prices::Prices;

pub(crate) use imbalance::Imbalance;

/// Absolute and relative allowance for rounding in sums that are not covered by an oracle's own, ct.
const ROUNDING: (f64, f64) = (1e-6, 1e-10);

/// Evaluates bounds; keeps what every part did at the last one.
#[derive(Debug, Default)]
pub(crate) struct Evaluator {
    joints: JointOracle,
    joint: Joint,
    stores: StoreOracle,
    /// What each store did.
    pub(crate) traces: Vec<Trace>,
    /// Where each appliance ran.
    pub(crate) placements: Vec<Placement>,
}

impl Evaluator {
    /// A lower bound in ct on every schedule that keeps to `allowed`; infinite where there is none.
    ///
    /// Weak duality: each part is minimised over a set that holds all it can do, and the prices cancel. The pivot's power
    /// is not priced: its stage costs are minima over everything else in the interval.
    pub(crate) fn bound(
        &mut self,
        model: &Model,
        prices: &mut Prices,
        allowed: &Allowed,
        pivot: Option<usize>,
    ) -> f64 {
        self.traces.resize_with(model.stores.len(), Trace::default);
        self.placements.resize_with(model.runs.len(), Placement::default);
        let mut total = Sum::default();
        match pivot {
            Some(store) => total.add(self.pivot(model, prices, (allowed, None), store)),
            None => (0..model.intervals).for_each(|t| {
                total.add(self.joints.without_pivot(View { model, prices, allowed, lean: None }, t));
            }),
        }
        let followers = (0..model.stores.len()).filter(|store| Some(*store) != pivot);
        for store in followers {
            let question = Question { model, prices, allowed, joint: None };
            total.add(self.stores.solve(question, store, &mut self.traces[store]));
        }
        for (run, placement) in model.runs.iter().zip(&mut self.placements) {
            total.add(Some(cheapest(run, prices.port(run.port), placement)));
        }
        total.add(Some(-paid_back(model, prices)));
        total.lower()
    }

    /// Segments of store functions written since it was made.
    pub(crate) fn work(&self) -> usize {
        self.stores.work()
    }

    /// The cheapest way of a store at the question's prices; into `traces`.
    pub(crate) fn follower(&mut self, question: Question, store: usize) -> Option<f64> {
        self.traces.resize_with(question.model.stores.len(), Trace::default);
        self.stores.solve(question, store, &mut self.traces[store])
    }

    /// The cheapest way of the pivot with everything else at its best in each interval; into `traces`.
    ///
    /// Where it starts more often than a cap allows, the multipliers of starts in `prices` are raised until it does not.
    pub(crate) fn pivot(
        &mut self,
        model: &Model,
        prices: &mut Prices,
        (allowed, lean): (&Allowed, Option<&Lean>),
        store: usize,
    ) -> Option<f64> {
        self.traces.resize_with(model.stores.len(), Trace::default);
        self.joints.write(View { model, prices, allowed, lean }, store, &mut self.joint);
        self.joint.start_preference = if lean.is_some() { FEWER_STARTS } else { 0.0 };
        let mut value = self.with_joint(model, prices, allowed, store)?;
        for cap in 0..prices.start(store).len() {
            if excess_starts(model, store, cap, &self.traces[store]) {
                value = self.raise_start_price(model, prices, allowed, (store, cap))?;
            }
        }
        Some(value)
    }

    fn with_joint(&mut self, model: &Model, prices: &Prices, allowed: &Allowed, store: usize) -> Option<f64> {
        let question = Question { model, prices, allowed, joint: Some(&self.joint) };
        let value = self.stores.solve(question, store, &mut self.traces[store])?;
        Some(value - ROUNDING.1 * self.joint.size)
    }

    /// The least multiplier found, by doubling and halving, at which a cap on starts holds.
    fn raise_start_price(
        &mut self,
        model: &Model,
        prices: &mut Prices,
        allowed: &Allowed,
        (store, cap): (usize, usize),
    ) -> Option<f64> {
        let (mut low, mut high) = (prices.start(store)[cap], f64::INFINITY);
        for _ in 0..CAP_ROUNDS {
            let tried = if high.is_finite() { f64::midpoint(low, high) } else { 4.0 * low + 1.0 };
            prices.start_mut(store)[cap] = tried;
            self.with_joint(model, prices, allowed, store)?;
            if excess_starts(model, store, cap, &self.traces[store]) {
                low = tried;
            } else {
                high = tried;
            }
        }
        prices.start_mut(store)[cap] = if high.is_finite() { high } else { low };
        self.with_joint(model, prices, allowed, store)
    }
}

/// What a start counts more in a search for schedules, ct: of two that cost the same, the one with fewer starts.
const FEWER_STARTS: f64 = 1e-3;

/// Rounds of doubling and halving for the multiplier of a cap on starts.
const CAP_ROUNDS: usize = 10;

/// Whether `trace` starts more often than a cap of the store allows.
fn excess_starts(model: &Model, store: usize, cap: usize, trace: &Trace) -> bool {
    let (intervals, most) = &model.stores[store].automaton.start_caps[cap];
    trace.starts.iter().filter(|start| intervals.contains(start)).count() > *most
}

/// What multipliers count against constants: peaks already reached, and starts that a cap allows.
fn paid_back(model: &Model, prices: &Prices) -> f64 {
    let peaks = model.grid.peaks.iter().enumerate();
    let peaks: f64 =
        peaks.map(|(at, peak)| peak.already_reached.0 * prices.peak(at).iter().sum::<f64>()).sum();
    let starts = model.stores.iter().enumerate().flat_map(|(store, device)| {
        device
            .automaton
            .start_caps
            .iter()
            .zip(prices.start(store))
            .map(|((_, most), price)| *most as f64 * price)
    });
    peaks + starts.sum::<f64>()
}

/// A sum of lower bounds, and of their sizes.
#[derive(Default)]
struct Sum {
    value: f64,
    size: f64,
}

impl Sum {
    fn add(&mut self, part: Option<f64>) {
        let part = part.unwrap_or(f64::INFINITY);
        self.value += part;
        self.size += part.abs();
    }

    fn lower(&self) -> f64 {
        if self.value.is_finite() { self.value - ROUNDING.0 - ROUNDING.1 * self.size } else { self.value }
    }
}
