//! The baseline of any home passes the audit.

use offpeak_audit::audit_costed;
use offpeak_baseline::uncontrolled;
use offpeak_domain::Costed;

use crate::random_home::home;

#[test]
fn the_baseline_of_every_random_home_audits_clean() {
    for seed in 0..600 {
        let home = home(seed);
        let baseline = Costed::of(&home, uncontrolled(&home));
        let violations = audit_costed(&home, &baseline);
        let lines: Vec<String> = violations.iter().take(5).map(ToString::to_string).collect();
        assert!(lines.is_empty(), "{} violations:\n{}", violations.len(), lines.join("\n"));
    }
}

#[test]
fn the_baseline_is_the_same_every_time() {
    let home = home(7);
    assert_eq!(uncontrolled(&home), uncontrolled(&home));
}
