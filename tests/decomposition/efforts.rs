//! More effort leaves no wider gap, and certificates say who had a part in them.

use offpeak_domain::{Certificate, GapTolerance, Home};
use offpeak_solver::{Effort, Ladder, Options, plan_with};

use crate::judged::{propose, rounding};
use crate::kinds::{KINDS, make};

/// Options at which HiGHS, where it has a part, goes no further than the root of its search tree.
fn options(effort: Effort) -> Options {
    Options { effort, node_limit: 1, ..Options::default() }
}

/// The plans of a home by rising effort.
fn certificates(home: &Home) -> Result<[Certificate; 3], String> {
    let plan = |effort| plan_with(&Ladder, home, &options(effort));
    let plan = |effort| plan(effort).map(|planned| planned.plan.certificate);
    let plan = |effort| plan(effort).map_err(|error| format!("no plan: {error}"));
    Ok([plan(Effort::Quick)?, plan(Effort::Standard)?, plan(Effort::Proof)?])
}

fn is_closed(certificate: &Certificate) -> bool {
    certificate.is_closed(GapTolerance::default())
}

/// What more effort made worse. Who stops at the gap asked for need not go below it; and where the least effort finds no
/// schedule, HiGHS goes on, and may end nearer to the optimum than the decomposition with more effort.
fn worse([quick, standard, proof]: &[Certificate; 3]) -> Option<String> {
    let slack = rounding(quick.objective.0);
    let narrows =
        |less: &Certificate, more: &Certificate| more.gap().0 <= less.gap().0 + slack || is_closed(more);
    let better = (quick.backend != "decomposition" || narrows(quick, standard))
        && narrows(standard, proof)
        && proof.objective.0 <= standard.objective.0 + slack
        && proof.bound.0 >= standard.bound.0 - slack;
    (!better).then(|| format!("quick {quick:?}, standard {standard:?}, proof {proof:?}"))
}

/// What is wrong with whom the certificates name.
fn misnamed(home: &Home, [quick, standard, proof]: &[Certificate; 3]) -> Option<String> {
    let named = |certificate: &Certificate, effort| {
        let alone = propose(home, &options(effort));
        let goes_on = effort == Effort::Proof && !is_closed(standard);
        let expected = if alone.found && !goes_on { "decomposition" } else { "decomposition, highs" };
        certificate.backend == expected
    };
    let right =
        named(quick, Effort::Quick) && named(standard, Effort::Standard) && named(proof, Effort::Proof);
    let names = [quick, standard, proof].map(|certificate| &certificate.backend);
    (!right).then(|| format!("certificates by {names:?}"))
}

#[test]
fn more_effort_leaves_no_wider_gap_and_certificates_name_who_had_a_part() {
    let (mut faults, mut closed, mut open) = (Vec::new(), 0, 0);
    for home in (0..KINDS.len()).map(|kind| make(kind, 3000)) {
        let found = certificates(&home).map(|certificates| {
            if is_closed(&certificates[1]) {
                closed += 1;
            } else {
                open += 1;
            }
            [worse(&certificates), misnamed(&home, &certificates)]
        });
        let wrong = found.unwrap_or_else(|error| [Some(error), None]).into_iter().flatten();
        faults.extend(wrong.map(|fault| format!("{}: {fault}", home.id)));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(closed > 0 && open > 0, "{closed} closed at once, {open} not: both kinds are wanted here");
}
