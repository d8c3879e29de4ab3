//! A shiftable appliance: a binary per start, or per part and interval where it may pause.

use good_lp::{Expression, Variable, constraint};
use offpeak_domain::Appliance;

use super::program::Program;

pub(super) fn add(program: &mut Program, appliance: &Appliance) {
    let skipped = program.binary();
    program.pay(appliance.skip_penalty.0, skipped);
    if appliance.interruptible {
        add_parts(program, appliance, skipped);
    } else {
        add_run(program, appliance, skipped);
    }
}

/// One start, or none where the run is skipped.
fn add_run(program: &mut Program, appliance: &Appliance, skipped: Variable) {
    let mut runs = Expression::from(skipped);
    for t in appliance.earliest_start..=appliance.latest_start {
        let starts = program.binary();
        runs += starts;
        for (k, power) in appliance.profile.iter().enumerate() {
            program.power[t + k].add_mul(power.0, starts);
        }
    }
    program.require(constraint!(runs == 1.0));
}

/// Every part in one interval, at least one later than the part before; the times are sums of binaries times `t`.
fn add_parts(program: &mut Program, appliance: &Appliance, skipped: Variable) {
    let mut time_before = None;
    for (k, power) in appliance.profile.iter().enumerate() {
        let mut runs = Expression::from(skipped);
        let mut time = Expression::default();
        for t in appliance.earliest_start + k..=appliance.latest_start + k {
            let now = program.binary();
            runs += now;
            time.add_mul(t as f64, now);
            program.power[t].add_mul(power.0, now);
        }
        program.require(constraint!(runs == 1.0));
        if let Some(before) = time_before {
            // Skipped, both times are 0.
            program.require(constraint!(time.clone() >= before + 1.0 - skipped));
        }
        time_before = Some(time);
    }
}
