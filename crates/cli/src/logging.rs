//! Events of a service on standard error, as `OFFPEAK_LOG` says.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::environment;

/// What is told where nothing else is asked for.
const USUAL: &str = "info";

/// Starts telling; `OFFPEAK_LOG=debug` or `OFFPEAK_LOG=offpeak_consent=trace` tells more.
pub(crate) fn start() {
    let wanted = environment::read("OFFPEAK_LOG").unwrap_or_else(|| USUAL.to_owned());
    let filter = EnvFilter::try_new(&wanted).unwrap_or_else(|_| EnvFilter::new(USUAL));
    // A second start in one process changes nothing.
    let colours = io::stderr().is_terminal();
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colours)
        .try_init();
}
