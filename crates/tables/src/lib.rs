//! Fleets, prices and plans in CSV, Parquet and JSON.

mod cells;
mod chunk;
mod csv;
mod decode;
mod error;
mod parquet;
mod schema;
mod series;
mod source;
mod stamp;

pub use error::{Place, TableError};
