//! Checks what the pages of a Parquet file say about their size, before they are decoded.
//!
//! The decoder reserves memory by counts in the file. A damaged count is no panic that could be caught: the
//! program would end for want of memory. So every count is held against the others and against fixed bounds first.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};

use polars::prelude::{PolarsError, PolarsResult};
use polars_parquet::parquet::metadata::{ColumnChunkMetadata, RowGroupMetadata};
use polars_parquet::parquet::page::CompressedPage;
use polars_parquet::read::PageReader;

/// Most rows of a row group: writers make groups of a hundred thousand to a million.
const MOST_ROWS: usize = 1 << 24;

/// Most bytes of a page, compressed or not: writers make pages of about a megabyte.
const MOST_BYTES: usize = 1 << 28;

/// Fails unless every column of a row group has as many values as the group has rows.
///
/// Reads the headers of the pages; decompresses and decodes nothing.
pub(crate) fn check_row_group(file: &mut File, group: &RowGroupMetadata) -> PolarsResult<()> {
    if group.num_rows() > MOST_ROWS {
        return Err(damaged(format!("a row group of more than {MOST_ROWS} rows")));
    }
    group.parquet_columns().iter().try_for_each(|column| check_column(file, column, group.num_rows()))
}

fn check_column(file: &mut File, column: &ColumnChunkMetadata, rows: usize) -> PolarsResult<()> {
    let range = column.byte_range();
    if range.end > file.metadata()?.len() {
        return Err(damaged("a column that reaches beyond the file"));
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(range.start))?;
    file.by_ref().take(range.end - range.start).read_to_end(&mut bytes)?;
    if usize::try_from(column.num_values()) != Ok(rows) {
        return Err(damaged(format!("{} values of a column in {rows} rows", column.num_values())));
    }
    let mut values = 0;
    for page in PageReader::new(Cursor::new(bytes.into()), column, Vec::new(), MOST_BYTES) {
        // A dictionary tells no size; it is below 2 GiB in any file.
        let CompressedPage::Data(page) = page? else { continue };
        let (found, size) = (page.num_values(), page.uncompressed_size());
        if found > rows || size > MOST_BYTES {
            return Err(damaged(format!("a page of {found} values and {size} bytes in {rows} rows")));
        }
        values += found;
    }
    if values == rows { Ok(()) } else { Err(damaged(format!("{values} values of a column in {rows} rows"))) }
}

fn damaged(found: impl Into<String>) -> PolarsError {
    PolarsError::ComputeError(found.into().into())
}
