//! What is told about a home beside its schedule: cost, shortfalls, savings, certificate.

use offpeak_domain::{
    Cents, Certificate, Costed, GapTolerance, Home, KilowattHours, Kilowatts, Money, Plan, Savings, Schedule,
    Shortfalls,
};

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Whose row it is.
    pub home_id: String,
    /// What came of the home.
    pub outcome: Outcome,
}

/// What came of a home.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was planned.
    Planned(Box<PlannedSummary>),
    /// It was not.
    Failed {
        /// Why not.
        reason: String,
    },
}

/// What a row says about a home that was planned.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedSummary {
    /// Whether the gap was within the tolerance of the run.
    pub closed: bool,
    /// The plan's certificate.
    pub certificate: Certificate,
    /// The parts of the plan's objective.
    pub money: Money,
    /// What the plan misses.
    pub shortfalls: Shortfalls,
    /// What supplier and grid operator would charge in the baseline.
    pub baseline_bill: Cents,
    /// Objective of the baseline.
    pub baseline_objective: Cents,
    /// Whether the baseline kept every rule, so that the savings compare like with like.
    pub baseline_clean: bool,
    /// The plan against the baseline.
    pub savings: Savings,
    /// Energy taken from the grid.
    pub imported: KilowattHours,
    /// Energy fed in.
    pub exported: KilowattHours,
    /// How many violations the auditor found when the plan was made.
    pub audit_violations: usize,
}

/// A planned home, as its planner hands it over.
#[derive(Debug, Clone, Copy)]
pub struct PlannedHome<'a> {
    /// The home.
    pub home: &'a Home,
    /// Its plan.
    pub plan: &'a Plan,
    /// What it would do without a plan; only its cost is written.
    pub baseline: &'a Costed,
    /// The plan against the baseline.
    pub savings: &'a Savings,
    /// Whether the baseline keeps every rule.
    pub baseline_clean: bool,
    /// How many violations the auditor finds in the plan.
    pub audit_violations: usize,
}

impl PlannedSummary {
    pub(crate) fn of(planned: &PlannedHome<'_>, tolerance: GapTolerance) -> Self {
        let PlannedHome { home, plan, baseline, savings, baseline_clean, audit_violations } = *planned;
        let energy = |powers: &[Kilowatts]| {
            powers.iter().zip(home.horizon.lengths()).map(|(power, length)| *power * length).sum()
        };
        Self {
            closed: plan.certificate.is_closed(tolerance),
            certificate: plan.certificate.clone(),
            money: plan.costed.money,
            shortfalls: plan.costed.shortfalls,
            baseline_bill: baseline.money.bill(),
            baseline_objective: baseline.money.objective(),
            baseline_clean,
            savings: *savings,
            imported: energy(&plan.costed.schedule.import),
            exported: energy(&plan.costed.schedule.export),
            audit_violations,
        }
    }

    /// The plan that this row and `schedule` were written from.
    pub fn plan(&self, home_id: &str, schedule: Schedule) -> Plan {
        Plan {
            home_id: home_id.to_owned(),
            costed: Costed { schedule, money: self.money, shortfalls: self.shortfalls },
            certificate: self.certificate.clone(),
        }
    }

    pub(crate) fn gap_percent(&self) -> Option<f64> {
        let objective = self.certificate.objective.0.abs();
        (objective > 0.0).then(|| self.certificate.gap().0 / objective * 100.0)
    }
}
