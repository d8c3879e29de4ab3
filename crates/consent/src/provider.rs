//! What must be known of a provider and of our client there.

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::{ConfigError, ProviderId};

/// A provider's authorization server and our client there.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// Its name here.
    pub id: ProviderId,
    /// Where the customer's browser is sent.
    pub authorize_url: Url,
    /// Where codes and refresh tokens are redeemed.
    pub token_url: Url,
    /// Our client id.
    pub client_id: String,
    /// Our client secret, sent by HTTP Basic alone.
    pub client_secret: SecretString,
    /// Where the provider sends the browser back; one for each provider, so that answers cannot be mixed up.
    pub redirect_uri: Url,
    /// The scope asked for, such as `read:*`.
    pub scope: String,
    /// A header sent with every request, such as `X-API-Version`.
    pub version_header: Option<(String, String)>,
    /// What `iss` must say where the callback has one; the origin of `authorize_url` if none.
    pub issuer: Option<String>,
    /// Whether our client may ask for a token of its own by `client_credentials`. Such a request tells a
    /// wrong client secret from a customer who left.
    pub client_credentials: bool,
}

impl ProviderConfig {
    /// The same, if every URL is https (or loopback) without user and password, and nothing is empty.
    ///
    /// # Errors
    /// Names the setting, what was found (never the secret) and what is allowed.
    pub fn checked(self) -> Result<Self, ConfigError> {
        trusted("authorize_url", &self.authorize_url)?;
        trusted("token_url", &self.token_url)?;
        trusted("redirect_uri", &self.redirect_uri)?;
        filled("client_id", &self.client_id)?;
        filled("client_secret", self.client_secret.expose_secret())?;
        filled("scope", &self.scope)?;
        if let Some((name, value)) = &self.version_header {
            filled("version_header name", name)?;
            filled("version_header value", value)?;
        }
        Ok(self)
    }

    /// What `iss` must say.
    pub(crate) fn expected_issuer(&self) -> String {
        self.issuer.clone().unwrap_or_else(|| self.authorize_url.origin().ascii_serialization())
    }
}

fn filled(what: &'static str, text: &str) -> Result<(), ConfigError> {
    let bad = text.trim().is_empty() || text.chars().any(char::is_control);
    if bad { Err(ConfigError::Empty { what }) } else { Ok(()) }
}

/// Whether secrets may be sent there.
pub(crate) fn trusted(what: &'static str, url: &Url) -> Result<(), ConfigError> {
    let refuse = |allowed| {
        let value = format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path());
        Err(ConfigError::Url { what, value, allowed })
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("must hold no user and no password");
    }
    if url.fragment().is_some() {
        return refuse("must hold no fragment");
    }
    match url.scheme() {
        "https" if url.host_str().is_some() => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        _ => refuse("must be https (http only for 127.0.0.1 and [::1])"),
    }
}

/// A literal loopback address: a name such as `localhost` may resolve to anything.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(url: &str) -> bool {
        trusted("token_url", &url.parse().unwrap()).is_ok()
    }

    #[test]
    fn secrets_go_over_https_or_to_a_literal_loopback_address_alone() {
        for good in ["https://api.example.org/t", "http://127.0.0.1:4020/t", "http://[::1]:80/t"] {
            assert!(verdict(good), "{good}");
        }
        for bad in [
            "http://api.example.org/t",
            "http://localhost/t",
            "http://127.0.0.1.example.org/t",
            "https://user@api.example.org/t",
            "https://u:p@api.example.org/t",
            "ftp://127.0.0.1/t",
            "https://api.example.org/t#x",
        ] {
            assert!(!verdict(bad), "{bad}");
        }
    }

    #[test]
    fn a_refused_url_is_shown_without_its_password() {
        let url = "https://u:hunter2@api.example.org/t".parse().unwrap();
        let error = trusted("token_url", &url).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
