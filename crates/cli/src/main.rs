//! `offpeak`: cheapest schedules for fleets of homes, each with a proof.

mod args;
mod commands;
mod exit;
mod input;
mod progress;
mod render;
mod run_file;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use exit::Exit;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = io::stdout().lock();
    let outcome = match &arguments.command {
        Command::Plan(arguments) => commands::plan::run(arguments, &mut out),
        Command::Show(arguments) => commands::show::run(arguments, &mut out),
        Command::Audit(arguments) => commands::audit::run(arguments, &mut out),
        Command::Validate(arguments) => commands::validate::run(arguments, &mut out),
        Command::Synth(arguments) => commands::synth::run(arguments, &mut out),
    };
    match outcome.and_then(|exit| out.flush().map(|()| exit).map_err(Into::into)) {
        Ok(exit) => exit.code(),
        Err(error) if is_broken_pipe(&error) => Exit::Done.code(),
        Err(error) => {
            // Nothing is left to do where even standard error is closed.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            Exit::Error.code()
        }
    }
}

/// Whoever reads the output has enough, as `head` does: no error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let cause = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
