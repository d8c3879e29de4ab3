//! `offpeak reseal`: another key for what is sealed.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use offpeak_serve::Config;

use crate::exit::Exit;
use crate::{environment, runtime};

#[derive(Debug, Args)]
pub(crate) struct ResealArguments {
    /// Configuration file, the one of `offpeak serve`
    #[arg(long, value_name = "FILE", default_value = "offpeak.toml")]
    config: PathBuf,
}

pub(crate) fn run(arguments: &ResealArguments, out: &mut dyn Write) -> Result<Exit> {
    let config = Config::read(&arguments.config)?;
    let newest = config.keys.first().map_or("", |key| key.id.as_str());
    let resealed = runtime::start()?.block_on(async {
        let store = config.store(&environment::read).await?;
        let resealed = store.reseal().await;
        store.close().await;
        anyhow::Ok(resealed?)
    })?;
    writeln!(
        out,
        "{} consents and {} kept answers sealed anew with the key `{newest}`; the older keys may go in an hour, when no consent that \
         was begun with them is left",
        resealed.consents, resealed.bodies
    )?;
    Ok(Exit::Done)
}
