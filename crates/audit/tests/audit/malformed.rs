//! Schedules that are no schedules of the home: reported, never a panic.

use offpeak_audit::{audit_plan, audit_schedule, objective};
use offpeak_domain::{Celsius, Costed, Home, KilowattHours, Kilowatts, Money, Plan, Schedule, Shortfalls};
use offpeak_testhomes::full::{day, honest, plan};

fn rules_broken(damage: impl Fn(&mut Schedule)) -> Vec<&'static str> {
    let (home, mut costed) = honest(day());
    damage(&mut costed.schedule);
    assert!(objective(&home, &costed.schedule).0.is_nan());
    let mut rules: Vec<&str> =
        audit_plan(&home, &plan(&home, costed)).iter().map(|violation| violation.rule).collect();
    rules.dedup();
    rules
}

#[test]
fn a_vector_of_the_wrong_length_is_reported_wherever_it_is() {
    let damages: [fn(&mut Schedule); 18] = [
        |s| s.import.clear(),
        |s| s.export.push(Kilowatts::ZERO),
        |s| s.setpoints.curtail.clear(),
        |s| s.setpoints.batteries.clear(),
        |s| s.setpoints.batteries[0].charge.clear(),
        |s| s.setpoints.batteries[0].discharge.truncate(3),
        |s| s.battery_stored.clear(),
        |s| s.battery_stored[0].truncate(96),
        |s| s.setpoints.evs.truncate(1),
        |s| s.setpoints.evs[1].charge.clear(),
        |s| s.ev_energy[0].clear(),
        |s| s.ev_energy.clear(),
        |s| s.setpoints.heat_pumps.clear(),
        |s| s.setpoints.heat_pumps[0].backup.clear(),
        |s| s.room_temperature[0] = None,
        |s| s.water_stored[0].as_mut().expect("has water").clear(),
        |s| s.setpoints.appliances.clear(),
        |s| s.setpoints.appliances[0].clear(),
    ];
    for damage in damages {
        assert_eq!(rules_broken(damage), ["as many values as the horizon has"]);
    }
}

#[test]
fn a_sink_that_the_home_does_not_have_is_reported() {
    let rules = rules_broken(|s| s.room_temperature[1] = Some(vec![Celsius(20.0); 97]));
    assert_eq!(rules, ["as many values as the horizon has"]);
}

#[test]
fn a_value_that_is_no_number_is_reported_wherever_it_is() {
    let damages: [fn(&mut Schedule); 8] = [
        |s| s.import[0] = Kilowatts(f64::NAN),
        |s| s.export[95] = Kilowatts(f64::INFINITY),
        |s| s.setpoints.batteries[0].charge[3] = Kilowatts(f64::NEG_INFINITY),
        |s| s.battery_stored[0][0] = KilowattHours(f64::NAN),
        |s| s.ev_energy[1][96] = KilowattHours(f64::NAN),
        |s| s.setpoints.heat_pumps[0].immersion[2] = Kilowatts(f64::NAN),
        |s| s.room_temperature[0].as_mut().expect("has rooms")[1] = Celsius(f64::NAN),
        |s| s.setpoints.appliances[1][40] = Kilowatts(f64::NAN),
    ];
    for damage in damages {
        assert_eq!(rules_broken(damage), ["every value is a number"]);
    }
}

#[test]
fn an_empty_schedule_is_reported() {
    let (home, _) = honest(day());
    assert!(!audit_schedule(&home, &Schedule::default()).is_empty());
}

#[test]
fn money_and_certificate_that_are_no_numbers_are_reported() {
    let (home, costed): (Home, Costed) = honest(day());
    let nan = f64::NAN;
    let mut plan: Plan = plan(&home, costed);
    plan.costed.money = Money { import: offpeak_domain::Cents(nan), ..plan.costed.money };
    plan.costed.shortfalls = Shortfalls { end_kelvins: nan, ..plan.costed.shortfalls };
    plan.certificate.objective.0 = nan;
    plan.certificate.bound.0 = nan;
    let rules: Vec<&str> = audit_plan(&home, &plan).iter().map(|violation| violation.rule).collect();
    let expected = [
        "cost of import",
        "kelvins missing at the end",
        "objective of the certificate",
        "bound is at most the objective",
    ];
    assert_eq!(rules, expected);
}
