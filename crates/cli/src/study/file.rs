//! `study.json`: all that results follow from, but nothing of when or where they were made.

use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::hashes::Inputs;
use super::settings::Settings;

/// Its name.
pub(crate) const STUDY_FILE: &str = "study.json";

#[derive(Serialize)]
struct Written<'a> {
    offpeak: &'a str,
    settings: &'a Settings,
    /// SHA-256 of every table that was read.
    inputs: &'a Inputs,
}

/// The file as JSON.
pub(crate) fn study_json(settings: &Settings, inputs: &Inputs) -> Result<String> {
    let study = Written { offpeak: env!("CARGO_PKG_VERSION"), settings, inputs };
    Ok(serde_json::to_string_pretty(&study).context("the settings can't be written")? + "\n")
}

/// What is read back of it.
#[derive(Deserialize)]
pub(crate) struct WrittenStudy {
    /// The version that made the results.
    pub(crate) offpeak: String,
    pub(crate) settings: Settings,
}

impl WrittenStudy {
    /// Reads the file of a folder that `offpeak replay` wrote.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let file = folder.join(STUDY_FILE);
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("{} can't be read", file.display()))?;
        serde_json::from_str(&text)
            .with_context(|| format!("{} is not what `offpeak replay` wrote", file.display()))
    }
}
