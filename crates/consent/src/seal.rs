//! Sealing of secrets at rest: XChaCha20-Poly1305, each value bound to its place.
//!
//! A sealed value opens only for the tenant, provider, customer, column and version it was sealed for: a value
//! copied to another row, or an old one put back, is refused. It names the key it needs, so keys can be changed.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::{ConfigError, StoreError};

const FORMAT: u8 = 1;
const NONCE: usize = 24;

/// Where a sealed value stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) provider: &'a str,
    pub(crate) customer: &'a str,
    pub(crate) column: &'static str,
    pub(crate) version: i64,
}

impl Place<'_> {
    /// Every part with its length, so that no two places read the same.
    fn associated_data(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for part in [self.tenant, self.provider, self.customer, self.column] {
            out.extend_from_slice(&(part.len() as u64).to_be_bytes());
            out.extend_from_slice(part.as_bytes());
        }
        out.extend_from_slice(&self.version.to_be_bytes());
        out
    }
}

/// The keys that open what is stored; the first one seals.
pub struct KeyRing {
    keys: Vec<(String, XChaCha20Poly1305)>,
}

impl KeyRing {
    /// Keys by id, newest first, each as the contents of a key file: 64 hex digits or base64 of 32 bytes.
    ///
    /// # Errors
    /// If there is none, an id is taken twice or longer than 32 characters, or a key has not 32 bytes.
    pub fn new(keys: &[(String, SecretString)]) -> Result<Self, ConfigError> {
        let mut ring = Self { keys: Vec::new() };
        for (id, text) in keys {
            if ring.keys.iter().any(|(known, _)| known == id) {
                return Err(ConfigError::Ring { problem: format!("key id {id} stands twice") });
            }
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            if id.is_empty() || id.len() > 32 || !id.bytes().all(plain) {
                let problem = "an id is not 1 to 32 of A-Z a-z 0-9 . _ -".to_owned();
                return Err(ConfigError::Ring { problem });
            }
            let key = key_bytes(text.expose_secret()).ok_or_else(|| ConfigError::Key { id: id.clone() })?;
            ring.keys.push((id.clone(), XChaCha20Poly1305::new(&(*key).into())));
        }
        if ring.keys.is_empty() {
            return Err(ConfigError::Ring { problem: "no key".to_owned() });
        }
        Ok(ring)
    }

    /// The id of the key that seals.
    pub fn current(&self) -> &str {
        &self.keys[0].0
    }

    /// `secret` sealed for `place`: format, length and text of the key's id, nonce, ciphertext with its tag.
    pub(crate) fn seal(&self, place: &Place<'_>, secret: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (id, cipher) = &self.keys[0];
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce)?;
        let aad = place.associated_data();
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: &aad })
            .map_err(|_| unsealed(place, id))?;
        let length = u8::try_from(id.len()).unwrap_or(u8::MAX);
        Ok([&[FORMAT, length], id.as_bytes(), &nonce, &sealed].concat())
    }

    /// What was sealed for `place`.
    pub(crate) fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let (id, nonce, text) = parts(sealed).ok_or_else(|| unsealed(place, "?"))?;
        let known = self.keys.iter().find(|(known, _)| known == id);
        let (_, cipher) = known.ok_or_else(|| unsealed(place, id))?;
        let aad = place.associated_data();
        let opened = cipher.decrypt(&XNonce::from(nonce), Payload { msg: text, aad: &aad });
        opened.map(Zeroizing::new).map_err(|_| unsealed(place, id))
    }

    /// As [`Self::open`], for text.
    pub(crate) fn open_text(&self, place: &Place<'_>, sealed: &[u8]) -> Result<SecretString, StoreError> {
        let bytes = self.open(place, sealed)?;
        std::str::from_utf8(&bytes).map(SecretString::from).map_err(|_| unsealed(place, "?"))
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.keys.iter().map(|(id, _)| id)).finish()
    }
}

/// The key's id, the nonce and the ciphertext.
fn parts(sealed: &[u8]) -> Option<(&str, [u8; NONCE], &[u8])> {
    let (&[format, length], rest) = sealed.split_first_chunk::<2>()?;
    let (id, rest) = rest.split_at_checked(usize::from(length))?;
    let (nonce, text) = rest.split_first_chunk::<NONCE>()?;
    (format == FORMAT).then_some((std::str::from_utf8(id).ok()?, *nonce, text))
}

fn unsealed(place: &Place<'_>, key: &str) -> StoreError {
    let (column, customer) = (place.column, place.customer.to_owned());
    StoreError::Unsealed { column, customer, key: key.escape_debug().to_string() }
}

/// 32 bytes from hex or any common base64.
fn key_bytes(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let text = text.trim();
    let tries = [
        hex::decode(text).ok(),
        STANDARD.decode(text).ok(),
        STANDARD_NO_PAD.decode(text).ok(),
        URL_SAFE.decode(text).ok(),
        URL_SAFE_NO_PAD.decode(text).ok(),
    ];
    let found = tries.into_iter().flatten().map(Zeroizing::new).find(|bytes| bytes.len() == 32)?;
    let mut key = Zeroizing::new([0_u8; 32]);
    key.copy_from_slice(&found);
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ring(keys: &[(&str, &str)]) -> Result<KeyRing, ConfigError> {
        let keys: Vec<_> =
            keys.iter().map(|(id, key)| ((*id).to_owned(), SecretString::from(*key))).collect();
        KeyRing::new(&keys)
    }

    const PLACE: Place<'_> =
        Place { tenant: "t", provider: "p", customer: "c", column: "refresh", version: 3 };

    #[test]
    fn a_sealed_value_opens_in_its_own_place_alone() {
        let ring = ring(&[("k1", &"ab".repeat(32))]).unwrap();
        let sealed = ring.seal(&PLACE, b"rt-canary").unwrap();
        assert_eq!(ring.open(&PLACE, &sealed).unwrap().as_slice(), b"rt-canary");
        let elsewhere = [
            Place { tenant: "u", ..PLACE },
            Place { provider: "q", ..PLACE },
            Place { customer: "d", ..PLACE },
            Place { column: "access", ..PLACE },
            Place { version: 4, ..PLACE },
            // The same letters, cut otherwise.
            Place { tenant: "tp", provider: "", ..PLACE },
        ];
        for place in elsewhere {
            assert!(ring.open(&place, &sealed).is_err(), "{place:?}");
        }
    }

    #[test]
    fn an_old_key_still_opens_and_an_unknown_one_is_named() {
        let old = ring(&[("k1", &"ab".repeat(32))]).unwrap();
        let both = ring(&[("k2", &"cd".repeat(32)), ("k1", &"ab".repeat(32))]).unwrap();
        let sealed = old.seal(&PLACE, b"x").unwrap();
        assert!(both.open(&PLACE, &sealed).is_ok());
        let sealed = both.seal(&PLACE, b"x").unwrap();
        let error = old.open(&PLACE, &sealed).unwrap_err();
        assert!(error.to_string().contains("key k2"), "{error}");
    }

    #[test]
    fn a_key_is_read_as_hex_or_base64_and_a_bad_one_is_never_shown() {
        let hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
        let base64 = "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=";
        let (a, b) = (ring(&[("k", hex)]).unwrap(), ring(&[("k", base64)]).unwrap());
        let sealed = a.seal(&PLACE, b"x").unwrap();
        assert!(b.open(&PLACE, &sealed).is_ok());
        let error = ring(&[("k", "canary-key")]).unwrap_err();
        assert!(!format!("{error} {error:?} {a:?}").contains("canary"));
        assert!(ring(&[]).is_err() && ring(&[("k", hex), ("k", hex)]).is_err());
    }

    proptest! {
        #[test]
        fn one_changed_byte_anywhere_keeps_a_value_shut(
            secret in prop::collection::vec(any::<u8>(), 0..80), at in any::<prop::sample::Index>(), flip in 1_u8..
        ) {
            let ring = ring(&[("k1", &"ab".repeat(32))]).unwrap();
            let mut sealed = ring.seal(&PLACE, &secret).unwrap();
            let at = at.index(sealed.len());
            sealed[at] ^= flip;
            prop_assert!(ring.open(&PLACE, &sealed).is_err());
        }
    }
}
