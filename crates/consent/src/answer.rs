//! Reading an answer of a token endpoint, as leniently as a lost token is dear.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use serde_json::Value;

use crate::store::TokenSet;

/// Where the provider does not say how long a token is good.
const UNSAID_SECONDS: i64 = 300;
/// A longer life is a mistake of somebody's.
const LONGEST_SECONDS: i64 = 30 * 86_400;

/// The tokens of an answer to a request sent at `sent_at`; none if there are none to be read.
///
/// `expires_in` may be a number of any kind or a string. In a body that is cut or otherwise no JSON, whole string
/// members are still found; there a refresh token must be among them, since the one in use has been replaced.
pub(crate) fn read(body: &[u8], sent_at: DateTime<Utc>) -> Option<TokenSet> {
    let found = serde_json::from_slice::<Value>(body).ok();
    let whole = found.is_some();
    let text = |name: &str| match &found {
        Some(json) => json.get(name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned),
        None => member(&String::from_utf8_lossy(body), name),
    };
    let refresh = text("refresh_token");
    let access = text("access_token");
    if (whole && access.is_none() && refresh.is_none()) || (!whole && refresh.is_none()) {
        return None;
    }
    let seconds = found.as_ref().and_then(|json| seconds(json.get("expires_in")?));
    // Without an access token there is still the refresh token to go on with: the next call uses it.
    let life = if access.is_some() { seconds.unwrap_or(UNSAID_SECONDS) } else { 0 };
    Some(TokenSet {
        access: access.unwrap_or_default().into(),
        expires_at: sent_at + TimeDelta::seconds(life.clamp(0, LONGEST_SECONDS)),
        refresh: refresh.map(SecretString::from),
        scope: text("scope").filter(|scope| scope.len() <= 1024),
    })
}

fn seconds(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    // A cast of a float saturates, and of NaN is 0.
    #[expect(clippy::cast_possible_truncation)]
    Some(number as i64)
}

/// The string member `name` of broken JSON, if it stands there whole and without escapes.
fn member(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("\"{name}\""))?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let (value, _) = rest.split_once('"')?;
    (!value.is_empty() && !value.contains('\\')).then(|| value.to_owned())
}

/// What an error says: its code and the request's id, in the provider's own envelope or in RFC 6749's.
///
/// Only short plain words are taken over: an answer may echo what was sent.
pub(crate) fn error_code(body: &[u8]) -> (Option<String>, Option<String>) {
    let json = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let word = |name: &str| json.get(name)?.as_str().and_then(plain_word);
    (word("error").or_else(|| word("code")), word("requestId"))
}

/// `text`, if it is a short plain word.
pub(crate) fn plain_word(text: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
    (!text.is_empty() && text.len() <= 64 && text.bytes().all(plain)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn seen(body: &str) -> Option<(String, i64, Option<String>)> {
        let start = DateTime::UNIX_EPOCH;
        let tokens = read(body.as_bytes(), start)?;
        let refresh = tokens.refresh.map(|secret| secret.expose_secret().to_owned());
        Some((tokens.access.expose_secret().to_owned(), (tokens.expires_at - start).num_seconds(), refresh))
    }

    #[test]
    fn a_life_is_read_as_any_kind_of_number() {
        for life in ["3600", "3600.0", "\"3600\"", "3.6e3"] {
            let body = format!(r#"{{"access_token":"a","expires_in":{life},"refresh_token":"r"}}"#);
            assert_eq!(seen(&body), Some(("a".into(), 3600, Some("r".into()))), "{life}");
        }
        assert_eq!(seen(r#"{"access_token":"a"}"#), Some(("a".into(), 300, None)));
        assert_eq!(seen(r#"{"access_token":"a","expires_in":1e300}"#), Some(("a".into(), 30 * 86_400, None)));
        assert_eq!(seen(r#"{"access_token":"a","expires_in":-5}"#), Some(("a".into(), 0, None)));
    }

    #[test]
    fn a_cut_body_gives_its_refresh_token_if_that_stands_there_whole() {
        let whole = r#"{"access_token":"a","token_type":"Bearer","refresh_token":"r-1","expires_in":36"#;
        assert_eq!(seen(whole), Some(("a".into(), 300, Some("r-1".into()))));
        assert_eq!(
            seen(r#"{"refresh_token":"r-1","access_tok"#),
            Some((String::new(), 0, Some("r-1".into())))
        );
        assert_eq!(seen(r#"{"access_token":"a","refresh_token":"r-"#), None);
        assert_eq!(seen("<html>"), None);
        assert_eq!(seen(r#"{"error":"x"}"#), None);
    }

    #[test]
    fn both_envelopes_are_read_and_long_or_strange_words_are_not_taken_over() {
        let nomos = br#"{"code":"UNAUTHORIZED","message":"x","requestId":"r-1"}"#;
        assert_eq!(error_code(nomos), (Some("UNAUTHORIZED".into()), Some("r-1".into())));
        assert_eq!(error_code(br#"{"error":"invalid_grant"}"#), (Some("invalid_grant".into()), None));
        assert_eq!(error_code(br#"{"error":"a token, say"}"#), (None, None));
        assert_eq!(error_code(b"no json"), (None, None));
    }
}
