//! Where commands that talk to the network run.

use std::io;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Runtime};

/// Threads for many conversations at once.
pub(crate) fn start() -> Result<Runtime> {
    Builder::new_multi_thread().enable_all().build().context("threads for the network can't be started")
}

/// Waits until somebody wants the program to end: Ctrl-C, or the signal that a service is stopped by.
pub(crate) async fn stopped() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
