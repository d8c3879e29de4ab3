//! Opening what the file names: the secrets, the database, the tokens.

use std::sync::Arc;

use offpeak_consent::{Clock, Consents, KeyRing, Options, ProviderConfig, Store, Tokens};
use secrecy::{ExposeSecret, SecretString};

use super::{Config, Environment};
use crate::SetupError;

const SHORTEST_OPERATOR_SECRET: usize = 16;

/// The store and what works on it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Opened {
    /// The database.
    pub store: Store,
    /// Access tokens, refreshed behind the scenes. Call [`Tokens::shutdown`] before the process ends.
    pub tokens: Tokens,
    /// The consent flow that feeds them.
    pub consents: Consents,
}

/// The secrets that only the web service needs.
pub(crate) struct ServeSecrets {
    pub(crate) operator: SecretString,
    pub(crate) webhooks: Vec<SecretString>,
}

impl Config {
    /// Opens the database and makes it ready to hand out tokens.
    ///
    /// # Errors
    /// If a secret is missing or open to others, or the database cannot be used.
    pub async fn open(
        &self,
        environment: &Environment,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Result<Opened, SetupError> {
        let provider = self.provider(environment)?;
        let store = self.store(environment).await?;
        let tokens = Tokens::new(store.clone(), provider, clock, options);
        let tokens = tokens.map_err(|cause| SetupError::Consent { file: self.file(), cause })?;
        Ok(Opened { store, consents: Consents::new(&tokens), tokens })
    }

    /// The provider and our client there, with its secret.
    ///
    /// # Errors
    /// If the secret cannot be had.
    pub fn provider(&self, environment: &Environment) -> Result<ProviderConfig, SetupError> {
        let source = &self.provider.client_secret;
        self.provider_with(source.read("provider.client_secret", &self.folder(), environment)?)
    }

    /// The keys, newest first.
    ///
    /// # Errors
    /// If one cannot be had, or is no key.
    pub fn key_ring(&self, environment: &Environment) -> Result<KeyRing, SetupError> {
        let folder = self.folder();
        let read = |key: &super::KeySection| {
            let secret = key.secret.read(&format!("keys.{}", key.id), &folder, environment)?;
            Ok((key.id.clone(), secret))
        };
        let keys: Vec<_> = self.keys.iter().map(read).collect::<Result<_, SetupError>>()?;
        KeyRing::new(&keys).map_err(|cause| SetupError::Consent { file: self.file(), cause })
    }

    /// Opens the database alone, creating it where it is missing.
    ///
    /// # Errors
    /// If it cannot be used.
    pub async fn store(&self, environment: &Environment) -> Result<Store, SetupError> {
        let (tenant, ring, folder) = (self.tenant()?, self.key_ring(environment)?, self.folder());
        match (&self.store.sqlite, &self.store.postgres) {
            (Some(path), _) => Ok(Store::sqlite(&folder.join(path), tenant, ring).await?),
            (None, Some(source)) => {
                let url = source.read("store.postgres", &folder, environment)?;
                Ok(Store::postgres(&url, tenant, ring).await?)
            }
            (None, None) => Err(self.wrong("store", "neither", "must name one of sqlite and postgres")),
        }
    }

    pub(crate) fn serve_secrets(&self, environment: &Environment) -> Result<ServeSecrets, SetupError> {
        let (key, folder) = ("serve.operator_secret", self.folder());
        let operator = self.serve.operator_secret.read(key, &folder, environment)?;
        if operator.expose_secret().len() < SHORTEST_OPERATOR_SECRET {
            return Err(SetupError::Secret {
                key: key.to_owned(),
                place: self.serve.operator_secret.to_string(),
                problem: "is short; must have at least 16 characters (hint: openssl rand -hex 32)".to_owned(),
            });
        }
        let sources = self.serve.webhook_secrets.iter();
        let webhooks = sources.map(|source| source.read("serve.webhook_secrets", &folder, environment));
        Ok(ServeSecrets { operator, webhooks: webhooks.collect::<Result<_, _>>()? })
    }
}
