//! For every rule a change that breaks it and nothing else, and the device and interval that must be named.

mod accounts;
mod appliances;
mod batteries;
mod evs;
mod heat_pumps;
mod shape_and_grid;

use offpeak_audit::{Violation, audit_costed, audit_plan, audit_schedule, rules};
use offpeak_domain::{
    Cents, Costed, Home, HomeSpec, KilowattHours, Kilowatts, Money, Plan, Schedule, Setpoints, Shortfalls,
};
use offpeak_testhomes::full::{day, honest, plan, setpoints, spec};

/// What to change.
enum Change {
    /// The home and the setpoints, before states and money follow from them.
    Decisions(fn(&mut HomeSpec, &mut Setpoints)),
    /// The home, once the schedule stands.
    Home(fn(&mut HomeSpec)),
    Schedule(fn(&mut Schedule)),
    Money(fn(&mut Money)),
    Shortfalls(fn(&mut Shortfalls)),
    Plan(fn(&mut Plan)),
}

struct Case {
    rule: &'static str,
    device: &'static str,
    interval: Option<usize>,
    change: Change,
}

fn case(
    rule: &'static str,
    device: &'static str,
    interval: impl Into<Option<usize>>,
    change: Change,
) -> Case {
    Case { rule, device, interval: interval.into(), change }
}

fn violations(change: &Change) -> Vec<Violation> {
    let (home, mut costed) = honest(day());
    match change {
        Change::Decisions(change) => {
            let (mut changed, mut decisions) = (spec(day()), setpoints(&home));
            change(&mut changed, &mut decisions);
            let home = Home::new(changed).expect("still possible");
            let costed = Costed::of(&home, decisions);
            audit_costed(&home, &costed)
        }
        Change::Home(change) => {
            let mut changed = spec(day());
            change(&mut changed);
            audit_schedule(&Home::new(changed).expect("still possible"), &costed.schedule)
        }
        Change::Schedule(change) => {
            change(&mut costed.schedule);
            audit_schedule(&home, &costed.schedule)
        }
        Change::Money(change) => {
            change(&mut costed.money);
            audit_costed(&home, &costed)
        }
        Change::Shortfalls(change) => {
            change(&mut costed.shortfalls);
            audit_costed(&home, &costed)
        }
        Change::Plan(change) => {
            let mut plan = plan(&home, costed);
            change(&mut plan);
            audit_plan(&home, &plan)
        }
    }
}

fn check(cases: &[Case]) {
    for case in cases {
        let found = violations(&case.change);
        let text = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let first = found.first().unwrap_or_else(|| panic!("`{}` is not found", case.rule));
        assert!(found.iter().all(|one| one.rule == case.rule), "not only `{}`:\n{text}", case.rule);
        assert!(found.iter().all(|one| one.device == case.device), "`{}`:\n{text}", case.rule);
        assert_eq!(first.interval, case.interval, "`{}`:\n{text}", case.rule);
        assert!(found.iter().all(|one| one.size > 0.0 && one.size.is_finite()), "{text}");
    }
}

#[test]
fn every_broken_rule_of_shape_and_grid_is_named() {
    check(&shape_and_grid::shape_and_grid());
}

#[test]
fn every_broken_rule_of_a_battery_is_named() {
    check(&batteries::batteries());
}

#[test]
fn every_broken_rule_of_an_ev_is_named() {
    check(&evs::evs());
}

#[test]
fn every_broken_rule_of_a_heat_pump_is_named() {
    check(&heat_pumps::heat_pumps());
}

#[test]
fn every_broken_rule_of_an_appliance_is_named() {
    check(&appliances::appliances());
}

#[test]
fn every_wrong_amount_of_money_is_named() {
    check(&accounts::money());
}

#[test]
fn every_wrong_shortfall_is_named() {
    check(&accounts::shortfalls());
}

#[test]
fn every_false_claim_of_a_certificate_is_named() {
    check(&accounts::certificates());
}

#[test]
fn an_ev_discharged_below_nothing_is_named() {
    let found = violations(&Change::Decisions(|h, s| {
        h.evs[0].initial_energy = KilowattHours(0.2);
        if let Some(discharge) = &mut h.evs[0].discharge {
            discharge.reserve = KilowattHours::ZERO;
        }
        s.evs[0].charge[..2].fill(Kilowatts::ZERO);
        s.evs[0].discharge[0] = Kilowatts(1.0);
    }));
    assert_eq!(found[0].rule, "EV energy from 0 to its capacity");
    assert!((found[0].size - (0.25 / 0.92 - 0.2)).abs() < 1e-9);
}

#[test]
fn the_size_says_by_how_much_a_rule_is_missed() {
    let size = |change: Change| violations(&change)[0].size;
    let sizes = [
        // A run of two intervals instead of three, a second start where one is allowed.
        (size(Change::Decisions(|_, s| s.heat_pumps[0].rooms[4] = Kilowatts::ZERO)), 1.0),
        (size(Change::Decisions(|h, _| h.heat_pumps[0].start_caps[0].most = 1)), 1.0),
        // 1.4 kW is nearer to the part of 1 kW than to a pause.
        (size(Change::Decisions(|_, s| s.appliances[1][32] = Kilowatts(1.4))), 0.4),
        (size(Change::Plan(|p| p.certificate.bound = p.certificate.objective + Cents(2.0))), 2.0),
    ];
    for (found, expected) in sizes {
        assert!((found - expected).abs() < 1e-9, "expected {expected}, found {found}");
    }
}

#[test]
fn there_is_a_change_for_every_rule() {
    let families: [fn() -> Vec<Case>; 8] = [
        shape_and_grid::shape_and_grid,
        batteries::batteries,
        evs::evs,
        heat_pumps::heat_pumps,
        appliances::appliances,
        accounts::money,
        accounts::shortfalls,
        accounts::certificates,
    ];
    let broken: Vec<&str> = families.iter().flat_map(|family| family()).map(|case| case.rule).collect();
    for rule in rules() {
        assert!(broken.contains(&rule), "no test breaks `{rule}`");
    }
    for rule in broken {
        assert!(rules().any(|known| known == rule), "`{rule}` is no rule");
    }
}
