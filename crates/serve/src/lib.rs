//! The web service around consents: pages, short-lived tokens for devices, webhooks, metrics, and a doctor.
//!
//! [`Config`] is the one configuration file of all commands that work with customers; [`Config::open`] opens what it
//! names. [`Server::start`] serves: a customer connects at `/connect`, the operator works at `/operator`, a device
//! fetches an access token at `/v1/customers/{id}/access-token`, the provider tells of events at
//! `/webhooks/{provider}`. [`examine`] checks it all and says what to do.
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use offpeak_serve::{Config, NoTrigger, Server};
//! # async fn show(clock: Arc<dyn offpeak_consent::Clock>) -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::read("offpeak.toml".as_ref())?;
//! let server = Server::start(&config, &|_name| None, clock, Arc::new(NoTrigger), None).await?;
//! println!("http://{}", server.local_addr());
//! server.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod app;
mod config;
mod connections;
mod cookies;
mod doctor;
mod error;
mod failure;
mod headers;
mod invitation;
mod invite;
mod limits;
mod metrics;
mod origin;
mod pages;
mod request_id;
mod router;
mod routes;
mod server;
mod session;
mod webhook;

pub use config::{
    Config, Environment, KeySection, Opened, ProviderSection, SecretSource, ServeSection, StoreSection,
    VersionHeader,
};
pub use doctor::{Finding, Health, examine};
pub use error::SetupError;
pub use invite::invitation_link;
pub use server::Server;
pub use webhook::{Activation, NoTrigger, Trigger};
