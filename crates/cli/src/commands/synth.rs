//! `offpeak synth`: a random German fleet from a seed.

use std::io::Write;

use anyhow::{Context, Result};
use offpeak_synth::{SynthOptions, generate};

use crate::args::SynthArguments;
use crate::exit::Exit;

pub(crate) fn run(arguments: &SynthArguments, out: &mut dyn Write) -> Result<Exit> {
    let options = SynthOptions {
        homes: arguments.homes,
        seed: arguments.seed,
        date: arguments.day,
        days: arguments.days,
        interval_minutes: 15,
        mix: arguments.mix,
        tariff_per_home: arguments.tariff_per_home,
    };
    let summary =
        generate(&options, &arguments.out, arguments.format.format()).context("the fleet can't be made")?;
    writeln!(
        out,
        "{} homes over {} intervals in {}: {} PV roofs, {} batteries, {} EVs, {} heat pumps",
        summary.homes,
        summary.intervals,
        arguments.out.display(),
        summary.roofs,
        summary.batteries,
        summary.evs,
        summary.heat_pumps
    )?;
    writeln!(
        out,
        "plan them: offpeak plan --fleet {} --day {} --out plans",
        arguments.out.display(),
        arguments.day
    )?;
    Ok(Exit::Done)
}
