//! One home under two backends: what each claims must not contradict the other.

use offpeak_audit::audit_costed;
use offpeak_baseline::uncontrolled;
use offpeak_domain::{Certificate, Costed, GapTolerance, Home};
use offpeak_solver::{Backend, Decomposition, Highs, HomePlan, Options, Proposal, SolveError, plan_with};

/// Money agrees within this share and amount: the tolerances of both backends on powers, at steep penalties.
const RELATIVE: f64 = 1e-6;
const ABSOLUTE: f64 = 1e-3;

/// What came of some homes.
#[derive(Default)]
pub(crate) struct Tally {
    homes: usize,
    /// Homes for which the decomposition found a schedule.
    found: usize,
    /// Homes whose gap it closed by itself.
    closed: usize,
    /// Homes whose schedule is within the gap of what HiGHS, or itself, proves.
    near: usize,
    /// What contradicts what.
    faults: Vec<String>,
}

impl Tally {
    /// Judges one home more.
    pub(crate) fn judge(&mut self, home: &Home) {
        let options = Options { node_limit: 1, ..Options::default() };
        let proposal = propose(home, &options);
        let own = Costed::of(home, proposal.setpoints.clone());
        let planned = plan_with(&Decomposition, home, &options);
        let exact = plan_with(&StartedFrom(&own), home, &options);
        self.homes += 1;
        self.found += usize::from(proposal.found);
        if let (Ok(planned), Ok(exact)) = (&planned, &exact) {
            self.count(planned, &exact.plan.certificate);
        }
        let faults = contradictions(home, &proposal, planned.as_ref(), exact.as_ref());
        self.faults.extend(faults.into_iter().map(|fault| format!("{}: {fault}", home.id)));
    }

    fn count(&mut self, planned: &HomePlan, exact: &Certificate) {
        let (own, tolerance) = (&planned.plan.certificate, GapTolerance::default());
        let best = Certificate { bound: own.bound.max(exact.bound), ..own.clone() };
        self.closed += usize::from(own.is_closed(tolerance));
        self.near += usize::from(best.is_closed(tolerance));
    }

    /// Adds what came of other homes.
    pub(crate) fn add(&mut self, other: Self) {
        self.homes += other.homes;
        self.found += other.found;
        self.closed += other.closed;
        self.near += other.near;
        self.faults.extend(other.faults);
    }

    /// One line about the homes called `name`.
    #[expect(clippy::print_stdout, reason = "the share closed is worth knowing where the test passes")]
    pub(crate) fn print(&self, name: &str) {
        let Self { homes, found, closed, near, .. } = self;
        println!(
            "{name:>24}: {homes} homes, {found} with a schedule, {closed} closed, {near} near the optimum"
        );
    }

    /// Nothing contradicts anything.
    pub(crate) fn assert_no_fault(&self) {
        let faults = &self.faults;
        assert!(faults.is_empty(), "{} faults in {} homes:\n{}", faults.len(), self.homes, faults.join("\n"));
    }

    /// The share of homes that the decomposition closes is at least `least`.
    pub(crate) fn assert_closed(&self, least: f64) {
        let share = self.closed as f64 / self.homes as f64;
        assert!(share >= least, "{} of {} homes closed, less than {least}", self.closed, self.homes);
    }
}

/// HiGHS, started from this schedule instead of the baseline.
struct StartedFrom<'a>(&'a Costed);

impl Backend for StartedFrom<'_> {
    fn name(&self) -> &'static str {
        "highs"
    }

    fn solve(&self, home: &Home, _baseline: &Costed, options: &Options) -> Result<Proposal, SolveError> {
        Highs::default().solve(home, self.0, options)
    }
}

/// What the decomposition itself proposes for `home`.
pub(crate) fn propose(home: &Home, options: &Options) -> Proposal {
    let baseline = Costed::of(home, uncontrolled(home));
    Decomposition.solve(home, &baseline, options).unwrap_or_else(|error| panic!("{}: {error}", home.id))
}

/// How far two amounts of money may be apart by rounding, in ct.
pub(crate) fn rounding(money: f64) -> f64 {
    ABSOLUTE + RELATIVE * money.abs()
}

/// Everything in which the decomposition and HiGHS cannot both be right, or either is wrong by itself.
fn contradictions(
    home: &Home,
    proposal: &Proposal,
    planned: Result<&HomePlan, &SolveError>,
    exact: Result<&HomePlan, &SolveError>,
) -> Vec<String> {
    let mut faults = faults_of_proposal(home, proposal);
    faults.extend(planned.err().map(|error| format!("no plan: {error}")));
    match exact {
        Ok(exact) => {
            let exact = &exact.plan.certificate;
            let bound = proposal.bound.0;
            if bound > exact.objective.0 + rounding(exact.objective.0) {
                faults.push(format!("its bound {bound} lies above a schedule of HiGHS: {exact:?}"));
            }
            let objective = planned.map_or(f64::INFINITY, |planned| planned.plan.certificate.objective.0);
            if exact.bound.0 > objective + rounding(objective) {
                faults.push(format!("its objective {objective} lies below the bound of HiGHS: {exact:?}"));
            }
        }
        Err(error) => faults.push(format!("no plan by HiGHS: {error}")),
    }
    faults
}

/// Broken rules and impossible numbers of what the decomposition proposes.
fn faults_of_proposal(home: &Home, proposal: &Proposal) -> Vec<String> {
    let own = Costed::of(home, proposal.setpoints.clone());
    let (bound, objective) = (proposal.bound.0, own.money.objective().0);
    let violations = audit_costed(home, &own);
    let mut faults = Vec::new();
    if let (true, Some(first)) = (proposal.found, violations.first()) {
        faults.push(format!("its schedule breaks {} rules: {first}", violations.len()));
    } else if !bound.is_finite() || !objective.is_finite() {
        faults.push(format!("bound {bound}, objective {objective}"));
    } else if proposal.found && bound > objective + 1e-6 {
        faults.push(format!("its bound {bound} lies above its own schedule, {objective}"));
    }
    faults
}
