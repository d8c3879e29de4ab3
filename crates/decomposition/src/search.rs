//! The search for a schedule and a bound that meet: cheap steps first, stop as soon as the gap is closed.

mod ascend;
mod construct;
mod generate;
mod improve;
mod prefer;
mod split;
mod tree;
mod tried;
mod warm;
mod work;

use offpeak_domain::{GapTolerance, Home, Proof, WarmStart};

use crate::Effort;
use crate::allowed::Allowed;
use crate::bound::Evaluator;
use crate::incumbent::Incumbent;
use crate::lp::{Settings, Status};
use crate::master::{Column, Master};
use crate::model::Model;
use crate::oracle::{Lean, Placement, cheapest};
use crate::prices::Prices;
use crate::proof::leaf;
use crate::relaxation::Relaxation;
use tree::Case;
use tried::Tried;

/// Relative accuracy of a linear program that only proposes prices.
const PROPOSAL_GAP: f64 = 1e-6;
/// Largest violation of a row of such a program, in kW or kWh.
const PROPOSAL_VIOLATION: f64 = 1e-7;
/// Share of the gap allowed that a further schedule must save to be worth finding.
const WORTH_HAVING: f64 = 0.01;

/// Cost of a kW of distance from the relaxation's powers, ct per interval, in the schedules constructed one after the other.
const WEIGHTS: [f64; 3] = [0.0, 1.0, 4.0];
/// How many times the gap allowed an earlier plan may leave open to be worth improving instead of constructing anew.
const NEAR: f64 = 5.0;

/// One home's search.
pub(crate) struct Search<'a> {
    home: &'a Home,
    model: Model,
    relaxation: Relaxation,
    evaluator: Evaluator,
    prices: Prices,
    /// Prices of the best bound.
    best_prices: Prices,
    lean: Lean,
    all: Allowed,
    /// kW drawn by appliances where they are placed now, per interval.
    load: Vec<f64>,
    placements: Vec<Placement>,
    tolerance: GapTolerance,
    tried: Tried,
    /// Ways of stores in the schedules constructed, for the master.
    seen: Vec<Column>,
    /// Cases that hold every schedule between them, and prove more than the best prices of the whole; empty for none.
    cases: Vec<Case>,
    pub(crate) best: Option<Incumbent>,
    pub(crate) bound: f64,
    /// Interior-point iterations so far.
    pub(crate) iterations: usize,
}

impl<'a> Search<'a> {
    pub(crate) fn new(home: &'a Home, tolerance: GapTolerance) -> Self {
        let model = Model::of(home);
        let relaxation = Relaxation::of(&model, |_| true);
        let (prices, all) = (Prices::zero(&model), Allowed::all(&model));
        let load = vec![0.0; model.intervals];
        Self {
            home,
            relaxation,
            evaluator: Evaluator::default(),
            prices,
            best_prices: Prices::zero(&model),
            lean: Lean::default(),
            all,
            load,
            placements: Vec::new(),
            tolerance,
            tried: Tried::default(),
            seen: Vec::new(),
            cases: Vec::new(),
            best: None,
            bound: f64::NEG_INFINITY,
            iterations: 0,
            model,
        }
    }

    /// Runs the ladder, from an earlier plan if there is one.
    pub(crate) fn run(&mut self, effort: Effort, start: Option<&WarmStart>) {
        self.climb(effort, start);
        self.prefer();
    }

    fn climb(&mut self, effort: Effort, start: Option<&WarmStart>) {
        let slopes = self.model.grid.import_slope.clone();
        self.place_runs(|_| &slopes);
        let all = self.all.clone();
        self.propose(&all);
        if !self.model.runs.is_empty() {
            self.place_runs_at_prices();
            self.propose(&all);
        }
        let pivot = self.pivot();
        let mut prices = self.prices.clone();
        self.raise_bound(&mut prices, pivot);
        self.lean_on_relaxation();
        if let Some(start) = start {
            self.repeat(start);
            if !self.closed() {
                self.reuse_multipliers(start);
            }
        }
        if !self.is_within(NEAR) {
            self.construct_all(start.is_none());
        }
        if !self.closed() {
            self.improve();
        }
        if self.goes_on(effort) {
            let mut master = Master::of(&self.model);
            self.generate(&mut master, effort);
            if self.goes_on(effort) && self.model.has_meter_rules() {
                self.ascend_whole();
            }
            self.branch(&mut master, effort);
        }
    }

    /// Constructs schedules from the relaxation until the gap is closed; the first from the bound `at_hand`, if it is.
    fn construct_all(&mut self, at_hand: bool) {
        let all = self.all.clone();
        if at_hand {
            self.construct_from_bound();
        }
        let weights = if at_hand { &WEIGHTS[1..] } else { &WEIGHTS[..] };
        for weight in weights {
            if self.closed() {
                return;
            }
            self.propose(&all);
            self.lean_on_relaxation();
            self.construct(*weight);
        }
    }

    /// Followers lean to the powers of the last relaxation from now on.
    fn lean_on_relaxation(&mut self) {
        self.lean.powers.clear();
        for port in 0..self.model.ports.len() {
            let at = self.lean.powers.len();
            self.lean.powers.extend_from_slice(self.relaxation.power(port));
            self.lean.powers.resize(at + self.model.intervals, 0.0);
        }
    }

    /// What proves the bound.
    pub(crate) fn proof(&self) -> Proof {
        if self.cases.is_empty() {
            let leaf = leaf(self.home, &self.model, (&self.all, &self.best_prices), self.pivot(), self.bound);
            return Proof { leaves: vec![leaf] };
        }
        let claim = |case: &Case| case.bound.min(self.best.as_ref().map_or(self.bound, Incumbent::objective));
        let leaf = |case: &Case| {
            leaf(self.home, &self.model, (&case.allowed, &case.prices), self.pivot(), claim(case))
        };
        Proof { leaves: self.cases.iter().map(leaf).collect() }
    }

    /// Whether schedule and bound meet.
    pub(crate) fn closed(&self) -> bool {
        self.is_within(0.999)
    }

    /// Whether the gap is at most so many times what is allowed.
    fn is_within(&self, times: f64) -> bool {
        self.best.as_ref().is_some_and(|best| {
            let objective = best.costed.money.objective();
            objective.0 - self.bound <= self.tolerance.allowed(objective).0 * times
        })
    }

    /// The store whose power has no price in the bound: a compressor, or else the largest that has a least power.
    fn pivot(&self) -> Option<usize> {
        let weight = |store: &usize| {
            let device = &self.model.stores[*store];
            let least = device
                .ports()
                .map(|port| self.model.ports[port].least.iter().fold(0.0, |a: f64, b| a.max(*b)));
            let automaton = if device.automaton.states > 1 { 1e6 } else { 0.0 };
            automaton + least.fold(0.0, f64::max)
        };
        let stores = (0..self.model.stores.len()).filter(|store| self.model.served_by(*store).is_none());
        stores.max_by(|a, b| weight(a).total_cmp(&weight(b)).then(b.cmp(a)))
    }

    fn raise_bound(&mut self, prices: &mut Prices, pivot: Option<usize>) {
        let bound = self.evaluator.bound(&self.model, prices, &self.all, pivot);
        if bound > self.bound {
            self.bound = bound;
            self.best_prices = prices.clone();
        }
    }

    /// Solves the relaxation and takes its prices; false if it has no solution, or none that could be better than the best
    /// schedule.
    fn propose(&mut self, allowed: &Allowed) -> bool {
        let proposal = Settings { gap: PROPOSAL_GAP, feasibility: PROPOSAL_VIOLATION, ..Settings::default() };
        let solved = self.relax(allowed, proposal).is_some();
        if solved {
            self.relaxation.write_prices(&self.model, &mut self.prices);
        }
        solved
    }

    /// Solves the relaxation; its objective, unless it has no solution, or none that could be better than the best schedule.
    fn relax(&mut self, allowed: &Allowed, settings: Settings) -> Option<f64> {
        let cutoff = self.cutoff();
        let outcome =
            self.relaxation.solve(&self.model, allowed, &self.load, &Settings { cutoff, ..settings });
        self.iterations += outcome.iterations;
        matches!(outcome.status, Status::Optimal | Status::Stalled).then_some(outcome.objective)
    }

    /// Objective of a relaxation above which no schedule of it is worth having.
    fn cutoff(&self) -> f64 {
        let Some(best) = &self.best else { return f64::INFINITY };
        let gain = WORTH_HAVING * self.tolerance.allowed(best.costed.money.objective()).0;
        best.objective() - gain - self.skipped() - self.tried.constant
    }

    /// Penalty for the appliances that do not run where they are placed now, ct.
    fn skipped(&self) -> f64 {
        let placed = self.model.runs.iter().zip(&self.placements);
        placed.filter(|(_, placement)| placement.is_empty()).map(|(run, _)| run.skip_penalty).sum()
    }

    /// Places every appliance where it is cheapest at the prices at hand, and counts its power as load.
    fn place_runs_at_prices(&mut self) {
        let prices = self.prices.clone();
        self.place_runs(|port| prices.port(port));
    }

    /// Places every appliance where it is cheapest at `price(port)`, and counts its power as load.
    fn place_runs<'p>(&mut self, price: impl Fn(usize) -> &'p [f64]) {
        self.placements.resize_with(self.model.runs.len(), Placement::default);
        for (run, placement) in self.model.runs.iter().zip(&mut self.placements) {
            cheapest(run, price(run.port), placement);
        }
        self.count_runs();
    }

    /// Takes these placements, and counts their power as load.
    fn take_placements(&mut self, placements: &[Placement]) {
        self.placements.clear();
        self.placements.extend_from_slice(placements);
        self.count_runs();
    }

    fn count_runs(&mut self) {
        self.load.fill(0.0);
        for (run, placement) in self.model.runs.iter().zip(&self.placements) {
            placement.iter().zip(&run.profile).for_each(|(t, power)| self.load[*t] += power);
        }
    }

    /// Keeps `found` if it is the best so far; says whether it is.
    fn offer(&mut self, found: Option<Incumbent>) -> bool {
        let Some(found) = found else { return false };
        let better = self.best.as_ref().is_none_or(|best| found.objective() < best.objective());
        if better {
            self.best = Some(found);
        }
        better
    }
}
