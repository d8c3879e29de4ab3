//! A table's file, read in chunks of rows.

use std::path::{Path, PathBuf};

use crate::chunk::Chunk;
use crate::csv::CsvChunks;
use crate::error::{At, TableError};
use crate::parquet::ParquetChunks;
use crate::schema::Schema;

/// The chunks of a table; the first error ends them.
pub(crate) struct Source {
    file: File,
    failed: bool,
}

enum File {
    Csv(CsvChunks),
    Parquet(ParquetChunks),
    Memory(Option<Chunk>),
}

impl Source {
    /// Opens a CSV or Parquet file, told apart by its extension, and checks its columns.
    pub(crate) fn open(path: &Path, schema: &Schema) -> Result<Self, TableError> {
        let extension = path.extension().and_then(|extension| extension.to_str());
        let file = match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("csv") => File::Csv(CsvChunks::open(path, schema)?),
            Some("parquet") => File::Parquet(ParquetChunks::open(path, schema)?),
            _ => {
                let found = extension.map_or_else(|| "no extension".to_owned(), |found| format!(".{found}"));
                return Err(At::file(path).error(found, "must be a .csv or .parquet file"));
            }
        };
        Ok(Self { file, failed: false })
    }

    /// A table that is in memory already, such as a list of a JSON file.
    pub(crate) fn memory(chunk: Chunk) -> Self {
        Self { file: File::Memory(Some(chunk)), failed: false }
    }

    /// Opens a table of a folder if it is there.
    pub(crate) fn find(folder: &Path, schema: &Schema) -> Result<Option<Self>, TableError> {
        match find_file(folder, schema.name)? {
            Some(path) => Self::open(&path, schema).map(Some),
            None => Ok(None),
        }
    }
}

/// The file of a table in a folder, if there is one.
///
/// # Errors
/// [`TableError`] if it is there both as CSV and as Parquet.
pub(crate) fn find_file(folder: &Path, name: &str) -> Result<Option<PathBuf>, TableError> {
    let csv = folder.join(format!("{name}.csv"));
    let parquet = folder.join(format!("{name}.parquet"));
    match (csv.exists(), parquet.exists()) {
        (true, true) => Err(At::file(&csv)
            .error(format!("{} is there too", parquet.display()), "must be there in one form only")
            .hint("remove one of the two files")),
        (true, false) => Ok(Some(csv)),
        (false, true) => Ok(Some(parquet)),
        (false, false) => Ok(None),
    }
}

impl Iterator for Source {
    type Item = Result<Chunk, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let chunk = match &mut self.file {
            File::Csv(chunks) => chunks.next_chunk(),
            File::Parquet(chunks) => chunks.next_chunk(),
            File::Memory(chunk) => Ok(chunk.take()),
        };
        self.failed = chunk.is_err();
        chunk.transpose()
    }
}
