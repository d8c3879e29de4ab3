//! `offpeak emulate`: the provider played on this machine, for whoever has no account.

use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use clap::Args;
use offpeak_emulator::{Client, Emulator, EmulatorConfig, Fault, FaultKind};
use secrecy::SecretString;

use crate::args::instant;
use crate::exit::Exit;
use crate::{clock, runtime};

#[derive(Debug, Args)]
pub(crate) struct EmulateArguments {
    /// Where to listen; loopback only, for anyone may become any customer here
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8095")]
    listen: SocketAddr,
    /// How many customers there are
    #[arg(long, value_name = "N", default_value_t = 10)]
    customers: u32,
    /// Where all prices and usage come from; the same seed gives the same ones
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// The time that it plays from the start on, with zone: 2026-01-14T15:00Z [default: the clock's]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    now: Option<DateTime<Utc>>,
    /// Where a browser goes back to after consent; subpaths of it too
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8099/oauth/callback")]
    callback: String,
    /// File with the client's secret [default: the sample's, which is public]
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// File with the key that webhooks are signed with [default: the sample's, which is public]
    #[arg(long, value_name = "FILE")]
    webhook_secret_file: Option<PathBuf>,
    /// This customer consents to everything at once, without a page
    #[arg(long, value_name = "N")]
    auto_consent: Option<u32>,
    /// Requests of a client per second above which 429 comes [default: no limit]
    #[arg(long, value_name = "N")]
    requests_per_second: Option<u32>,
    /// What goes wrong, where, how often: `drop-answer,/oauth/token,1`, or `slow` alone; may be repeated
    #[arg(long, value_name = "KIND[,PATH[,TIMES]]", value_parser = fault)]
    fault: Vec<Fault>,
}

pub(crate) fn run(arguments: &EmulateArguments, out: &mut dyn Write) -> Result<Exit> {
    let config = arguments.config()?;
    let client = config.clients[0].id.clone();
    runtime::start()?.block_on(async {
        let emulator = Emulator::start(config).await.context("the emulator can't start")?;
        if let Some(now) = arguments.now {
            emulator.set_now(now);
        }
        writeln!(out, "provider    {}", emulator.base_url())?;
        writeln!(out, "client      {client}, back to {}", arguments.callback)?;
        writeln!(out, "customers   {}, seed {}", arguments.customers, arguments.seed)?;
        writeln!(out, "time        {}", emulator.now().format("%Y-%m-%dT%H:%MZ"))?;
        writeln!(out, "counts      {}/__stats; Ctrl-C ends it", emulator.base_url())?;
        out.flush()?;
        runtime::stopped().await.context("the signal to end can't be waited for")?;
        Ok(Exit::Done)
    })
}

impl EmulateArguments {
    fn config(&self) -> Result<EmulatorConfig> {
        let mut client = Client { redirect_uris: vec![self.callback.clone()], ..Client::sample() };
        if let Some(path) = &self.client_secret_file {
            client.secret = secret(path)?;
        }
        let mut config = EmulatorConfig::new(Arc::new(clock::now));
        if let Some(path) = &self.webhook_secret_file {
            config.webhook_secret = secret(path)?;
        }
        config.listen = self.listen;
        config.customers = self.customers;
        config.seed = self.seed;
        config.clients = vec![client];
        config.auto_consent = self.auto_consent;
        config.requests_per_s = self.requests_per_second;
        config.faults.clone_from(&self.fault);
        Ok(config)
    }
}

/// The contents of a file that holds one secret.
fn secret(path: &Path) -> Result<SecretString> {
    let text = fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
    if text.trim().is_empty() {
        bail!("{}: empty; must hold a secret in one line", path.display());
    }
    Ok(SecretString::from(text.trim()))
}

fn fault(text: &str) -> Result<Fault, String> {
    let mut parts = text.splitn(3, ',');
    let kind: FaultKind = parts.next().unwrap_or_default().parse()?;
    let fault = Fault::new(kind, parts.next().unwrap_or("/**"));
    match parts.next() {
        None => Ok(fault),
        Some(times) => {
            let times =
                times.parse().map_err(|_| format!("how often is `{times}`: must be a whole number"))?;
            Ok(fault.times(times))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_a_kind_and_perhaps_a_path_and_a_number() {
        assert_eq!(fault("slow"), Ok(Fault::new(FaultKind::Slow, "/**")));
        let twice = Fault::new(FaultKind::DropAnswer, "/oauth/token").times(2);
        assert_eq!(fault("drop-answer,/oauth/token,2"), Ok(twice));
        assert!(fault("drop-answer,/oauth/token,often").unwrap_err().contains("`often`"));
        assert!(fault("explode").unwrap_err().contains("drop-answer"));
    }
}
