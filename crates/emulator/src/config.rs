//! What the emulator plays, and how strictly.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};

use chrono::NaiveTime;
use secrecy::SecretString;

use crate::clock::Clock;
use crate::error::EmulatorError;
use crate::fault::Fault;

/// The most customers that fit the ids.
const MOST_CUSTOMERS: u32 = 10_000_000;

/// Everything `offpeak emulate` can be told. [`EmulatorConfig::new`] gives the usual; fields are for changing.
#[derive(Clone)]
#[non_exhaustive]
pub struct EmulatorConfig {
    /// Where to listen; loopback only. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// All prices, usages and ids of tokens follow from it.
    pub seed: u64,
    /// How many customers there are, numbered from 1. They are computed from the number, not stored.
    pub customers: u32,
    /// The time; [`crate::Emulator::set_now`] and `POST /__clock` move it.
    pub clock: Clock,
    /// The applications that may ask for tokens.
    pub clients: Vec<Client>,
    /// Customer who consents to everything at once, without a page, where one is given.
    pub auto_consent: Option<u32>,
    /// How a customer's denial reaches the application.
    pub denial: Denial,
    /// What the second use of a refresh token does.
    pub reuse: Reuse,
    /// Life of an access token, in seconds.
    pub access_token_s: u32,
    /// Local time of day at which tomorrow's prices come out.
    pub publication: NaiveTime,
    /// What stands for tomorrow's prices before.
    pub unpublished: Unpublished,
    /// Monthly base fee on an invoice of consumption, in euro cents.
    pub base_fee_cents: u32,
    /// Requests of a client per second, tokens included, above which 429 comes; unlimited where none.
    pub requests_per_s: Option<u32>,
    /// Key of webhook signatures.
    pub webhook_secret: SecretString,
    /// Faults that are on from the start.
    pub faults: Vec<Fault>,
}

impl EmulatorConfig {
    /// Ten customers on a free port of 127.0.0.1, no faults, and the client [`Client::sample`].
    pub fn new(clock: Clock) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: 1,
            customers: 10,
            clock,
            clients: vec![Client::sample()],
            auto_consent: None,
            denial: Denial::Redirect,
            reuse: Reuse::KillsGrant,
            access_token_s: 3600,
            publication: NaiveTime::from_hms_opt(14, 20, 0).unwrap_or_default(),
            unpublished: Unpublished::Absent,
            base_fee_cents: 0,
            requests_per_s: None,
            webhook_secret: SecretString::from("whsec-emulator"),
            faults: Vec::new(),
        }
    }

    /// Refuses what cannot be played.
    pub(crate) fn check(&self) -> Result<(), EmulatorError> {
        if !self.listen.ip().is_loopback() {
            return Err(EmulatorError::NotLoopback(self.listen));
        }
        if !(1..=MOST_CUSTOMERS).contains(&self.customers) {
            return Err(EmulatorError::Customers(self.customers));
        }
        for client in &self.clients {
            let wrong = client.redirect_uris.iter().find(|uri| !is_redirect_uri(uri));
            if let Some(uri) = wrong {
                return Err(EmulatorError::RedirectUri { client: client.id.clone(), uri: uri.clone() });
            }
        }
        Ok(())
    }
}

/// Not derived: a clock cannot be shown, and secrets must not be.
impl fmt::Debug for EmulatorConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorConfig")
            .field("listen", &self.listen)
            .field("seed", &self.seed)
            .field("customers", &self.customers)
            .field("clients", &self.clients)
            .finish_non_exhaustive()
    }
}

fn is_redirect_uri(uri: &str) -> bool {
    url::Url::parse(uri).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none())
}

/// An application that is registered with the provider.
#[derive(Debug, Clone)]
pub struct Client {
    /// Name in HTTP Basic and in `client_id`.
    pub id: String,
    /// Its secret.
    pub secret: SecretString,
    /// Where a browser may be sent back to; subpaths of these as well.
    pub redirect_uris: Vec<String>,
    /// Whether its own token (`client_credentials`) may only read.
    pub read_only: bool,
}

impl Client {
    /// `fleet` with the secret `s3cr3t-of-fleet`, back to `/oauth/callback` of 127.0.0.1:8099.
    pub fn sample() -> Self {
        Self {
            id: "fleet".to_owned(),
            secret: SecretString::from("s3cr3t-of-fleet"),
            redirect_uris: vec!["http://127.0.0.1:8099/oauth/callback".to_owned()],
            read_only: false,
        }
    }
}

/// How a denial is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// By `error=access_denied` to the redirect URI, as RFC 6749 says.
    Redirect,
    /// By a 403 in the provider's own envelope; the browser stays.
    Envelope,
}

/// What the second use of a refresh token does: the provider does not say, so a client must hold for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// 401, and every token of the grant is dead.
    KillsGrant,
    /// 401, and the newest pair lives on.
    Refused,
    /// A new pair, where the token is the one before the newest and was replaced at most so many seconds ago; else as `KillsGrant`.
    Grace(u32),
}

/// What stands for prices that are not out yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpublished {
    /// The intervals are missing.
    Absent,
    /// They are there without amounts.
    Null,
    /// They are there and cost nothing.
    Zero,
}
