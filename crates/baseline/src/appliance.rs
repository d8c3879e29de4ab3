//! Appliances start as early as their window and the grid connection allow.

use offpeak_domain::{Appliance, Home, Kilowatts};

use crate::room_left::RoomLeft;

/// Power per interval; all 0 if no run fits in the window.
pub(crate) fn start_early(home: &Home, appliance: &Appliance, left: &RoomLeft) -> Vec<Kilowatts> {
    let intervals =
        if appliance.interruptible { pausing_run(appliance, left) } else { unbroken_run(appliance, left) };
    let mut power = vec![Kilowatts::ZERO; home.horizon.len()];
    for (t, part) in intervals.into_iter().zip(&appliance.profile) {
        power[t] = *part;
    }
    power
}

/// The intervals of the earliest run in one piece that fits; none if there is none.
fn unbroken_run(appliance: &Appliance, left: &RoomLeft) -> Vec<usize> {
    let fits = |start: usize| {
        appliance.profile.iter().enumerate().all(|(part, power)| left.fits(start + part, *power))
    };
    let start = (appliance.earliest_start..=appliance.latest_start).find(|start| fits(*start));
    start.map_or_else(Vec::new, |start| (start..start + appliance.profile.len()).collect())
}

/// The intervals of a run that waits wherever the next part does not fit; none if it does not end in time.
fn pausing_run(appliance: &Appliance, left: &RoomLeft) -> Vec<usize> {
    let window = appliance.earliest_start..appliance.latest_start + appliance.profile.len();
    let mut intervals = Vec::new();
    for t in window {
        match appliance.profile.get(intervals.len()) {
            Some(part) if left.fits(t, *part) => intervals.push(t),
            _ => {}
        }
    }
    if intervals.len() == appliance.profile.len() { intervals } else { Vec::new() }
}
