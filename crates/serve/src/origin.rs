//! Whether a form was sent from one of our own pages.

use axum::http::{HeaderMap, header};

/// By `Origin`, or where a browser leaves it out by `Sec-Fetch-Site`; without either: no.
pub(crate) fn is_own(headers: &HeaderMap, own: &str) -> bool {
    let text = |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.as_bytes());
    match text(header::ORIGIN) {
        Some(origin) => origin == own.as_bytes(),
        None => text(header::HeaderName::from_static("sec-fetch-site")) == Some(b"same-origin"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_site_or_of_nobody_is_not_ours() {
        let own = "https://here.example.org";
        let from = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            is_own(&pairs.collect(), own)
        };
        assert!(from(&[("origin", own)]));
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(!from(&[]));
        assert!(!from(&[("origin", "null")]));
        assert!(!from(&[("origin", "https://here.example.org.evil.test")]));
        assert!(!from(&[("origin", "http://here.example.org")]));
        assert!(!from(&[("origin", "https://evil.test"), ("sec-fetch-site", "same-origin")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
    }
}
