//! `certificates.jsonl`, beside the plans: a line a home with the multipliers that prove its bound.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use offpeak_domain::Proof;
use offpeak_tables::rename_file;
use serde::{Deserialize, Serialize};

const NAME: &str = "certificates.jsonl";
const UNFINISHED: &str = "certificates.unfinished.jsonl";

/// The proof of one home; none where its backend leaves nothing that can be recomputed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) home_id: String,
    pub(crate) proof: Option<Proof>,
}

/// Writes proofs home by home; the file takes its name only when it is complete.
pub(crate) struct Writer {
    folder: PathBuf,
    file: BufWriter<File>,
}

impl Writer {
    /// Begins the file in `folder`, or removes an earlier one where no certificates are `wanted`.
    pub(crate) fn create(folder: &Path, wanted: bool) -> Result<Option<Self>> {
        if !wanted {
            // Certificates of other plans than those beside them would refute them.
            return match fs::remove_file(folder.join(NAME)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(error).with_context(|| format!("{} can't be removed", folder.join(NAME).display()))
                }
                _ => Ok(None),
            };
        }
        let path = folder.join(UNFINISHED);
        let file = File::create(&path).with_context(|| format!("{} can't be written", path.display()))?;
        Ok(Some(Self { folder: folder.to_owned(), file: BufWriter::new(file) }))
    }

    pub(crate) fn write(&mut self, home_id: &str, proof: Option<&Proof>) -> Result<()> {
        let proof = proof.filter(|proof| proof.bound().0.is_finite()).cloned();
        let line = serde_json::to_string(&Line { home_id: home_id.to_owned(), proof })?;
        writeln!(self.file, "{line}").context("the certificates can't be written")
    }

    pub(crate) fn finish(mut self) -> Result<()> {
        self.file.flush().context("the certificates can't be completed")?;
        self.file.get_ref().sync_all().context("the certificates can't be completed")?;
        rename_file(&self.folder.join(UNFINISHED), &self.folder.join(NAME))
            .context("the certificates can't be completed")
    }
}

/// Whether `folder` holds certificates.
pub(crate) fn is_there(folder: &Path) -> bool {
    folder.join(NAME).is_file()
}

/// Reads proofs in the order of the plans.
pub(crate) struct Reader {
    path: PathBuf,
    lines: std::io::Lines<BufReader<File>>,
    row: usize,
}

impl Reader {
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(NAME);
        let file = File::open(&path)
            .with_context(|| format!("{} can't be read; hint: plan with `--certificates`", path.display()))?;
        Ok(Self { path, lines: BufReader::new(file).lines(), row: 0 })
    }

    /// The proof of the next planned home, which must be `home_id`.
    pub(crate) fn next(&mut self, home_id: &str) -> Result<Option<Proof>> {
        self.row += 1;
        let place = || format!("{}, line {}", self.path.display(), self.row);
        let Some(line) = self.lines.next() else {
            bail!("{}: there is no line for home `{home_id}`", place());
        };
        let line: Line = serde_json::from_str(&line.with_context(place)?).with_context(place)?;
        if line.home_id != home_id {
            bail!("{}: home_id is `{}`, expected `{home_id}`, the next planned home", place(), line.home_id);
        }
        Ok(line.proof)
    }
}
