//! Studies: any number of threads, any interruption, the same numbers.

use std::sync::atomic::{AtomicUsize, Ordering};

use offpeak_domain::*;
use offpeak_replay::*;

use crate::support::*;

fn study() -> Study {
    let variants = [
        Variant { id: "as is".into(), changes: Vec::new() },
        Variant {
            id: "large battery".into(),
            changes: vec![Change::BatteryKwh(20.0), Change::BatteryKw(8.0)],
        },
    ];
    let homes = (0..2).flat_map(|seed| {
        let make = Make { rooms: false, water: false, ..Make::all(seed, 2) };
        let home = Home::new(HomeSpec { id: format!("home {seed}"), ..HomeSpec::clone(&make.home()) });
        let home = home.expect("possible");
        let dynamic = make.tariff(&home);
        let flat = SpanTariff {
            id: "flat".into(),
            prices: Prices {
                import: vec![CentsPerKilowattHour(32.0); home.horizon.len()],
                export: dynamic.prices.export.clone(),
            },
            publication: None,
            standing: Cents(20.0),
        };
        variants.clone().map(|variant| StudyHome {
            span: make.span_of(variant.of(&home).expect("possible")),
            variant: variant.id,
            tariffs: vec![flat.clone(), dynamic.clone()],
            forecasts: Forecasts::default(),
            inputs: format!("seed {seed}"),
        })
    });
    let policies = vec![PolicySpec::uncontrolled(), PolicySpec::day_ahead(), PolicySpec::perfect_foresight()];
    Study { homes: homes.collect(), policies, intervals: false }
}

fn numbers(units: &[Unit]) -> Vec<(UnitKey, Replay)> {
    units.iter().map(|unit| (unit.key.clone(), unit.replay.as_ref().expect("a result").clone())).collect()
}

#[test]
fn a_study_gives_the_same_numbers_on_any_number_of_threads_and_after_any_stop() {
    let study = study();
    let on = |threads: usize, checkpoints: Option<&Checkpoints>| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        numbers(&pool.install(|| study.run(checkpoints, &|_| ())))
    };
    let one = on(1, None);
    assert_eq!(one.len(), 2 * 2 * 2 * 3);
    assert!(one == on(3, None));
    let folder = tempfile::tempdir().expect("a folder");
    let checkpoints = Checkpoints::open(folder.path()).expect("a folder");
    assert!(one == on(2, Some(&checkpoints)));
    // A stop in the middle: some units are gone, one is cut short.
    let mut files: Vec<_> =
        std::fs::read_dir(folder.path()).expect("it").map(|file| file.expect("it").path()).collect();
    files.sort();
    assert_eq!(files.len(), one.len());
    files[..7].iter().for_each(|file| std::fs::remove_file(file).expect("it"));
    std::fs::write(&files[8], b"{\"version\":").expect("writable");
    assert!(one == on(2, Some(&checkpoints)));
}

#[test]
fn a_finished_unit_is_not_computed_again_unless_its_inputs_changed() {
    let mut study = study();
    study.homes.truncate(1);
    study.policies.truncate(1);
    let folder = tempfile::tempdir().expect("a folder");
    let checkpoints = Checkpoints::open(folder.path()).expect("a folder");
    let heard = AtomicUsize::new(0);
    let run = |study: &Study| {
        numbers(&study.run(Some(&checkpoints), &|_| {
            heard.fetch_add(1, Ordering::Relaxed);
        }))
    };
    let before = run(&study);
    // A file that was changed by hand shows whether it is read.
    let file = std::fs::read_dir(folder.path()).expect("it").next().expect("one").expect("it").path();
    let text = std::fs::read_to_string(&file).expect("text");
    std::fs::write(&file, text.replace("\"stored_before_ct\":", "\"stored_before_ct\":1")).expect("writable");
    let read = run(&study);
    assert!(read != before);
    study.homes[0].inputs = "another file".into();
    assert!(run(&study) == before);
    assert_eq!(heard.load(Ordering::Relaxed), 3 * before.len());
}

#[test]
fn savings_regrets_and_best_tariffs_follow_from_the_net_costs() {
    let units = study().run(None, &|_| ());
    let summaries = summarise(&units, "uncontrolled", "perfect-foresight");
    assert_eq!(summaries.len(), units.len());
    for summary in &summaries {
        let net = |policy: &str| {
            let key = UnitKey { policy: policy.into(), ..summary.key.clone() };
            summaries.iter().find(|other| other.key == key).expect("it").net_ct
        };
        let saving = summary.saving_ct.expect("a baseline");
        assert!((net("uncontrolled") - saving - summary.net_ct).abs() < 1e-9);
        assert!(
            (net("perfect-foresight") + summary.regret_ct.expect("a bound") - summary.net_ct).abs() < 1e-9
        );
    }
    let best = best_tariffs(&summaries);
    assert_eq!(best.len(), 2 * 2 * 3);
    for best in best {
        let others = summaries.iter().filter(|other| {
            (&other.key.home, &other.key.variant, &other.key.policy)
                == (&best.key.home, &best.key.variant, &best.key.policy)
        });
        let mut costs: Vec<f64> = others.map(|other| other.net_ct).collect();
        costs.sort_by(f64::total_cmp);
        assert!((costs[0] - best.net_ct).abs() < 1e-9);
        assert!((costs[1] - costs[0] - best.ahead_ct.expect("two tariffs")).abs() < 1e-9);
    }
}

#[test]
fn months_add_up_to_all_days() {
    let make = Make { rooms: false, water: false, ev: false, first: (2026, 1, 29), ..Make::all(4, 6) };
    let span = make.span();
    let tariff = make.tariff(span.home());
    let case = Case { span: &span, tariff: &tariff, forecasts: &Forecasts::default() };
    let found = replay(&case, &PolicySpec::uncontrolled()).expect("a replay");
    let months = by_month(&found.days);
    assert_eq!(months.len(), 2);
    let all = sum(&found.days).expect("days");
    let cost: f64 = months.iter().map(DayRow::cost_ct).sum();
    assert!((cost - all.cost_ct()).abs() < 1e-9);
    assert!((cost - (all.stored_ct - found.stored_before_ct) - found.net_ct()).abs() < 1e-9);
}
