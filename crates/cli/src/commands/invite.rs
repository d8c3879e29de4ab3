//! `offpeak invite`: a link by which a customer connects.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use offpeak_consent::CustomerId;
use offpeak_serve::{Config, invitation_link};
use secrecy::ExposeSecret;

use crate::exit::Exit;
use crate::{clock, environment, runtime};

#[derive(Debug, Args)]
pub(crate) struct InviteArguments {
    /// Your id of the customer, which is the `tariff_id` of the home: letters, digits, `.`, `_`, `-`
    #[arg(value_name = "ID")]
    customer: CustomerId,
    /// Your own words for the customer
    #[arg(long, value_name = "TEXT", default_value = "")]
    label: String,
    /// Configuration file, the one of `offpeak serve`
    #[arg(long, value_name = "FILE", default_value = "offpeak.toml")]
    config: PathBuf,
}

pub(crate) fn run(arguments: &InviteArguments, out: &mut dyn Write) -> Result<Exit> {
    let config = Config::read(&arguments.config)?;
    let link = runtime::start()?.block_on(invitation_link(
        &config,
        &environment::read,
        (&arguments.customer, &arguments.label),
        clock::now(),
    ))?;
    // The link is what was asked for; it is good for this customer alone, for a week and one consent.
    writeln!(out, "{}", link.expose_secret())?;
    Ok(Exit::Done)
}
