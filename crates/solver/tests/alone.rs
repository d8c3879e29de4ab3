//! The engine in any build, with HiGHS or without: a home is planned by the decomposition, and the certificate says so.

use offpeak_domain::Home;
use offpeak_solver::{Effort, Options, plan_home};
use offpeak_testhomes::full;

fn home() -> Home {
    Home::new(full::spec(full::day())).expect("a home of a test is possible")
}

#[test]
fn a_home_with_all_devices_is_planned_without_highs() {
    for effort in [Effort::Quick, Effort::Standard] {
        let planned = plan_home(&home(), &Options { effort, ..Options::default() }).expect("a plan");
        let certificate = &planned.plan.certificate;
        assert_eq!(certificate.backend, "decomposition");
        assert!(certificate.bound <= certificate.objective && certificate.proof.is_some());
        assert!(certificate.objective <= planned.baseline.money.objective());
    }
}

#[cfg(not(feature = "highs"))]
#[test]
fn a_proof_without_highs_ends_with_what_the_decomposition_has() {
    let options = Options { effort: Effort::Proof, ..Options::default() };
    let planned = plan_home(&home(), &options).expect("a plan");
    assert_eq!(planned.plan.certificate.backend, "decomposition");
}
