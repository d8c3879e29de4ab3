//! Guards the decoders against bytes they were not made for.

use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::PolarsError;

use crate::error::{At, TableError};

/// Runs a decoder; what it refuses, and what makes it panic, becomes an error about the file.
///
/// The Parquet decoder trusts lengths and offsets in the file and may panic on a damaged one. A file
/// is input like any other, so a panic here must not end the program. Nothing the decoder may have
/// left half-done is used afterwards.
pub(crate) fn decode<T>(
    at: &At,
    format: &str,
    decoder: impl FnOnce() -> Result<T, PolarsError>,
) -> Result<T, TableError> {
    let allowed = format!("must be a valid {format} file");
    match catch_unwind(AssertUnwindSafe(decoder)) {
        Ok(Ok(decoded)) => Ok(decoded),
        Ok(Err(error)) => {
            let reason = error.to_string();
            let first_line = reason.lines().next().unwrap_or_default();
            Err(at.error(format!("cannot be decoded: {first_line}"), allowed))
        }
        Err(_) => Err(at.error("cannot be decoded: it is damaged", allowed)),
    }
}
