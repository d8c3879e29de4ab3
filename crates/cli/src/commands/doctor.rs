//! `offpeak doctor`: what keeps customers from being connected and asked for, and what to do.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use offpeak_serve::{Health, examine};

use crate::exit::Exit;
use crate::{clock, environment, runtime};

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// Configuration file, the one of `offpeak serve`
    #[arg(long, value_name = "FILE", default_value = "offpeak.toml")]
    config: PathBuf,
}

pub(crate) fn run(arguments: &DoctorArguments, out: &mut dyn Write) -> Result<Exit> {
    let examined = examine(&arguments.config, &environment::read, Arc::new(clock::now));
    let findings = runtime::start()?.block_on(examined);
    for finding in &findings {
        writeln!(out, "{:<14}{:<10}{}", finding.about, finding.health, finding.found)?;
        if let Some(advice) = &finding.advice {
            writeln!(out, "{:24}to do: {advice}", "")?;
        }
    }
    let worst = findings.iter().map(|finding| finding.health).max();
    Ok(if worst == Some(Health::Bad) { Exit::InPart } else { Exit::Done })
}
