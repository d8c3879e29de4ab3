//! The one way from a home in a test to its plan.

use offpeak_audit::{audit_costed, audit_plan};
use offpeak_domain::{Cents, GapTolerance, Home, HomeSpec};
use offpeak_solver::{Effort, HomePlan, Options, plan_home};

/// Money compares with this tolerance: far below a cent, far above rounding.
const MONEY: f64 = 1e-3;

/// Options under which a plan is optimal but for rounding.
pub fn exact() -> Options {
    Options {
        tolerance: GapTolerance { relative: 0.0, absolute: Cents(1e-4) },
        node_limit: 1_000_000,
        effort: Effort::Proof,
    }
}

/// Plans `home` with the default options and checks the plan.
///
/// # Panics
/// If the home is impossible, there is no plan, or the plan is not sound.
pub fn check(home: HomeSpec) -> HomePlan {
    check_with(home, &Options { effort: Effort::Proof, ..Options::default() })
}

/// Plans `home` to the optimum and checks the plan.
///
/// # Panics
/// If the home is impossible, there is no plan, or the plan is not sound.
pub fn check_exactly(home: HomeSpec) -> HomePlan {
    check_with(home, &exact())
}

fn check_with(home: HomeSpec, options: &Options) -> HomePlan {
    let home = Home::new(home).expect("a home of a test is possible");
    let planned = plan_home(&home, options).unwrap_or_else(|error| panic!("no plan: {error}\n{home:?}"));
    assert_sound(&home, &planned, options);
    assert_closed(&home, &planned, options);
    planned
}

/// The search went on until the gap asked for was proven.
///
/// # Panics
/// If it did not.
pub fn assert_closed(home: &Home, planned: &HomePlan, options: &Options) {
    let certificate = &planned.plan.certificate;
    assert!(certificate.is_closed(options.tolerance), "open: {certificate:?}\n{home:?}");
}

/// What holds for every plan of every home: it passes the audit, its bound is not above its objective, and it costs no
/// more than a home left alone, where that home breaks no rule.
///
/// # Panics
/// If one of these does not hold.
pub fn assert_sound(home: &Home, planned: &HomePlan, options: &Options) {
    let violations = audit_plan(home, &planned.plan);
    assert!(violations.is_empty(), "the plan fails the audit: {violations:?}\n{home:?}\n{:#?}", planned.plan);

    let certificate = &planned.plan.certificate;
    assert!(certificate.bound.0 <= certificate.objective.0 + 1e-6, "{certificate:?}\n{home:?}");

    assert_eq!(planned.baseline_violations, audit_costed(home, &planned.baseline));
    if planned.baseline_violations.is_empty() {
        let uncontrolled = planned.baseline.money.objective();
        let allowed = options.tolerance.allowed(certificate.objective);
        assert!(
            certificate.objective <= uncontrolled + allowed,
            "left alone the home costs {uncontrolled}, planned {}\n{home:?}",
            certificate.objective
        );
        assert!(
            certificate.bound.0 <= uncontrolled.0 + 1e-6,
            "bound above a schedule: {certificate:?}\n{home:?}"
        );
    }
}

/// The plan's objective is `expected` ct.
///
/// # Panics
/// If it is not.
pub fn assert_cost(planned: &HomePlan, expected: f64) {
    let objective = planned.plan.certificate.objective.0;
    let money = &planned.plan.costed.money;
    assert!((objective - expected).abs() < MONEY, "costs {objective} ct instead of {expected} ct: {money:?}");
}
