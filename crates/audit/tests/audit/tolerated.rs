//! What looks odd and breaks no rule.

use offpeak_audit::{Violation, audit_costed, audit_plan, audit_schedule};
use offpeak_domain::{CompressorState, Costed, Home, HomeSpec, KilowattHours, Kilowatts, Setpoints};
use offpeak_testhomes::full::{day, honest, plan, setpoints, spec};

fn violations(change: impl Fn(&mut HomeSpec, &mut Setpoints)) -> Vec<Violation> {
    let mut changed = spec(day());
    let mut decisions = setpoints(&Home::new(changed.clone()).expect("possible"));
    change(&mut changed, &mut decisions);
    let home = Home::new(changed).expect("possible");
    audit_costed(&home, &Costed::of(&home, decisions))
}

fn assert_clean(change: impl Fn(&mut HomeSpec, &mut Setpoints)) {
    let violations = violations(change);
    assert!(violations.is_empty(), "{}", violations[0]);
}

#[test]
fn a_run_may_be_cut_by_the_end_of_the_horizon() {
    assert_clean(|h, s| {
        h.grid.load[95] = Kilowatts(1.0);
        s.heat_pumps[0].rooms[95] = Kilowatts(1.5);
    });
}

#[test]
fn a_run_counts_from_before_the_horizon() {
    let run_on = |intervals: usize| {
        violations(move |h, s| {
            h.heat_pumps[0].before = CompressorState { running: true, intervals };
            s.heat_pumps[0].rooms[0] = Kilowatts(1.5);
            s.heat_pumps[0].rooms[2..5].fill(Kilowatts::ZERO);
        })
    };
    assert!(run_on(2).is_empty());
    let too_short = run_on(1);
    assert_eq!(too_short[0].rule, "compressor runs its least time");
    assert_eq!(too_short[0].interval, Some(1));
}

#[test]
fn a_compressor_that_must_go_on_may_exceed_the_import_limit_and_no_more() {
    // 1 kW of load, 0.3 kW of sun, and least powers of 0.5 kW for the rooms and 0.6 kW for the hot water.
    let with_power = |ran_for: usize, power: f64| {
        violations(move |h, s| {
            h.grid.import_limit[0] = Kilowatts(0.7);
            h.grid.pv[0] = Kilowatts(0.3);
            let pump = &mut h.heat_pumps[0];
            pump.before = CompressorState { running: true, intervals: ran_for };
            if let Some(water) = &mut pump.hot_water {
                water.compression.min_power[0] = Kilowatts(0.6);
            }
            s.evs[0].charge[0] = Kilowatts::ZERO;
            s.heat_pumps[0].rooms[0] = Kilowatts(power);
            s.heat_pumps[0].rooms[2..5].fill(Kilowatts::ZERO);
        })
    };
    assert!(with_power(2, 0.5).is_empty());
    assert_eq!(with_power(2, 0.55)[0].rule, "import limit");
    // After its least run it may stop, so it must.
    assert_eq!(with_power(3, 0.5)[0].rule, "import limit");
}

#[test]
fn generation_that_cannot_be_curtailed_may_exceed_the_export_limit_and_no_more() {
    let with_discharge = |power: f64| {
        violations(move |h, s| {
            h.grid.can_curtail = false;
            h.grid.export_limit[53] = Kilowatts(2.0);
            h.batteries[0].grid_export = true;
            s.curtail[49] = Kilowatts::ZERO;
            s.batteries[0].discharge[53] = Kilowatts(power);
        })
    };
    assert!(with_discharge(0.0).is_empty());
    assert_eq!(with_discharge(0.3)[0].rule, "export limit");
}

#[test]
fn self_discharge_alone_may_lead_below_the_least_energy() {
    assert_clean(|h, s| {
        h.batteries[0].min_stored = KilowattHours(5.0);
        s.batteries[0].discharge[72] = Kilowatts::ZERO;
    });
}

#[test]
fn a_run_that_is_skipped_costs_its_penalty_and_breaks_no_rule() {
    assert_clean(|_, s| s.appliances[0].fill(Kilowatts::ZERO));
}

#[test]
fn an_appliance_may_start_first_or_last_in_its_window_and_not_beyond() {
    let started = |start: usize| {
        violations(move |_, s| {
            s.appliances[0].fill(Kilowatts::ZERO);
            for (part, power) in [2.0, 0.5, 1.0].into_iter().enumerate() {
                s.appliances[0][start + part] = Kilowatts(power);
            }
        })
    };
    assert!(started(30).is_empty() && started(34).is_empty());
    assert_eq!(started(29)[0].rule, "appliance runs within its window");
    assert_eq!(started(35).last().map(|last| last.rule), Some("appliance runs within its window"));
}

#[test]
fn a_bound_may_be_the_objective_itself() {
    let (home, costed) = honest(day());
    let mut plan = plan(&home, costed);
    plan.certificate.bound = plan.certificate.objective;
    assert!(audit_plan(&home, &plan).is_empty());
}

#[test]
fn a_profile_may_contain_parts_without_power() {
    assert_clean(|h, s| {
        for appliance in &mut h.appliances {
            appliance.profile = [0.0, 1.0, 0.0, 1.5, 0.0].map(Kilowatts).to_vec();
        }
        s.appliances[0].fill(Kilowatts::ZERO);
        s.appliances[0][31] = Kilowatts(1.0);
        s.appliances[0][33] = Kilowatts(1.5);
        s.appliances[1] = s.appliances[0].clone();
        s.appliances[1].swap(33, 36);
    });
}

#[test]
fn what_an_owner_wishes_is_never_a_violation() {
    assert_clean(|h, s| *s = Setpoints::idle(&Home::new(h.clone()).expect("possible")));
}

#[test]
fn powers_and_states_within_the_tolerance_pass_and_beyond_it_do_not() {
    let nudged = |by: f64| {
        let (home, mut costed) = honest(day());
        let schedule = &mut costed.schedule;
        schedule.setpoints.evs[0].charge[30] = Kilowatts(by);
        schedule.battery_stored[0][96].0 += by;
        audit_schedule(&home, schedule).len()
    };
    assert_eq!(nudged(9e-7), 0);
    // The car is away, the power in no mode, its meter off; the battery's balance. The car's energy is off by less.
    assert_eq!(nudged(3e-6), 4);
}
