//! The compressor's on and off: one sink at a time, least run and pause, most starts.

use offpeak_domain::{HeatPump, HeatPumpPower};

use crate::findings::{About, TOLERANCE};
use crate::rule;

/// Every rule about when the compressor of `pump` runs.
pub(crate) fn audit(pump: &HeatPump, power: &HeatPumpPower, about: &mut About) {
    for (t, (rooms, water)) in power.rooms.iter().zip(&power.hot_water).enumerate() {
        about.never_both(rule::ONE_SINK, t, ["rooms", "hot water"], [rooms.0, water.0]);
    }
    runs_and_pauses(pump, power, about);
    start_caps(pump, power, about);
}

/// Whether the compressor runs in interval `t`.
fn runs(power: &HeatPumpPower, t: usize) -> bool {
    power.rooms[t].0 + power.hot_water[t].0 > TOLERANCE
}

/// No run shorter than `min_run`, no pause shorter than `min_pause`, counting the state before; the horizon's end may cut both.
fn runs_and_pauses(pump: &HeatPump, power: &HeatPumpPower, about: &mut About) {
    let mut running = pump.before.running;
    let mut lasted = pump.before.intervals;
    for t in 0..power.rooms.len() {
        if runs(power, t) == running {
            lasted = lasted.saturating_add(1);
            continue;
        }
        let (least, rule, what) = if running {
            (pump.min_run, rule::MIN_RUN, "stopped after a run")
        } else {
            (pump.min_pause, rule::MIN_PAUSE, "started after a pause")
        };
        if lasted < least {
            let detail = format!("{what} of {lasted}, expected at least {least}");
            about.report(rule, Some(t), (least - lasted) as f64, detail);
        }
        running = !running;
        lasted = 1;
    }
}

/// The intervals in which it starts.
pub(crate) fn starts(pump: &HeatPump, power: &HeatPumpPower) -> Vec<usize> {
    let ran_before = |t: usize| if t == 0 { pump.before.running } else { runs(power, t - 1) };
    (0..power.rooms.len()).filter(|t| runs(power, *t) && !ran_before(*t)).collect()
}

/// At most so many starts within the intervals of each cap; the start too many is named.
fn start_caps(pump: &HeatPump, power: &HeatPumpPower, about: &mut About) {
    for cap in &pump.start_caps {
        let within: Vec<usize> =
            starts(pump, power).into_iter().filter(|t| cap.intervals.contains(t)).collect();
        if let Some(too_many) = within.get(cap.most) {
            let detail = format!(
                "expected at most {} in intervals {}..{}, found {}",
                cap.most,
                cap.intervals.start,
                cap.intervals.end,
                within.len()
            );
            about.report(rule::START_CAP, Some(*too_many), (within.len() - cap.most) as f64, detail);
        }
    }
}
