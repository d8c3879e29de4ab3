//! `offpeak serve`: the web service that customers connect at.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use async_trait::async_trait;
use clap::Args;
use offpeak_consent::Tokens;
use offpeak_ingest::{Folders, Sync, SyncOptions};
use offpeak_providers::{LocalDays, Nomos};
use offpeak_serve::{Activation, Config, NoTrigger, Server, Trigger};

use super::sync::{budget, nomos, turns};
use crate::customers::{Customers, StoredTokens};
use crate::exit::Exit;
use crate::{clock, environment, logging, runtime};

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// Configuration file; data/offpeak.example.toml is one
    #[arg(long, value_name = "FILE", default_value = "offpeak.toml")]
    config: PathBuf,
    /// Folder of `offpeak sync --out`: a customer whose subscription becomes active is added to its tables
    #[arg(long, value_name = "FOLDER")]
    tables: Option<PathBuf>,
}

pub(crate) fn run(arguments: &ServeArguments, out: &mut dyn Write) -> Result<Exit> {
    logging::start();
    let config = Config::read(&arguments.config)?;
    let budget = budget(config.service_rate())?;
    let trigger: Arc<dyn Trigger> = match &arguments.tables {
        Some(tables) => Arc::new(AddToTables { nomos: nomos(&config, &budget)?, tables: tables.clone() }),
        None => Arc::new(NoTrigger),
    };
    runtime::start()?.block_on(async {
        let clock = Arc::new(clock::now);
        let server = Server::start(&config, &environment::read, clock, trigger, Some(turns(&budget))).await?;
        let origin = config.provider.redirect_uri.origin().ascii_serialization();
        writeln!(out, "listening   {}", server.local_addr())?;
        writeln!(out, "customers   {origin}/connect")?;
        writeln!(out, "operator    {origin}/operator; Ctrl-C ends it")?;
        out.flush()?;
        let stopped = runtime::stopped().await;
        server.shutdown().await;
        stopped.context("the signal to end can't be waited for")?;
        Ok(Exit::Done)
    })
}

/// Fetches the prices of customers whose subscription has become active.
struct AddToTables {
    nomos: Nomos,
    tables: PathBuf,
}

#[async_trait]
impl Trigger for AddToTables {
    async fn on_activation(&self, _: &Activation, tokens: &Tokens) -> Result<(), String> {
        let folders = Folders { state: self.tables.join("state"), tables: self.tables.clone() };
        let stored = Arc::new(StoredTokens::Customers(tokens.clone()));
        let now = clock::now();
        let sync = Sync::new(self.nomos.clone(), stored, folders, SyncOptions::default(), now);
        let sync = sync.map_err(|error| error.to_string())?;
        let count = tokens.count().await.map_err(|error| error.to_string())?;
        let customers = Customers::Connected { tokens: tokens.clone(), count };
        let days = LocalDays::tomorrow(now, Nomos::ZONE);
        let summary =
            sync.activated(&customers, days, &mut |_| {}).await.map_err(|error| error.to_string())?;
        tracing::info!(%summary, "prices of customers whose subscription became active");
        Ok(())
    }
}
