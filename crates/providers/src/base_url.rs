//! Where a provider is: https only, except on this machine.

use std::fmt;

use url::{Host, Url};

use crate::error::ProviderError;

/// The root that all requests to a provider begin with; it cannot be changed by anything in an answer.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Takes `https://host[:port][/path]`, or plain http to a loopback address (`127.0.0.0/8`, `[::1]`).
    ///
    /// # Errors
    /// [`ProviderError::Setting`] for anything else: other schemes, a user name, a query or a fragment.
    pub fn parse(text: &str) -> Result<Self, ProviderError> {
        let refuse = |found: &str, allowed| ProviderError::setting("base url", found, allowed);
        // What cannot be read is not repeated: it may hold a password.
        let url =
            Url::parse(text).map_err(|cause| refuse(&cause.to_string(), "must be an absolute https URL"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("a URL with a user name", "must hold no user name and no password"));
        }
        let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        if !secure || url.host().is_none() {
            return Err(refuse(text, "must begin with https://, or be http to 127.0.0.1 or [::1]"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse(text, "must have neither query nor fragment"));
        }
        Ok(Self(url))
    }

    /// The URL of a path below the root, each segment escaped, with a query.
    pub(crate) fn join(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "BaseUrl({})", self.0)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // A name may lead anywhere, `localhost` as well.
        Some(Host::Domain(_)) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_plain_loopback_are_taken_and_nothing_else() {
        for good in
            ["https://api.nomos.energy", "https://a.example/v1/", "http://127.0.0.1:4010", "http://[::1]:80"]
        {
            BaseUrl::parse(good).unwrap();
        }
        for bad in [
            "http://api.nomos.energy",
            "http://localhost:80",
            "http://127.0.0.1.example.com",
            "http://192.168.0.7",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "https://user@a.example",
            "https://a.example/?x=1",
            "https://a.example/#x",
            "//a.example",
        ] {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_not_repeated() {
        for text in ["https://user:hunter2@a.example", "https://user:hunter2@:99999/"] {
            assert!(!BaseUrl::parse(text).unwrap_err().to_string().contains("hunter2"));
        }
    }

    #[test]
    fn a_segment_cannot_leave_its_place() {
        let base = BaseUrl::parse("https://a.example/v1/").unwrap();
        let url = base.join(&["subscriptions", "a/../b?c#d", "prices"], &[("start", "x&y=z")]);
        assert_eq!(
            url.as_str(),
            "https://a.example/v1/subscriptions/a%2F..%2Fb%3Fc%23d/prices?start=x%26y%3Dz"
        );
    }
}
