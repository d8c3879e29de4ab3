//! Instructions that our own code takes, counted by callgrind: the same on a busy machine as on a quiet one.
//!
//! `cargo run --release -p offpeak-benches --bin instructions` prints the counts; `-- save` also keeps them in
//! `instructions.txt`, and `-- check` fails where one has grown past a limit. The search itself is not counted: it is not our code.

mod callgrind;
mod counts;
mod workloads;

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use counts::{Counts, GROWTH_LIMIT, Verdict};
use workloads::WORKLOADS;

const USAGE: &str = "usage: instructions [save | check]";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        [] => show(),
        ["save"] => save(),
        ["check"] => check(),
        // How the program runs itself under callgrind.
        ["run", name] => workloads::run(name),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nothing is left to be done about a message that cannot be written.
            let _ = writeln!(io::stderr(), "error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn count_all() -> Result<Counts, String> {
    let count = |(name, _): &(&'static str, _)| Ok(((*name).to_owned(), callgrind::count(name)?));
    Ok(Counts(WORKLOADS.iter().map(count).collect::<Result<_, String>>()?))
}

fn show() -> Result<(), String> {
    let counts = count_all()?;
    print(|out| counts.0.iter().try_for_each(|(name, count)| writeln!(out, "{name:<20} {count:>14}")))
}

fn save() -> Result<(), String> {
    let counts = count_all()?;
    counts.save()?;
    print(|out| {
        counts.0.iter().try_for_each(|(name, count)| writeln!(out, "{name:<20} {count:>14}"))?;
        writeln!(out, "saved in {}", counts::path().display())
    })
}

fn check() -> Result<(), String> {
    let saved = Counts::read()?;
    let found = count_all()?;
    let limit = GROWTH_LIMIT * 100.0;
    let mut grown = 0;
    print(|out| {
        writeln!(out, "{:<20} {:>14} {:>14} {:>8}", "workload", "saved", "now", "change")?;
        for (name, now) in &found.0 {
            let Some(before) = saved.0.get(name) else {
                grown += 1;
                writeln!(out, "{name:<20} {:>14} {now:>14} {:>8} not saved yet", "-", "-")?;
                continue;
            };
            let verdict = Verdict::of(*before, *now);
            grown += usize::from(verdict == Verdict::Grown);
            let change = counts::change(*before, *now) * 100.0;
            writeln!(out, "{name:<20} {before:>14} {now:>14} {change:>+7.2}% {}", verdict.as_str())?;
        }
        Ok(())
    })?;
    if grown == 0 {
        return Ok(());
    }
    Err(format!(
        "{grown} of {} workloads are not within {limit} % of the saved count; \
         hint: if that is as it should be, run `instructions save` and commit instructions.txt",
        found.0.len()
    ))
}

/// Writes to standard output.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), String> {
    write(&mut io::stdout().lock()).map_err(|error| format!("the table can't be printed: {error}"))
}
