//! What every request may need.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use offpeak_consent::{Clock, Consents, ProviderId, Store, Tokens};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::Notify;

use crate::Config;
use crate::config::{Opened, ServeSecrets};
use crate::cookies::Cookies;
use crate::invitation::Invitations;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::session::Sessions;

pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    pub(crate) consents: Consents,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) metrics: Metrics,
    pub(crate) cookies: Cookies,
    pub(crate) sessions: Sessions,
    pub(crate) invitations: Invitations,
    pub(crate) limits: Limits,
    /// Scheme, host and port at which browsers see our pages.
    pub(crate) origin: String,
    /// Those of the provider's consent page.
    pub(crate) provider_origin: String,
    pub(crate) provider_name: String,
    /// Who asks for consents.
    pub(crate) name: String,
    pub(crate) self_service: bool,
    pub(crate) webhook_secrets: Vec<SecretString>,
    /// Wakes the worker when an event was kept.
    pub(crate) kept: Notify,
    operator: [u8; 32],
}

impl App {
    pub(crate) fn new(
        config: &Config,
        opened: Opened,
        secrets: ServeSecrets,
        clock: Arc<dyn Clock>,
        metrics: Metrics,
    ) -> Self {
        let origin = config.provider.redirect_uri.origin().ascii_serialization();
        Self {
            clock,
            metrics,
            cookies: Cookies::new(origin.starts_with("https:")),
            sessions: Sessions::default(),
            invitations: Invitations::new(&secrets.operator),
            limits: Limits::new(),
            provider_origin: config.provider.authorize_url.origin().ascii_serialization(),
            origin,
            provider_name: config.provider.name.clone(),
            name: config.serve.name.clone(),
            self_service: config.serve.self_service,
            webhook_secrets: secrets.webhooks,
            kept: Notify::new(),
            operator: Sha256::digest(secrets.operator.expose_secret()).into(),
            store: opened.store,
            tokens: opened.tokens,
            consents: opened.consents,
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn provider(&self) -> &ProviderId {
        &self.tokens.provider().id
    }

    /// Whether this is the operator's secret. Hashes are compared, so neither length nor agreement shows in time.
    pub(crate) fn is_operator(&self, secret: &SecretString) -> bool {
        let given: [u8; 32] = Sha256::digest(secret.expose_secret()).into();
        given.ct_eq(&self.operator).into()
    }
}
