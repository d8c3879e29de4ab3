//! Random secrets, their hashes, and comparing them without telling how far they agree.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// 32 bytes of the operating system's randomness as 43 characters that are safe in URLs and cookies.
///
/// # Errors
/// Where the operating system gives no randomness.
pub fn random_secret() -> Result<SecretString, getrandom::Error> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut())?;
    Ok(URL_SAFE_NO_PAD.encode(bytes.as_ref()).into())
}

/// 16 random bytes in hex: an id that must not repeat but is no secret.
pub(crate) fn random_id() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}

/// The hash under which a random secret is stored and looked up.
pub(crate) fn hashed(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Whether both are the same, in a time that does not depend on where they differ.
pub(crate) fn same(a: &SecretString, b: &SecretString) -> bool {
    a.expose_secret().as_bytes().ct_eq(b.expose_secret().as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_secrets_differ_and_are_safe_in_a_cookie() {
        let (a, b) = (random_secret().unwrap(), random_secret().unwrap());
        assert!(!same(&a, &b));
        assert!(same(&a, &a.clone()));
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        assert!(a.expose_secret().len() == 43 && a.expose_secret().chars().all(plain));
    }
}
