//! What a file may say beyond its types.

use offpeak_consent::{ProviderConfig, TenantId};
use secrecy::SecretString;
use url::Url;

use super::Config;
use crate::SetupError;

/// First parts of paths that the service uses itself.
const OWN_PATHS: [&str; 7] = ["assets", "connect", "healthz", "metrics", "operator", "v1", "webhooks"];

impl Config {
    pub(super) fn check(&self) -> Result<(), SetupError> {
        self.provider_with(SecretString::from("not the secret"))?;
        self.tenant()?;
        self.check_redirect()?;
        if self.store.sqlite.is_some() == self.store.postgres.is_some() {
            let found = if self.store.sqlite.is_some() { "both" } else { "neither" };
            return Err(self.wrong("store", found, "must name one of sqlite and postgres"));
        }
        if self.keys.is_empty() {
            return Err(self.wrong("keys", "none", "must name at least one key"));
        }
        if self.provider.requests_per_second == 0 {
            return Err(self.wrong("provider.requests_per_second", "0", "must be at least 1"));
        }
        if let Some(own) = self.serve.requests_per_second
            && !(1..self.provider.requests_per_second).contains(&own)
        {
            let allowed = "must be at least 1 and less than provider.requests_per_second";
            return Err(self.wrong("serve.requests_per_second", &own.to_string(), allowed));
        }
        self.serve.allowed_origins.iter().try_for_each(|origin| self.check_origin(origin))
    }

    /// The provider and our client there.
    pub(super) fn provider_with(&self, client_secret: SecretString) -> Result<ProviderConfig, SetupError> {
        let section = &self.provider;
        let wrong = |cause| SetupError::Consent { file: self.file(), cause };
        let header = section.version_header.as_ref();
        let config = ProviderConfig {
            id: section.id.parse().map_err(wrong)?,
            authorize_url: section.authorize_url.clone(),
            token_url: section.token_url.clone(),
            client_id: section.client_id.clone(),
            client_secret,
            redirect_uri: section.redirect_uri.clone(),
            scope: section.scope.clone(),
            version_header: header.map(|header| (header.name.clone(), header.value.clone())),
            issuer: section.issuer.clone(),
            client_credentials: section.client_credentials,
        };
        config.checked().map_err(wrong)
    }

    pub(super) fn tenant(&self) -> Result<TenantId, SetupError> {
        self.store.tenant.parse().map_err(|cause| SetupError::Consent { file: self.file(), cause })
    }

    /// A path of its own without a query, so that the callback cannot be mixed up with another page.
    fn check_redirect(&self) -> Result<(), SetupError> {
        let uri = &self.provider.redirect_uri;
        let first = uri.path().split('/').nth(1).unwrap_or_default();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
        if uri.query().is_none()
            && !first.is_empty()
            && uri.path().bytes().all(plain)
            && !OWN_PATHS.contains(&first)
        {
            return Ok(());
        }
        let allowed =
            "must have a path of its own of A-Z a-z 0-9 / . _ -, such as /oauth/callback, and no query";
        Err(self.wrong("provider.redirect_uri", uri.path(), allowed))
    }

    fn check_origin(&self, origin: &str) -> Result<(), SetupError> {
        let parsed = Url::parse(origin).map(|url| url.origin().ascii_serialization());
        if parsed.is_ok_and(|parsed| parsed == origin && parsed != "null") {
            return Ok(());
        }
        Err(self.wrong("serve.allowed_origins", origin, "must be an origin, such as https://app.example.org"))
    }

    pub(super) fn wrong(&self, key: &str, value: &str, allowed: &str) -> SetupError {
        SetupError::Setting {
            file: self.file(),
            key: key.to_owned(),
            value: value.to_owned(),
            allowed: allowed.to_owned(),
        }
    }
}
