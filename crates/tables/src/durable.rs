//! Files that outlast a loss of power: what is in them reaches the disk before their name, and the name before success is told.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{At, TableError};

/// Gives a file new contents: whoever reads it sees the old ones or the new, also after a loss of power.
///
/// # Errors
/// [`TableError`] if the file cannot be written.
pub fn replace_file(path: &Path, contents: &[u8]) -> Result<(), TableError> {
    let beside = beside(path);
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(contents)?;
        file.sync_all()
    });
    written.map_err(|cause| unwritable(&beside, &cause))?;
    rename(&beside, path)?;
    sync_folder(path.parent().unwrap_or(path))
}

/// Gives a file whose contents are on the disk another name, in the place of what had it.
///
/// # Errors
/// [`TableError`] if that cannot be.
pub fn rename_file(from: &Path, to: &Path) -> Result<(), TableError> {
    rename(from, to)?;
    sync_folder(to.parent().unwrap_or(to))
}

/// The name under which a file is written until it is complete.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".unfinished");
    PathBuf::from(name)
}

/// Renames a file whose contents are on the disk; the new name is there for good after [`sync_folder`].
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), TableError> {
    fs::rename(from, to).map_err(|cause| unwritable(to, &cause))
}

/// Makes a folder, and those above it, where they are not there yet.
pub(crate) fn make_folder(folder: &Path) -> Result<(), TableError> {
    let is_missing = |one: &&Path| !one.as_os_str().is_empty() && !one.exists();
    let missing: Vec<&Path> = folder.ancestors().take_while(is_missing).collect();
    fs::create_dir_all(folder).map_err(|cause| unwritable(folder, &cause))?;
    missing.into_iter().filter_map(Path::parent).try_for_each(sync_folder)
}

/// Waits until what was made, renamed and removed in `folder` is on the disk.
///
/// Only Unix knows how, and there not every file system: where it cannot be asked for, the names are as safe as can be.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), TableError> {
    // The folder of a bare file name is the one that the program runs in.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let synced = if cfg!(unix) { File::open(folder).and_then(|open| open.sync_all()) } else { Ok(()) };
    match synced {
        Err(cause) if !matches!(cause.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Err(unwritable(folder, &cause))
        }
        _ => Ok(()),
    }
}

pub(crate) fn unwritable(path: &Path, cause: &io::Error) -> TableError {
    At::file(path).error(cause.to_string(), "must be a place that can be written to")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.json");
        for contents in ["a long first one", "short"] {
            replace_file(&path, contents.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), contents);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn what_cannot_be_written_is_named_and_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.json");
        fs::write(&path, "old").unwrap();
        // A folder in the way, which no file can take the place of.
        fs::create_dir(beside(&path)).unwrap();
        let error = replace_file(&path, b"new").unwrap_err().to_string();
        assert!(error.contains("run.json.unfinished") && error.contains("must be a place"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    }

    #[test]
    fn folders_above_are_made_and_a_file_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/c");
        make_folder(&deep).unwrap();
        make_folder(&deep).unwrap();
        assert!(deep.is_dir());
        fs::write(folder.path().join("file"), "").unwrap();
        let error = make_folder(&folder.path().join("file/plans")).unwrap_err().to_string();
        assert!(error.contains("file/plans") && error.contains("must be a place"), "{error}");
    }

    #[test]
    fn the_folder_of_a_bare_name_can_be_synced_and_a_missing_one_is_an_error() {
        sync_folder(Path::new("plans").parent().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(sync_folder(&folder.path().join("gone")).is_err(), cfg!(unix));
    }
}
