//! A shiftable appliance: one run of a fixed profile, in one piece or with pauses.

use good_lp::{Expression, Variable, constraint};
use offpeak_domain::{Appliance, Kilowatts, RUNNING};

use super::Part;
use super::model::{Model, Values};

/// The binaries of a run.
pub(crate) enum ApplianceVariables {
    /// `(interval, binary)`: the whole run starts there.
    Unbroken(Vec<(usize, Variable)>),
    /// Per part of the profile, `(interval, binary)`: the part runs there.
    Interruptible(Vec<Vec<(usize, Variable)>>),
}

pub(super) fn add_to(model: &mut Model, part: &Part, index: usize) -> ApplianceVariables {
    let appliance = &part.home.appliances[index];
    let started = &part.schedule.setpoints.appliances[index];
    let skipped = started.iter().all(|power| *power <= RUNNING);
    let skip = model.continuous(0.0, 1.0, f64::from(u8::from(skipped)));
    model.cost(skip, appliance.skip_penalty.0);
    if appliance.interruptible {
        return add_interruptible(model, appliance, started, skip);
    }
    let start = first_running(started);
    let runs: Vec<(usize, Variable)> = (appliance.earliest_start..=appliance.latest_start)
        .map(|t| (t, model.binary(!skipped && start == Some(t))))
        .collect();
    for (t, binary) in &runs {
        for (k, power) in appliance.profile.iter().enumerate() {
            model.power[t + k].add_mul(power.0, *binary);
        }
    }
    require_once(model, &runs, skip);
    ApplianceVariables::Unbroken(runs)
}

/// `sum of starts + skip = 1`
fn require_once(model: &mut Model, runs: &[(usize, Variable)], skip: Variable) {
    let starts: Expression = runs.iter().map(|(_, binary)| *binary).sum();
    model.require(constraint!(starts + skip == 1.0));
}

/// Part `k` runs in one interval at the earliest `k` after the earliest start, and after part `k - 1`.
fn add_interruptible(
    model: &mut Model,
    appliance: &Appliance,
    started: &[Kilowatts],
    skip: Variable,
) -> ApplianceVariables {
    let running: Vec<usize> = (0..started.len()).filter(|t| started[*t] > RUNNING).collect();
    let parts: Vec<Vec<(usize, Variable)>> = (0..appliance.profile.len())
        .map(|k| {
            (appliance.earliest_start + k..=appliance.latest_start + k)
                .map(|t| (t, model.binary(running.get(k) == Some(&t))))
                .collect()
        })
        .collect();
    for (part, power) in parts.iter().zip(&appliance.profile) {
        require_once(model, part, skip);
        for (t, binary) in part {
            model.power[*t].add_mul(power.0, *binary);
        }
    }
    for pair in parts.windows(2) {
        require_order(model, &pair[0], &pair[1]);
    }
    ApplianceVariables::Interruptible(parts)
}

/// `sum of later[s], s <= t + 1  <=  sum of earlier[s], s <= t`: the later part runs only after the earlier one
fn require_order(model: &mut Model, earlier: &[(usize, Variable)], later: &[(usize, Variable)]) {
    let mut behind = Expression::default();
    for ((_, before), (_, after)) in earlier.iter().zip(later) {
        behind.add_mul(1.0, *after);
        behind.add_mul(-1.0, *before);
        model.require(constraint!(behind.clone() <= 0.0));
    }
}

fn first_running(power: &[Kilowatts]) -> Option<usize> {
    power.iter().position(|power| *power > RUNNING)
}

/// Writes the power of the run into `power`, which holds zeros.
pub(super) fn read(
    appliance: &Appliance,
    variables: &ApplianceVariables,
    values: &Values,
    power: &mut [Kilowatts],
) {
    match variables {
        ApplianceVariables::Unbroken(runs) => {
            for (t, _) in runs.iter().filter(|(_, binary)| values.is_on(*binary)) {
                power[*t..t + appliance.profile.len()].copy_from_slice(&appliance.profile);
            }
        }
        ApplianceVariables::Interruptible(parts) => {
            for (part, value) in parts.iter().zip(&appliance.profile) {
                for (t, _) in part.iter().filter(|(_, binary)| values.is_on(*binary)) {
                    power[*t] = *value;
                }
            }
        }
    }
}
