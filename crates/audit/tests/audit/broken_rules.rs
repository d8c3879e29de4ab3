//! For every rule a change that breaks it and nothing else, and the device and interval that must be named.

use offpeak_audit::{Violation, audit_costed, audit_plan, audit_schedule, rules};
use offpeak_domain::{
    Celsius, Cents, Costed, Home, HomeSpec, KilowattHours, Kilowatts, Money, Plan, Schedule, Setpoints,
    Shortfalls,
};

use crate::honest_home::{day, honest, plan, setpoints, spec};

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

fn shape_and_grid() -> Vec<Case> {
    use Change::{Decisions, Schedule};
    vec![
        case("as many values as the horizon has", "grid", None, Schedule(|s| s.import.truncate(95))),
        case("every value is a number", "car", 4, Schedule(|s| s.ev_energy[0][5] = KilowattHours(f64::NAN))),
        case("power balance", "grid", 10, Schedule(|s| s.import[10] += Kilowatts(0.5))),
        case(
            "import and export are at least 0",
            "grid",
            10,
            Schedule(|s| {
                s.export[10] = Kilowatts(-0.5);
                s.import[10] -= Kilowatts(0.5);
            }),
        ),
        case(
            "never import and export at once",
            "grid",
            10,
            Schedule(|s| {
                s.export[10] += Kilowatts(1.0);
                s.import[10] += Kilowatts(1.0);
            }),
        ),
        case("import limit", "grid", 0, Decisions(|h, _| h.grid.import_limit[0] = Kilowatts(5.0))),
        case("export limit", "grid", 48, Decisions(|h, _| h.grid.export_limit[48] = Kilowatts(1.0))),
        case(
            "curtailment from 0 to the generation",
            "grid",
            10,
            Decisions(|_, s| s.curtail[10] = Kilowatts(0.5)),
        ),
        case(
            "curtailment from 0 to the generation",
            "grid",
            10,
            Decisions(|_, s| s.curtail[10] = Kilowatts(-0.5)),
        ),
        case(
            "no curtailment where the home cannot",
            "grid",
            49,
            Decisions(|h, _| h.grid.can_curtail = false),
        ),
    ]
}

fn batteries() -> Vec<Case> {
    use Change::{Decisions, Home, Schedule};
    let device = "battery";
    vec![
        case(
            "battery starts with its initial energy",
            device,
            0,
            Home(|h| h.batteries[0].initial_stored = KilowattHours(4.9)),
        ),
        case(
            "battery energy balance",
            device,
            95,
            Schedule(|s| s.battery_stored[0][96] += KilowattHours(0.01)),
        ),
        case(
            "battery holds its least energy",
            device,
            10,
            Decisions(|h, s| {
                h.batteries[0].min_stored = KilowattHours(4.95);
                s.batteries[0].discharge[10] = Kilowatts(0.3);
            }),
        ),
        case(
            "battery holds at most its capacity",
            device,
            48,
            Decisions(|h, _| h.batteries[0].max_stored = KilowattHours(5.1)),
        ),
        case(
            "battery charges with 0 or a power in range",
            device,
            48,
            Decisions(|_, s| s.batteries[0].charge[48] = Kilowatts(0.3)),
        ),
        case(
            "battery charges with 0 or a power in range",
            device,
            48,
            Decisions(|h, _| h.batteries[0].max_charge[48] = Kilowatts(0.1)),
        ),
        case(
            "battery discharges with 0 or a power in range",
            device,
            72,
            Decisions(|h, _| h.batteries[0].max_discharge[72] = Kilowatts(0.25)),
        ),
        case(
            "battery never charges and discharges at once",
            device,
            48,
            Decisions(|h, s| {
                h.batteries[0].grid_export = true;
                s.batteries[0].discharge[48] = Kilowatts(0.3);
            }),
        ),
        case(
            "battery charges only while the home does not import",
            device,
            10,
            Decisions(|_, s| s.batteries[0].charge[10] = Kilowatts(1.0)),
        ),
        case(
            "battery discharges only while the home does not export",
            device,
            53,
            Decisions(|_, s| s.batteries[0].discharge[53] = Kilowatts(0.3)),
        ),
    ]
}

fn evs() -> Vec<Case> {
    use Change::{Decisions, Home, Schedule};
    vec![
        case(
            "EV starts with its initial energy",
            "car",
            0,
            Home(|h| h.evs[0].initial_energy = KilowattHours(19.9)),
        ),
        case("EV energy balance", "car", 95, Schedule(|s| s.ev_energy[0][96] += KilowattHours(0.01))),
        // What it drove before coming home at interval 60 is due in interval 59.
        case(
            "EV energy balance",
            "car",
            59,
            Home(|h| h.evs[0].sessions[1].driven_before = KilowattHours(9.0)),
        ),
        case(
            "EV energy from 0 to its capacity",
            "car",
            1,
            Decisions(|h, _| {
                h.evs[0].capacity = KilowattHours(24.0);
                h.evs[0].sessions[0].target = None;
                h.evs[0].end = None;
            }),
        ),
        case("EV is off while away", "car", 26, Decisions(|_, s| s.evs[0].charge[26] = Kilowatts(4.14))),
        case("EV is off while away", "car", 26, Decisions(|_, s| s.evs[0].discharge[26] = Kilowatts(1.0))),
        case(
            "EV charges with 0 or a power of a mode",
            "car",
            0,
            Decisions(|_, s| s.evs[0].charge[0] = Kilowatts(3.9)),
        ),
        case(
            "EV discharges with 0 or a power in range",
            "plain car",
            2,
            Decisions(|_, s| s.evs[1].discharge[2] = Kilowatts(1.0)),
        ),
        case(
            "EV discharges with 0 or a power in range",
            "car",
            3,
            Decisions(|_, s| s.evs[0].discharge[3] = Kilowatts(0.5)),
        ),
        case(
            "EV never charges and discharges at once",
            "car",
            0,
            Decisions(|_, s| s.evs[0].discharge[0] = Kilowatts(2.0)),
        ),
        case(
            "EV discharges only down to its reserve",
            "car",
            93,
            Decisions(|h, _| {
                if let Some(discharge) = &mut h.evs[0].discharge {
                    discharge.reserve = KilowattHours(20.0);
                }
            }),
        ),
        case(
            "EV discharges only while the home does not export",
            "car",
            93,
            Decisions(|_, s| s.evs[0].discharge[93] = Kilowatts(5.0)),
        ),
    ]
}

fn heat_pumps() -> Vec<Case> {
    use Change::{Decisions, Home, Schedule};
    vec![
        case(
            "compressor serves one sink at a time",
            "pump",
            2,
            Decisions(|_, s| s.heat_pumps[0].hot_water[2] = Kilowatts(1.5)),
        ),
        case(
            "compressor draws 0 or a power in range",
            "pump",
            3,
            Decisions(|_, s| s.heat_pumps[0].rooms[3] = Kilowatts(0.2)),
        ),
        // 2.0 kW is a power for the rooms, not for the hot water.
        case(
            "compressor draws 0 or a power in range",
            "pump",
            49,
            Decisions(|_, s| s.heat_pumps[0].hot_water[49] = Kilowatts(2.0)),
        ),
        case(
            "heater draws a power in range",
            "pump",
            10,
            Decisions(|_, s| s.heat_pumps[0].backup[10] = Kilowatts(9.0)),
        ),
        case(
            "heater draws a power in range",
            "boiler",
            10,
            Decisions(|_, s| s.heat_pumps[1].immersion[10] = Kilowatts(-1.0)),
        ),
        case(
            "no power for a sink it does not heat",
            "boiler",
            10,
            Decisions(|_, s| s.heat_pumps[1].backup[10] = Kilowatts(1.0)),
        ),
        case(
            "compressor runs its least time",
            "pump",
            4,
            Decisions(|_, s| s.heat_pumps[0].rooms[4] = Kilowatts::ZERO),
        ),
        case(
            "compressor pauses its least time",
            "pump",
            0,
            Decisions(|_, s| s.heat_pumps[0].rooms[..2].fill(Kilowatts(1.5))),
        ),
        case(
            "compressor starts at most so often",
            "pump",
            48,
            Decisions(|h, _| h.heat_pumps[0].start_caps[0].most = 1),
        ),
        case(
            "rooms start at their initial temperature",
            "pump",
            0,
            Home(|h| h.heat_pumps[0].rooms.as_mut().expect("has rooms").initial = Celsius(20.4)),
        ),
        case(
            "room temperature recursion",
            "pump",
            95,
            Schedule(|s| s.room_temperature[0].as_mut().expect("has rooms")[96].0 += 0.01),
        ),
        case(
            "hot water starts with its initial heat",
            "boiler",
            0,
            Home(|h| h.heat_pumps[1].hot_water.as_mut().expect("has water").initial = KilowattHours(3.9)),
        ),
        case(
            "hot-water heat balance",
            "boiler",
            95,
            Schedule(|s| s.water_stored[1].as_mut().expect("has water")[96].0 += 0.01),
        ),
    ]
}

fn appliances() -> Vec<Case> {
    use Change::Decisions;
    vec![
        case(
            "appliance draws its profile or nothing",
            "washer",
            33,
            Decisions(|_, s| s.appliances[0][33] = Kilowatts(0.7)),
        ),
        case(
            "appliance draws its profile or nothing",
            "washer",
            35,
            Decisions(|_, s| s.appliances[0][35] = Kilowatts(1.0)),
        ),
        // Its parts in the wrong order.
        case(
            "appliance draws its profile or nothing",
            "dryer",
            32,
            Decisions(|_, s| s.appliances[1].swap(32, 34)),
        ),
        // Its second part never comes, so there is no interval to name.
        case(
            "appliance draws its profile or nothing",
            "dryer",
            None,
            Decisions(|_, s| s.appliances[1][34] = Kilowatts::ZERO),
        ),
        case(
            "appliance runs within its window",
            "washer",
            80,
            Decisions(|_, s| s.appliances[0][80] = Kilowatts(1.0)),
        ),
    ]
}

fn money() -> Vec<Case> {
    use Change::Money;
    let more = |rule, change| case(rule, "money", None, Money(change));
    vec![
        more("cost of import", |m| m.import += Cents(0.001)),
        more("income from export", |m| m.export += Cents(0.001)),
        more("peak charge", |m| m.peak += Cents(0.001)),
        more("wear", |m| m.wear += Cents(0.001)),
        more("cost of compressor starts", |m| m.starts += Cents(0.001)),
        more("weighted carbon emissions", |m| m.co2 += Cents(0.001)),
        more("discomfort penalty", |m| m.discomfort += Cents(0.001)),
        more("shortfall penalty", |m| m.shortfall += Cents(0.001)),
        more("urgency penalty", |m| m.urgency += Cents(0.001)),
        more("overshoot penalty", |m| m.overshoot += Cents(0.001)),
        more("end value", |m| m.end_value += Cents(0.001)),
    ]
}

fn shortfalls() -> Vec<Case> {
    use Change::Shortfalls;
    let more = |rule, change| case(rule, "shortfalls", None, Shortfalls(change));
    vec![
        more("energy missing at departures", |s| s.departure += KilowattHours(0.001)),
        more("energy charged elsewhere", |s| s.charged_elsewhere += KilowattHours(0.001)),
        more("kelvin hours outside the comfort band", |s| s.discomfort_kelvin_hours += 0.001),
        more("hot water outside its band", |s| s.hot_water_kwh_hours += 0.001),
        more("energy wanted at once", |s| s.urgency_kwh_hours += 0.001),
        more("energy missing at the end", |s| s.end_energy += KilowattHours(0.001)),
        more("kelvins missing at the end", |s| s.end_kelvins += 0.001),
        more("energy beyond the grid limits", |s| s.overshoot += KilowattHours(0.001)),
        more("runs skipped", |s| s.skipped_runs += 1),
    ]
}

fn certificates() -> Vec<Case> {
    use Change::Plan;
    let wrong = |rule, change| case(rule, "certificate", None, Plan(change));
    vec![
        wrong("plan is of this home", |p| p.home_id = "another".into()),
        wrong("objective of the certificate", |p| p.certificate.objective += Cents(0.001)),
        wrong("bound is at most the objective", |p| {
            p.certificate.bound = p.certificate.objective + Cents(0.001);
        }),
    ]
}

#[test]
fn every_broken_rule_of_shape_and_grid_is_named() {
    check(&shape_and_grid());
}

#[test]
fn every_broken_rule_of_a_battery_is_named() {
    check(&batteries());
}

#[test]
fn every_broken_rule_of_an_ev_is_named() {
    check(&evs());
}

#[test]
fn every_broken_rule_of_a_heat_pump_is_named() {
    check(&heat_pumps());
}

#[test]
fn every_broken_rule_of_an_appliance_is_named() {
    check(&appliances());
}

#[test]
fn every_wrong_amount_of_money_is_named() {
    check(&money());
}

#[test]
fn every_wrong_shortfall_is_named() {
    check(&shortfalls());
}

#[test]
fn every_false_claim_of_a_certificate_is_named() {
    check(&certificates());
}

#[test]
fn there_is_a_change_for_every_rule() {
    let families: [fn() -> Vec<Case>; 8] =
        [shape_and_grid, batteries, evs, heat_pumps, appliances, money, shortfalls, certificates];
    let broken: Vec<&str> = families.iter().flat_map(|family| family()).map(|case| case.rule).collect();
    for rule in rules() {
        assert!(broken.contains(&rule), "no test breaks `{rule}`");
    }
    for rule in broken {
        assert!(rules().any(|known| known == rule), "`{rule}` is no rule");
    }
}
