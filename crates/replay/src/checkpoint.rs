//! Finished units in a folder, so that a study goes on where it stopped.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::ReplayError;
use crate::policies::PolicySpec;
use crate::replay::Replay;
use crate::study::UnitKey;

/// A folder with one JSON file for each finished unit.
#[derive(Debug, Clone)]
pub struct Checkpoints {
    folder: PathBuf,
}

/// What a file holds: all that its unit depends on, and the unit.
#[derive(Debug, Serialize, Deserialize)]
struct Saved {
    version: String,
    inputs: String,
    key: UnitKey,
    policy: PolicySpec,
    replay: Replay,
}

impl Checkpoints {
    /// The checkpoints in `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// [`ReplayError::Checkpoint`] if it can't be made.
    pub fn open(folder: &Path) -> Result<Self, ReplayError> {
        fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The unit if it is there, made by this version from the same inputs and settings; else computes and keeps it.
    pub(crate) fn or_compute(
        &self,
        key: &UnitKey,
        policy: &PolicySpec,
        inputs: &str,
        compute: impl FnOnce() -> Result<Replay, ReplayError>,
    ) -> Result<Replay, ReplayError> {
        let path = self.path(key);
        let version = env!("CARGO_PKG_VERSION");
        if let Some(saved) = read(&path)? {
            let same = saved.version == version && saved.inputs == inputs;
            if same && saved.key == *key && saved.policy == *policy {
                return Ok(saved.replay);
            }
        }
        let (version, inputs) = (version.to_owned(), inputs.to_owned());
        let saved = Saved { version, inputs, key: key.clone(), policy: policy.clone(), replay: compute()? };
        write(&path, &saved)?;
        Ok(saved.replay)
    }

    /// A name that any file system takes; two keys with the same name only cost a computation.
    fn path(&self, key: &UnitKey) -> PathBuf {
        let parts = [&key.home, &key.variant, &key.tariff, &key.policy];
        let bytes = parts.into_iter().flat_map(|part| part.bytes().chain([0]));
        self.folder.join(format!("{:016x}.json", fnv1a(bytes)))
    }
}

/// The hash of Fowler, Noll and Vo (FNV-1a, 64 bits): the same on any machine and in any version.
fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What the file holds; none where there is no file, or one cut short or of another form.
fn read(path: &Path) -> Result<Option<Saved>, ReplayError> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, &error)),
    }
}

/// Writes beside the file first, so that no interruption leaves half of one under its name.
fn write(path: &Path, saved: &Saved) -> Result<(), ReplayError> {
    let bytes = serde_json::to_vec(saved).map_err(|error| failed(path, &error))?;
    let beside = path.with_extension("json.part");
    fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path)).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> ReplayError {
    ReplayError::Checkpoint { path: path.to_owned(), message: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_its_authors() {
        assert_eq!(fnv1a(b"".iter().copied()), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar".iter().copied()), 0x8594_4171_f739_67e8);
    }
}
