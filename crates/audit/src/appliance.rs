//! Appliances: a whole run of the profile within the window, or nothing.

use offpeak_domain::{Appliance, Home, Kilowatts, Schedule};

use crate::findings::{About, Findings, TOLERANCE};
use crate::rule;
use crate::violation::number;

/// Every rule of every appliance.
pub(crate) fn audit(home: &Home, schedule: &Schedule, findings: &mut Findings) {
    for (appliance, power) in home.appliances.iter().zip(&schedule.setpoints.appliances) {
        let mut about = findings.about(&appliance.id);
        window(appliance, power, &mut about);
        if is_off(power) {
            continue;
        }
        if appliance.interruptible {
            parts_in_order(appliance, power, &mut about);
        } else {
            one_piece(appliance, power, &mut about);
        }
    }
}

/// Whether it draws nothing at all: a run that is skipped, which is allowed and costs a penalty.
pub(crate) fn is_off(power: &[Kilowatts]) -> bool {
    power.iter().all(|power| power.0.abs() <= TOLERANCE)
}

/// One past the last interval in which it may run.
fn window_end(appliance: &Appliance) -> usize {
    appliance.latest_start + appliance.profile.len()
}

/// Power 0 outside `earliest_start..latest_start + L`
fn window(appliance: &Appliance, power: &[Kilowatts], about: &mut About) {
    for (t, power) in power.iter().enumerate() {
        if t < appliance.earliest_start || t >= window_end(appliance) {
            about.equal(rule::APPLIANCE_WINDOW, t, 0.0, power.0);
        }
    }
}

/// `power[start + i] = profile[i]` for one start in the window, 0 elsewhere; judged by the start that fits best.
fn one_piece(appliance: &Appliance, power: &[Kilowatts], about: &mut About) {
    let expected = |start: usize, t: usize| {
        let part = t.checked_sub(start).and_then(|part| appliance.profile.get(part));
        part.map_or(0.0, |part| part.0)
    };
    let window = appliance.earliest_start..window_end(appliance);
    let misfit = |start: usize| window.clone().map(|t| (power[t].0 - expected(start, t)).abs()).sum::<f64>();
    let starts = appliance.earliest_start..=appliance.latest_start;
    if let Some(start) = starts.min_by(|a, b| misfit(*a).total_cmp(&misfit(*b))) {
        for t in window.clone() {
            about.equal(rule::APPLIANCE_RUN, t, expected(start, t), power[t].0);
        }
    }
}

/// Every part of the profile once and in order, with pauses between them.
fn parts_in_order(appliance: &Appliance, power: &[Kilowatts], about: &mut About) {
    let mut parts = appliance.profile.iter().map(|part| part.0).peekable();
    let window = appliance.earliest_start..window_end(appliance);
    for (t, found) in window.clone().zip(&power[window]) {
        let found = found.0;
        let next = parts.peek().copied().unwrap_or(0.0);
        if (found - next).abs() <= TOLERANCE {
            // A part of 0 takes the first interval of 0 it can: no later one would serve better.
            parts.next();
        } else if found.abs() > TOLERANCE {
            let detail = format!("expected 0 or {}, found {}", number(next), number(found));
            about.report(rule::APPLIANCE_RUN, Some(t), found.abs().min((found - next).abs()), detail);
            return;
        }
    }
    let missing: Vec<f64> = parts.collect();
    if !missing.is_empty() {
        let parts = appliance.profile.len();
        let detail = format!("expected {parts} parts, found {}", parts - missing.len());
        let largest = missing.into_iter().fold(0.0, f64::max);
        about.report(rule::APPLIANCE_RUN, None, largest, detail);
    }
}
