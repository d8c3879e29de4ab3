//! Fleets, prices and plans in CSV, Parquet and JSON.
