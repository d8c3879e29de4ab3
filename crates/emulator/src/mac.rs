//! Seals what is handed out, so that tokens and codes need not be stored to be known again.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The key of everything one emulator hands out.
pub(crate) struct Seal {
    key: [u8; 32],
}

impl Seal {
    pub(crate) fn new(seed: u64) -> Self {
        Self { key: Sha256::digest(seed.to_le_bytes()).into() }
    }

    /// `text` with its seal after a dot.
    pub(crate) fn seal(&self, text: &str) -> String {
        format!("{text}.{}", self.tag(text))
    }

    /// The text of a seal that is right.
    pub(crate) fn open<'a>(&self, sealed: &'a str) -> Option<&'a str> {
        let (text, tag) = sealed.rsplit_once('.')?;
        bool::from(self.tag(text).as_bytes().ct_eq(tag.as_bytes())).then_some(text)
    }

    fn tag(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(&hmac_sha256(&self.key, text.as_bytes())[..18])
    }
}

/// HMAC-SHA256.
pub(crate) fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length, so the error cannot come.
    Hmac::<Sha256>::new_from_slice(key)
        .map_or([0; 32], |mac| mac.chain_update(message).finalize().into_bytes().into())
}

/// The `S256` challenge of a PKCE verifier.
pub(crate) fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
