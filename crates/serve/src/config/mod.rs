//! The configuration file: one for serving, fetching and examining.

mod check;
mod open;
mod read;
mod secret;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

pub use open::Opened;
pub(crate) use open::ServeSecrets;
pub use secret::{Environment, SecretSource};

/// The file as it stands, checked. Holds no secret: it names where each one is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// The provider, and our client there.
    pub provider: ProviderSection,
    /// Where consents are kept.
    pub store: StoreSection,
    /// The keys that seal tokens, newest first. The others only open.
    pub keys: Vec<KeySection>,
    /// The web service.
    pub serve: ServeSection,
    /// The file itself, as it was named.
    #[serde(skip)]
    pub(crate) file: PathBuf,
}

/// `[provider]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ProviderSection {
    /// Its id here; also the last part of the webhooks' path.
    pub id: String,
    /// Its name as customers know it.
    pub name: String,
    /// Where a customer's browser is sent.
    pub authorize_url: Url,
    /// Where codes and refresh tokens are redeemed.
    pub token_url: Url,
    /// Where prices and usage are read.
    pub api_url: Url,
    /// Our client id.
    pub client_id: String,
    /// Our client secret.
    pub client_secret: SecretSource,
    /// Where the provider sends browsers back: the origin of our pages, and a path of its own.
    pub redirect_uri: Url,
    /// The scope asked for.
    #[serde(default = "read_all")]
    pub scope: String,
    /// A header sent with every request.
    pub version_header: Option<VersionHeader>,
    /// What `iss` must say where a callback has one; the origin of `authorize_url` if not given.
    pub issuer: Option<String>,
    /// Whether our client may ask for a token of its own, which tells a wrong client secret from a customer who left.
    #[serde(default)]
    pub client_credentials: bool,
    /// How many requests a second the provider is to see from us at most.
    #[serde(default = "ten")]
    pub requests_per_second: u32,
}

/// A header and its value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct VersionHeader {
    /// Such as `X-API-Version`.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// `[store]`: one of `sqlite` and `postgres`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StoreSection {
    /// Whose customers these are.
    #[serde(default = "home")]
    pub tenant: String,
    /// A file on a local disk, relative to the configuration file.
    pub sqlite: Option<PathBuf>,
    /// The URL of a database server for several hosts; a secret, since it may hold a password.
    pub postgres: Option<SecretSource>,
}

/// `[[keys]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct KeySection {
    /// Stands beside each value that it sealed: never use one id for two keys.
    pub id: String,
    /// 32 bytes as 64 hex digits or base64.
    pub secret: SecretSource,
}

/// `[serve]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ServeSection {
    /// How many of the provider's requests a second are the service's own. A sync then leaves them free; not given, and
    /// each of the two may send as many as `provider.requests_per_second`, unaware of the other.
    pub requests_per_second: Option<u32>,
    /// Where to listen. Beyond loopback only behind something that speaks TLS.
    #[serde(default = "loopback")]
    pub listen: SocketAddr,
    /// Who asks customers for their consent.
    #[serde(default = "offpeak")]
    pub name: String,
    /// What the operator signs in with: at least 16 characters.
    pub operator_secret: SecretSource,
    /// Keys of the provider's webhooks, any of which may have signed; none, and there are no webhooks.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// Whether a customer may connect without an invitation.
    #[serde(default)]
    pub self_service: bool,
    /// Origins of web applications of ours that may ask for access tokens from a browser.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
}

impl Config {
    /// How many requests a second the service may send.
    pub fn service_rate(&self) -> u32 {
        self.serve.requests_per_second.unwrap_or(self.provider.requests_per_second)
    }

    /// How many requests a second a run of `sync`, `usage` or `bill` may send.
    pub fn sync_rate(&self) -> u32 {
        self.provider.requests_per_second - self.serve.requests_per_second.unwrap_or_default()
    }
}

fn read_all() -> String {
    "read:*".to_owned()
}

fn ten() -> u32 {
    10
}

fn home() -> String {
    "home".to_owned()
}

fn offpeak() -> String {
    "Offpeak".to_owned()
}

fn loopback() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 8099))
}
