//! Appliances: as early as they may.

use offpeak_domain::{Appliance, HomeSpec, Kilowatts};

use crate::plain_home::{appliance, baseline, home, kw};

/// The intervals in which the appliance draws power while the connection allows 2 kW beside the load in all but `narrow` ones.
fn runs(appliance: Appliance, narrow: &[usize]) -> Vec<usize> {
    let mut spec = HomeSpec { appliances: vec![appliance], ..home() };
    spec.grid.import_limit.fill(Kilowatts(2.5));
    for t in narrow {
        spec.grid.import_limit[*t] = Kilowatts(1.0);
    }
    let power = kw(&baseline(spec).schedule.setpoints.appliances[0]);
    (0..power.len()).filter(|t| power[*t] > 0.0).collect()
}

#[test]
fn it_starts_as_early_as_it_may() {
    assert_eq!(runs(appliance(), &[]), [40, 41, 42]);
}

#[test]
fn it_starts_later_where_the_limit_leaves_no_room() {
    assert_eq!(runs(appliance(), &[42]), [43, 44, 45]);
}

#[test]
fn it_pauses_where_it_may_and_the_limit_leaves_no_room() {
    assert_eq!(runs(Appliance { interruptible: true, ..appliance() }, &[42, 43]), [40, 41, 44]);
}

#[test]
fn it_does_not_run_where_no_run_fits() {
    let all: Vec<usize> = (0..96).collect();
    assert!(runs(appliance(), &all).is_empty());
    assert!(runs(Appliance { interruptible: true, ..appliance() }, &all).is_empty());
}
