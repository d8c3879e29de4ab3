//! Days of other lengths, other resolutions, a first interval cut short.

use chrono::Duration;
use offpeak_audit::{audit_costed, audit_plan};
use offpeak_domain::{Horizon, Kilowatts};
use offpeak_testhomes::full::{day, honest, local_day, plan};

/// A day that is re-planned eight minutes into its first quarter-hour.
fn cut_short() -> Horizon {
    let mut edges = day().edges().to_vec();
    edges[0] += Duration::minutes(8);
    Horizon::from_edges(edges).expect("still increasing")
}

fn grids() -> [(usize, Horizon); 5] {
    [
        (96, day()),
        (92, local_day(2026, 3, 29, 15)),
        (100, local_day(2025, 10, 26, 15)),
        (24, local_day(2026, 1, 15, 60)),
        (96, cut_short()),
    ]
}

#[test]
fn an_honest_plan_audits_clean_on_every_grid() {
    for (count, horizon) in grids() {
        assert_eq!(horizon.len(), count);
        let (home, costed) = honest(horizon);
        let violations = audit_plan(&home, &plan(&home, costed));
        assert!(violations.is_empty(), "{count} intervals: {}", violations[0]);
    }
}

#[test]
fn a_setpoint_changed_by_hand_is_found_on_every_grid() {
    for (count, horizon) in grids() {
        let (home, mut costed) = honest(horizon);
        costed.schedule.setpoints.heat_pumps[0].rooms[2] = Kilowatts(2.0);
        let violations = audit_costed(&home, &costed);
        let rules: Vec<&str> = violations.iter().map(|violation| violation.rule).collect();
        assert_eq!(rules, ["room temperature recursion", "power balance"], "{count} intervals");
        assert!(violations.iter().all(|violation| violation.interval == Some(2)));
    }
}
