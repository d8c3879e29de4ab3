//! `audit` and `show` of a folder in which a file was damaged: an error or findings, and never the end of the program.

use std::fs;
use std::path::Path;

use clap::Parser;

use crate::args::Arguments;

const DAY: &str = "2026-01-15";
const FILES: [&str; 3] = ["run.json", "schedules.csv", "summary.csv"];

/// What stands in the place of a damaged cell or some bytes.
const SLIPS: [&str; 8] = ["", "1e308", "-1e308", "nan", "-5", "\"", ",", "home-000009"];

/// A pseudo-random number below `end`, the same on every machine (Knuth's MMIX generator).
fn draw(state: &mut u64, end: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from((*state >> 33) % end as u64).expect("below a usize")
}

/// Runs the program with these words; an error must say something.
fn offpeak(words: &[&str]) -> Result<String, String> {
    let arguments = Arguments::try_parse_from([&["offpeak"], words].concat()).expect("the words are right");
    let mut out = Vec::new();
    match crate::run(&arguments.command, &mut out) {
        Ok(_) => Ok(String::from_utf8_lossy(&out).into_owned()),
        Err(error) => {
            assert!(!error.to_string().is_empty());
            Err(format!("{error:#}"))
        }
    }
}

/// Plans of two homes with a battery and a car each.
fn plans(folder: &Path) {
    let [fleet, plans] = ["fleet", "plans"].map(|name| folder.join(name).display().to_string());
    let synth = ["synth", "--homes", "2", "--day", DAY, "--mix", "battery-ev", "--out", &fleet];
    offpeak(&synth).expect("a fleet");
    offpeak(&["plan", "--fleet", &fleet, "--day", DAY, "--out", &plans]).expect("plans");
}

/// Puts a slip over one to eight bytes, or over a whole cell where there are cells.
fn damage(text: &str, state: &mut u64) -> String {
    let slip = SLIPS[draw(state, SLIPS.len())];
    let from = draw(state, text.len());
    let to = text.len().min(from + 1 + draw(state, 8));
    let cell = |at: &str| at.find([',', '\n']).unwrap_or(at.len());
    let (from, to) = match draw(state, 2) {
        0 => (from, to),
        _ => (text[..from].rfind([',', '\n']).map_or(0, |before| before + 1), from + cell(&text[from..])),
    };
    format!("{}{slip}{}", &text[..from], &text[to..])
}

#[test]
fn a_damaged_file_is_an_error_or_a_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    plans(folder.path());
    let plans = folder.path().join("plans");
    let words = plans.display().to_string();
    let mut state = 1;
    let mut seen = 0;
    for name in FILES {
        let whole = fs::read_to_string(plans.join(name)).expect("a text in ASCII");
        for _ in 0..150 {
            fs::write(plans.join(name), damage(&whole, &mut state)).expect("can be written");
            let audited = offpeak(&["audit", &words]);
            seen += usize::from(audited.is_err_and(|error| error.contains(name)));
            let _ = offpeak(&["show", &words, "--every-interval"]);
        }
        fs::write(plans.join(name), whole).expect("can be written");
    }
    assert!(seen > 30, "only {seen} errors name their file");
    assert!(offpeak(&["audit", &words]).expect("plans").contains("every equation and the money hold"));
}
