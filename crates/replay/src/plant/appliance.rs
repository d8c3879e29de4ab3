//! Runs of appliances: what has begun in one piece goes on, what is late begins.

use offpeak_domain::{Appliance, Kilowatts};

use crate::span::Span;
use crate::state::{Run, State};

/// The appliances that run in the next interval, with the part of their profile.
///
/// A run begins when it is wished for within its window, and without a wish in the last interval from which it can still be
/// completed. One that finds no room on the grid connection waits, unless it is under way in one piece.
pub(super) fn choose(span: &Span, state: &State, wished: &[usize]) -> Vec<(usize, usize)> {
    let (home, t) = (span.home(), state.now);
    let mut free = home.grid.import_limit[t] - home.grid.base(t);
    let mut runs = Vec::new();
    for (index, appliance) in home.appliances.iter().enumerate() {
        let done = match state.runs[index] {
            Run::Waiting => 0,
            Run::Begun(done) => done,
            Run::Over => continue,
        };
        let power = appliance.profile[done];
        let goes_on = done > 0 && !appliance.interruptible;
        let wanted = wished.contains(&index) || t + appliance.profile.len() >= latest_end(appliance) + done;
        let fits = power <= free.max(Kilowatts::ZERO);
        if t >= appliance.earliest_start && (goes_on || (wanted && fits)) {
            free -= power;
            runs.push((index, done));
        }
    }
    runs
}

/// Counts the parts that ran, and gives up what can no longer be completed.
pub(super) fn advance(span: &Span, state: &mut State, runs: &[(usize, usize)]) {
    for (index, part) in runs {
        let complete = part + 1 == span.home().appliances[*index].profile.len();
        state.runs[*index] = if complete { Run::Over } else { Run::Begun(part + 1) };
    }
    for (appliance, run) in span.home().appliances.iter().zip(&mut state.runs) {
        let done = match run {
            Run::Waiting => 0,
            Run::Begun(done) if appliance.interruptible => *done,
            Run::Begun(_) | Run::Over => continue,
        };
        if state.now + 1 + appliance.profile.len() > latest_end(appliance) + done {
            *run = Run::Over;
        }
    }
}

/// The edge at which a run must be complete.
fn latest_end(appliance: &Appliance) -> usize {
    appliance.latest_start + appliance.profile.len()
}
