//! Our cookies: for this host alone, out of reach of scripts.

use axum::http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

/// Binds a started consent to its browser.
pub(crate) const CONSENT: &str = "offpeak-consent";
/// What became of a consent, for the page after the callback.
pub(crate) const OUTCOME: &str = "offpeak-outcome";
/// The operator's session.
pub(crate) const OPERATOR: &str = "offpeak-operator";

/// Over https names begin with `__Host-`: then no other host, not even a sibling, can set them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookies {
    secure: bool,
}

impl Cookies {
    pub(crate) fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// Sets one. `Lax` where a provider's page leads back here, `Strict` elsewhere.
    pub(crate) fn set(self, name: &str, value: &SecretString, seconds: u32, same_site: &str) -> HeaderValue {
        let (prefix, secure) = if self.secure { ("__Host-", "; Secure") } else { ("", "") };
        let value = value.expose_secret();
        let text = format!(
            "{prefix}{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={same_site}{secure}"
        );
        // Values are of our own making: letters, digits, dash, underscore, dot.
        let mut header = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
        header.set_sensitive(true);
        header
    }

    /// Takes one away.
    pub(crate) fn clear(self, name: &str, same_site: &str) -> HeaderValue {
        self.set(name, &SecretString::from(""), 0, same_site)
    }

    /// The value that the browser sent; none if it sent several, since then one of them is not ours.
    pub(crate) fn get(self, headers: &HeaderMap, name: &str) -> Option<SecretString> {
        let prefix = if self.secure { "__Host-" } else { "" };
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut found =
            pairs.filter(|(key, _)| key.strip_prefix(prefix) == Some(name)).map(|(_, value)| value);
        let value = found.next().filter(|value| !value.is_empty())?;
        found.next().is_none().then(|| SecretString::from(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookie))])
    }

    #[test]
    fn over_https_a_cookie_is_bound_to_the_host() {
        let set = Cookies::new(true).set(CONSENT, &"v".into(), 600, "Lax");
        let text = set.to_str().unwrap();
        assert_eq!(text, "__Host-offpeak-consent=v; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure");
        assert!(set.is_sensitive(), "it would show in Debug");
        let other = headers("offpeak-consent=v");
        assert!(Cookies::new(true).get(&other, CONSENT).is_none(), "one without the prefix counts");
    }

    #[test]
    fn a_cookie_that_stands_twice_is_none() {
        let cookies = Cookies::new(false);
        let one = headers("a=1; offpeak-consent=mine; b=2");
        assert_eq!(cookies.get(&one, CONSENT).unwrap().expose_secret(), "mine");
        assert!(cookies.get(&headers("offpeak-consent=mine; offpeak-consent=theirs"), CONSENT).is_none());
        assert!(cookies.get(&headers("offpeak-consent="), CONSENT).is_none());
    }
}
