//! Reading the file, and errors that say where it is wrong without quoting its values.

use std::path::{Path, PathBuf};

use super::Config;
use crate::SetupError;

impl Config {
    /// Reads and checks a file. Secrets are not read yet.
    ///
    /// # Errors
    /// Names the file, the line and key or the setting, what was found and what is allowed.
    pub fn read(path: &Path) -> Result<Self, SetupError> {
        let text = std::fs::read_to_string(path).map_err(|cause| SetupError::File {
            file: path.display().to_string(),
            cause: cause.to_string(),
        })?;
        Self::parse(&text, path)
    }

    /// As [`Self::read`], for text that stands for the file at `path`.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, SetupError> {
        let mut config: Self = toml::from_str(text).map_err(|error| syntax(&error, text, path))?;
        config.file = path.to_path_buf();
        config.check()?;
        Ok(config)
    }

    /// Where relative paths start.
    pub fn folder(&self) -> PathBuf {
        self.file.parent().map(Path::to_path_buf).unwrap_or_default()
    }

    /// The file as it was named.
    pub(crate) fn file(&self) -> String {
        self.file.display().to_string()
    }
}

/// The parser's own display quotes the line, and so perhaps a secret: only its message is used.
fn syntax(error: &toml::de::Error, text: &str, path: &Path) -> SetupError {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let key = text.lines().nth(line - 1).and_then(|found| found.split_once('=')).map(|(key, _)| key.trim());
    SetupError::Syntax {
        file: path.display().to_string(),
        line,
        key: key.map(str::to_owned),
        problem: error.message().to_owned(),
    }
}
