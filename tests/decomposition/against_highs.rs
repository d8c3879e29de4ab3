//! Random homes of every kind, and made-up fleets, under the decomposition and HiGHS.

use chrono::NaiveDate;
use offpeak_synth::Mix;
use offpeak_tests::fleet;

use crate::judged::Tally;
use crate::kinds::{KINDS, make};

/// Homes of each kind that are judged in every run.
const HOMES: u64 = 5;

/// Homes of each kind that are judged where there is time.
const MANY_HOMES: u64 = 72;

/// Least share of the homes that the decomposition closes.
const CLOSED: f64 = 0.5;

/// Judges homes `0..homes` of every kind, and prints what share of each is closed.
fn judge_kinds(homes: u64) {
    let mut all = Tally::default();
    for (kind, (name, _)) in KINDS.iter().enumerate() {
        let mut tally = Tally::default();
        for number in 0..homes {
            tally.judge(&make(kind, number));
        }
        tally.print(name);
        all.add(tally);
    }
    all.print("all");
    all.assert_no_fault();
    all.assert_closed(CLOSED);
}

/// Judges the first `homes` homes of every mix on a winter and a summer day.
fn judge_fleets(homes: usize) {
    let mut all = Tally::default();
    for mix in Mix::ALL {
        let mut tally = Tally::default();
        for (month, day) in [(1, 15), (7, 2)] {
            let date = NaiveDate::from_ymd_opt(2026, month, day).expect("a date");
            for home in fleet(mix, homes, date) {
                tally.judge(&home);
            }
        }
        tally.print(mix.name());
        all.add(tally);
    }
    all.assert_no_fault();
}

#[test]
fn no_plan_or_bound_contradicts_highs() {
    judge_kinds(HOMES);
}

#[test]
fn no_plan_or_bound_of_a_fleet_contradicts_highs() {
    judge_fleets(1);
}

#[test]
#[ignore = "2016 homes, for a night: cargo test --release --test decomposition -- --ignored"]
fn no_plan_or_bound_of_many_homes_contradicts_highs() {
    judge_kinds(MANY_HOMES);
}

#[test]
#[ignore = "360 homes, for a night: cargo test --release --test decomposition -- --ignored"]
fn no_plan_or_bound_of_large_fleets_contradicts_highs() {
    judge_fleets(30);
}
