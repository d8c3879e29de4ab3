//! A search that is given an earlier plan: quicker from a good one, and as valid from any.

use offpeak_domain::{Cents, Costed, GapTolerance, Home, Kilowatts, Setpoints, WarmStart};

use super::{Lcg, home, schedules};
use crate::{Effort, Found, solve};

fn objective(home: &Home, found: &Found) -> f64 {
    let setpoints = found.setpoints.clone().expect("a schedule");
    let costed = Costed::of(home, setpoints);
    let violations = offpeak_audit::audit_costed(home, &costed);
    assert!(violations.is_empty(), "{violations:?}");
    costed.money.objective().0
}

fn from(home: &Home, setpoints: &Setpoints, found: Option<&Found>) -> Found {
    let multipliers = found.map(|found| found.proof.leaves[0].multipliers.clone());
    let start = WarmStart { setpoints: setpoints.clone(), multipliers };
    solve(home, Some(&start), GapTolerance::default(), Effort::Standard)
}

/// Steps and cases lead elsewhere from another start, so what one closes by them the other may leave open: seldom, and never with a
/// schedule that costs more.
#[test]
fn from_its_own_schedule_it_closes_nearly_all_again_in_fewer_iterations() {
    let (mut closed, mut left_open) = (0, 0);
    let (mut cold_iterations, mut warm_iterations) = (0, 0);
    for seed in 0..30 {
        let home = home(seed);
        let cold = solve(&home, None, GapTolerance::default(), Effort::Standard);
        let Some(setpoints) = &cold.setpoints else { continue };
        let warm = from(&home, setpoints, Some(&cold));
        let (before, after) = (objective(&home, &cold), objective(&home, &warm));
        let allowed = GapTolerance::default().allowed(Cents(before)).0;
        assert!(after <= before + allowed, "{seed}: {after} ct after {before} ct");
        assert!(warm.bound <= before, "{seed}: a bound of {} above a schedule of {before}", warm.bound);
        if cold.closed {
            closed += 1;
            left_open += usize::from(!warm.closed);
        }
        if cold.closed && warm.closed {
            cold_iterations += cold.iterations;
            warm_iterations += warm.iterations;
        }
    }
    assert!(left_open * 10 <= closed, "{left_open} of {closed} are left open");
    assert!(
        warm_iterations < cold_iterations * 7 / 10,
        "{warm_iterations} iterations from a plan, {cold_iterations} from nothing"
    );
}

#[test]
fn an_earlier_plan_that_is_impossible_now_costs_no_validity() {
    let mut rng = Lcg(5);
    for seed in 0..20 {
        let home = home(seed);
        let best =
            schedules(&home, seed, 100).iter().map(|one| one.money.objective().0).fold(f64::MAX, f64::min);
        let mut wild = Setpoints::idle(&home);
        for power in wild.batteries.iter_mut().chain(&mut wild.evs) {
            power.charge.iter_mut().for_each(|kw| *kw = Kilowatts(rng.between(0.0, 20.0)));
        }
        for power in &mut wild.heat_pumps {
            power.rooms.iter_mut().for_each(|kw| *kw = Kilowatts(if rng.one_in(2.0) { 3.0 } else { 0.0 }));
        }
        wild.appliances.iter_mut().for_each(|kw| kw[0] = Kilowatts(9.0));
        for setpoints in [wild, Setpoints::default()] {
            let found = from(&home, &setpoints, None);
            assert!(found.bound <= best + 1e-6, "{seed}: bound {} above {best}", found.bound);
            if found.setpoints.is_some() {
                assert!(objective(&home, &found) >= found.bound - 1e-6, "{seed}");
            }
        }
    }
}
