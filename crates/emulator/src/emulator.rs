//! The emulator as a value: started, asked, steered, and stopped when dropped.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::admin::webhook::{WebhookCall, WebhookSent, send};
use crate::config::EmulatorConfig;
use crate::error::EmulatorError;
use crate::fault::Fault;
use crate::http::router::router;
use crate::server::serve;
use crate::state::State;
use crate::stats::Stats;

/// A running emulator. It stops, and closes every connection, when it is dropped.
pub struct Emulator {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

/// A pair of tokens that a customer allowed.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// For requests, as long as it lives.
    pub access: SecretString,
    /// For the next pair.
    pub refresh: SecretString,
    /// Life of the access token, in seconds.
    pub expires_in_s: u32,
}

impl Emulator {
    /// Listens, and serves in a task of the runtime that this is called in.
    ///
    /// # Errors
    /// [`EmulatorError`] if the configuration cannot be played or the address cannot be listened on.
    pub async fn start(config: EmulatorConfig) -> Result<Self, EmulatorError> {
        config.check()?;
        let failed = |cause| EmulatorError::Listen { address: config.listen, cause };
        let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let state = Arc::new(State::new(config, format!("http://{address}"), reqwest::Client::new()));
        let task = tokio::spawn(serve(listener, router(&state)));
        Ok(Self { address, state, task })
    }

    /// Such as `http://127.0.0.1:41234`, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.state.base_url
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The time that it plays.
    pub fn now(&self) -> DateTime<Utc> {
        self.state.now()
    }

    /// Moves the time; it runs on from there as the clock of the configuration does.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.state.clock.set(now);
    }

    /// Switches a fault on.
    pub fn add_fault(&self, fault: Fault) {
        self.state.faults.add(fault);
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        self.state.faults.clear();
    }

    /// Consent of customer `number` to the first client, without a browser; none for a number that is no customer's.
    pub fn consent(&self, number: u32) -> Option<Tokens> {
        let is_customer = (1..=self.state.customers).contains(&number);
        let pair =
            is_customer.then(|| self.state.grants.open(0, Some(number), false, self.now().timestamp()))?;
        Some(Tokens {
            access: pair.access_token.into(),
            refresh: pair.refresh_token.into(),
            expires_in_s: pair.expires_in,
        })
    }

    /// Customer `number` takes every consent back; how many there were.
    pub fn revoke(&self, number: u32) -> usize {
        self.state.grants.revoke(number, None)
    }

    /// Sends a signed event; none where nobody answers or the URL is not of this machine.
    pub async fn send_webhook(&self, call: &WebhookCall) -> Option<WebhookSent> {
        send(&self.state, call).await.ok()
    }

    /// What was asked so far.
    pub fn stats(&self) -> Stats {
        self.state.counters.read(self.state.grants.counts())
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}
