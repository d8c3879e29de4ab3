//! What a study read, by content: SHA-256 of every table.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use offpeak_replay::Variant;
use sha2::{Digest, Sha256};

use super::settings::Settings;

/// Bytes that are hashed at a time.
const BLOCK: usize = 1 << 16;

/// The tables of a study by the path that its settings give them, each with its hash in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Inputs(BTreeMap<String, String>);

impl Inputs {
    /// Hashes all tables that `settings` name, relative to `base`.
    pub(crate) fn read(settings: &Settings, base: &Path) -> Result<Self> {
        let mut files = Vec::new();
        let folders = [Some(&settings.fleet), settings.forecasts.fleet.as_ref()];
        for folder in folders.into_iter().flatten() {
            files.extend(tables(folder, base)?);
        }
        files.extend([settings.prices.clone(), settings.usage.clone()].into_iter().flatten());
        let hashed = files.into_iter().map(|file| {
            let name = file.to_string_lossy().replace('\\', "/");
            Ok((name, sha256(&base.join(file))?))
        });
        Ok(Self(hashed.collect::<Result<_>>()?))
    }

    /// A hash of all that a unit of `variant` depends on but its home, tariff and policy.
    pub(crate) fn of_unit(&self, settings: &Settings, variant: &Variant) -> Result<String> {
        let first = settings.tariffs.first().cloned();
        let settings = Settings {
            homes: Vec::new(),
            tariffs: first.into_iter().collect(),
            policies: Vec::new(),
            changed: Vec::new(),
            ..settings.clone()
        };
        let text = serde_json::to_string(&(&self.0, settings, &variant.changes))?;
        Ok(hex(&Sha256::digest(text.as_bytes())))
    }
}

/// The tables in a folder, in the order of their names.
fn tables(folder: &Path, base: &Path) -> Result<Vec<PathBuf>> {
    let there = base.join(folder);
    let entries = std::fs::read_dir(&there).with_context(|| format!("{} can't be read", there.display()))?;
    let mut names = entries.map(|entry| Ok(entry?.file_name().into())).collect::<Result<Vec<PathBuf>>>()?;
    names.retain(|name| name.extension().is_some_and(|end| end == "csv" || end == "parquet"));
    names.sort();
    Ok(names.into_iter().map(|name| folder.join(name)).collect())
}

fn sha256(path: &Path) -> Result<String> {
    let unreadable = || format!("{} can't be read", path.display());
    let mut file = BufReader::new(File::open(path).with_context(unreadable)?);
    let (mut hash, mut block) = (Sha256::new(), vec![0; BLOCK]);
    loop {
        match file.read(&mut block).with_context(unreadable)? {
            0 => return Ok(hex(&hash.finalize())),
            count => hash.update(&block[..count]),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_the_standard() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("homes.csv");
        std::fs::write(&file, "abc").expect("written");
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(&file).expect("readable"), expected);
        assert_eq!(tables(Path::new(""), folder.path()).expect("readable"), [PathBuf::from("homes.csv")]);
    }
}
