//! `offpeak`: cheapest schedules for fleets of homes, each with a proof.

mod args;
mod certificates;
mod clock;
mod commands;
mod customers;
#[cfg(test)]
mod damaged_plans;
mod environment;
mod exit;
mod input;
mod logging;
mod previous;
mod progress;
mod render;
mod run_file;
mod runtime;
mod study;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use args::{Arguments, Command};
use commands::sync::What;
use exit::Exit;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = io::stdout().lock();
    let outcome = run(&arguments.command, &mut out);
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

fn run(command: &Command, out: &mut dyn Write) -> Result<Exit> {
    match command {
        Command::Plan(arguments) => commands::plan::run(arguments, out),
        Command::Show(arguments) => commands::show::run(arguments, out),
        Command::Report(arguments) => commands::report::run(arguments, out),
        Command::Replay(arguments) => commands::replay::run(arguments, out),
        Command::Audit(arguments) => commands::audit::run(arguments, out),
        Command::Validate(arguments) => commands::validate::run(arguments, out),
        Command::Synth(arguments) => commands::synth::run(arguments, out),
        Command::Prices(arguments) => commands::prices::run(arguments, out),
        Command::Serve(arguments) => commands::serve::run(arguments, out),
        Command::Invite(arguments) => commands::invite::run(arguments, out),
        Command::Sync(arguments) => commands::sync::run(What::Prices, arguments, out),
        Command::Usage(arguments) => commands::sync::run(What::Usage, arguments, out),
        Command::Bill(arguments) => commands::sync::run(What::Bills, arguments, out),
        Command::Doctor(arguments) => commands::doctor::run(arguments, out),
        Command::Reseal(arguments) => commands::reseal::run(arguments, out),
        Command::Emulate(arguments) => commands::emulate::run(arguments, out),
    }
}

/// Whoever reads the output has enough, as `head` does: no error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let cause = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
