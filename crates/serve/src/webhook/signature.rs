//! `t=<unix seconds>,v1=<64 hex>`: a MAC over the time and the raw body.

use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

const HEADER: &str = "x-nomos-signature";
/// How far the time of a signature may be from ours, in seconds.
const WINDOW_S: u64 = 300;

/// Why a call is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No signature, several, or one that cannot be read.
    Unreadable,
    /// Nobody who knows a secret signed this.
    Forged,
    /// Signed too long ago, or ahead of time.
    Stale,
}

/// Whether someone who knows one of `secrets` signed `body` just now.
pub(crate) fn verify(
    headers: &HeaderMap,
    body: &[u8],
    secrets: &[SecretString],
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let mut lines = headers.get_all(HEADER).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return Err(Refusal::Unreadable) };
    let line = line.to_str().map_err(|_| Refusal::Unreadable)?;
    let (time, codes) = parts(line).ok_or(Refusal::Unreadable)?;
    let signed = |secret: &SecretString, code: &[u8]| {
        // HMAC takes keys of every length.
        Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).is_ok_and(|mac| {
            mac.chain_update(time).chain_update(b".").chain_update(body).verify_slice(code).is_ok()
        })
    };
    if !codes.iter().any(|code| secrets.iter().any(|secret| signed(secret, code))) {
        return Err(Refusal::Forged);
    }
    let time: i64 = time.parse().map_err(|_| Refusal::Unreadable)?;
    if now.timestamp().abs_diff(time) > WINDOW_S { Err(Refusal::Stale) } else { Ok(()) }
}

/// The time as it stands, which is what was signed, and every `v1`.
fn parts(line: &str) -> Option<(&str, Vec<Vec<u8>>)> {
    let (mut time, mut codes) = (None, Vec::new());
    for part in line.split(',') {
        match part.trim().split_once('=')? {
            ("t", digits) => {
                let plain =
                    !digits.is_empty() && digits.len() <= 12 && digits.bytes().all(|b| b.is_ascii_digit());
                if !plain || time.replace(digits).is_some() {
                    return None;
                }
            }
            ("v1", code) => codes.push(hex::decode(code).ok().filter(|code| code.len() == 32)?),
            // A later scheme beside ours.
            _ => {}
        }
    }
    let is_usable = (1..=8).contains(&codes.len());
    time.filter(|_| is_usable).map(|time| (time, codes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_780_000_000;
    const BODY: &[u8] = br#"{"id":"evt_1"}"#;

    /// By the definition of HMAC (RFC 2104), from the hash alone.
    fn mac(secret: &str, time: i64, body: &[u8]) -> String {
        use sha2::Digest;
        let pad = |with: u8| -> Vec<u8> {
            let bytes = secret.as_bytes().iter().copied().chain(std::iter::repeat(0)).take(64);
            bytes.map(|byte| byte ^ with).collect()
        };
        let inner = Sha256::digest([pad(0x36), format!("{time}.").into_bytes(), body.to_vec()].concat());
        hex::encode(Sha256::digest([pad(0x5c), inner.to_vec()].concat()))
    }

    fn check(lines: &[String], body: &[u8], secrets: &[&str]) -> Result<(), Refusal> {
        let pairs = lines.iter().map(|line| (HEADER.parse().unwrap(), line.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in pairs.collect::<Vec<(axum::http::HeaderName, axum::http::HeaderValue)>>() {
            headers.append(name, value);
        }
        let secrets: Vec<SecretString> = secrets.iter().map(|secret| (*secret).into()).collect();
        verify(&headers, body, &secrets, DateTime::from_timestamp(NOW, 0).unwrap())
    }

    fn line(secret: &str, time: i64) -> String {
        format!("t={time},v1={}", mac(secret, time, BODY))
    }

    #[test]
    fn a_signature_of_now_by_a_secret_of_ours_is_believed() {
        assert_eq!(check(&[line("a", NOW)], BODY, &["a"]), Ok(()));
        assert_eq!(check(&[line("a", NOW - 300)], BODY, &["a"]), Ok(()));
        assert_eq!(check(&[line("a", NOW + 300)], BODY, &["a"]), Ok(()));
        assert_eq!(check(&[line("old", NOW)], BODY, &["new", "old"]), Ok(()), "a secret is being replaced");
        let both = format!("t={NOW},v1={},v1={},v0=x", mac("x", NOW, BODY), mac("a", NOW, BODY));
        assert_eq!(check(&[both], BODY, &["a"]), Ok(()));
        let upper = format!("t={NOW},v1={}", mac("a", NOW, BODY).to_uppercase());
        assert_eq!(check(&[upper], BODY, &["a"]), Ok(()));
    }

    #[test]
    fn a_forged_old_or_changed_call_is_refused() {
        assert_eq!(check(&[line("b", NOW)], BODY, &["a"]), Err(Refusal::Forged));
        assert_eq!(check(&[line("a", NOW)], b"{ }", &["a"]), Err(Refusal::Forged));
        assert_eq!(check(&[line("a", NOW)], BODY, &[]), Err(Refusal::Forged));
        assert_eq!(check(&[line("a", NOW - 301)], BODY, &["a"]), Err(Refusal::Stale));
        assert_eq!(check(&[line("a", NOW + 301)], BODY, &["a"]), Err(Refusal::Stale));
        let moved = format!("t={NOW},v1={}", mac("a", NOW - 1000, BODY));
        assert_eq!(check(&[moved], BODY, &["a"]), Err(Refusal::Forged), "the time is signed too");
    }

    #[test]
    fn a_signature_that_can_be_read_in_two_ways_is_none() {
        let code = mac("a", NOW, BODY);
        for bad in [
            String::new(),
            code.clone(),
            format!("v1={code}"),
            format!("t={NOW}"),
            format!("t={NOW},t={NOW},v1={code}"),
            format!("t=+{NOW},v1={code}"),
            format!("t=-1,v1={code}"),
            format!("t=99999999999999999999,v1={code}"),
            format!("t={NOW},v1={}", &code[..62]),
            format!("t={NOW},v1=zz{}", &code[2..]),
            format!("t={NOW},v1={code},nonsense"),
        ] {
            assert_eq!(check(std::slice::from_ref(&bad), BODY, &["a"]), Err(Refusal::Unreadable), "{bad}");
        }
        assert_eq!(check(&[], BODY, &["a"]), Err(Refusal::Unreadable));
        assert_eq!(check(&[line("a", NOW), line("a", NOW)], BODY, &["a"]), Err(Refusal::Unreadable));
    }
}
