//! Where a secret is: a file or an environment variable, never the configuration itself.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use crate::SetupError;

/// Looks an environment variable up. The command line gives the real environment.
pub type Environment = dyn Fn(&str) -> Option<String> + Sync;

const ALLOWED: &str = "must be { file = \"path\" } or { env = \"NAME\" }, never the secret itself";

/// Names the place of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// A file that holds it in one line; relative to the configuration file.
    File(PathBuf),
    /// An environment variable.
    Env(String),
}

impl SecretSource {
    /// The secret. `key` names the setting in errors, `folder` is where relative paths start.
    pub(crate) fn read(
        &self,
        key: &str,
        folder: &Path,
        environment: &Environment,
    ) -> Result<SecretString, SetupError> {
        let wrong = |problem: &str| SetupError::Secret {
            key: key.to_owned(),
            place: self.to_string(),
            problem: problem.to_owned(),
        };
        let text = match self {
            Self::Env(name) => environment(name).map(SecretString::from),
            Self::File(path) => Some(read_file(&folder.join(path)).map_err(|problem| wrong(&problem))?),
        };
        let text = text.ok_or_else(|| wrong("is not set; must hold the secret"))?;
        let text = text.expose_secret().trim();
        if text.is_empty() {
            return Err(wrong("is empty; must hold the secret in one line"));
        }
        Ok(SecretString::from(text))
    }
}

/// The contents of a file that not everybody on the machine may read.
fn read_file(path: &Path) -> Result<SecretString, String> {
    let readable = others_may_read(path).map_err(|cause| cause.to_string())?;
    if let Some(mode) = readable {
        return Err(format!(
            "mode {mode:03o}; must not be open to others (hint: chmod 600 {})",
            path.display()
        ));
    }
    std::fs::read_to_string(path).map(SecretString::from).map_err(|cause| cause.to_string())
}

/// The mode, if it lets in others than owner and group.
pub(crate) fn others_may_read(path: &Path) -> std::io::Result<Option<u32>> {
    let metadata = std::fs::metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = metadata.permissions().mode() & 0o777;
        Ok((mode & 0o007 != 0).then_some(mode))
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        Ok(None)
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(out, "file {}", path.display()),
            Self::Env(name) => write!(out, "environment variable {name}"),
        }
    }
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SourceVisitor)
    }
}

/// Not derived: a derived one would quote a secret that somebody wrote in place of its source.
struct SourceVisitor;

impl<'de> Visitor<'de> for SourceVisitor {
    type Value = SecretSource;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("{ file = \"path\" } or { env = \"NAME\" }")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<SecretSource, E> {
        Err(E::custom(ALLOWED))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<SecretSource, E> {
        Err(E::custom(ALLOWED))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<SecretSource, E> {
        Err(E::custom(ALLOWED))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SecretSource, A::Error> {
        let Some((key, value)) = map.next_entry::<String, String>()? else {
            return Err(A::Error::custom(ALLOWED));
        };
        let more = map.next_key::<String>()?.is_some();
        match key.as_str() {
            "file" if !more => Ok(SecretSource::File(value.into())),
            "env" if !more => Ok(SecretSource::Env(value)),
            _ => Err(A::Error::custom(ALLOWED)),
        }
    }
}
