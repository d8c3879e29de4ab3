//! Fleets, prices and plans in CSV, Parquet and JSON.
//!
//! In: [`Fleet::open`] reads a folder of tables, [`read_home_json`] a single home; [`Fleet::homes`] gives
//! every home on the horizon of a [`PlanWindow`]. Out: [`FleetWriter`] and [`PlanWriter`]. Every error is a
//! [`TableError`] that names file, row, column, value and what is allowed. `docs/tables.md` lists all tables.
//!
//! ```no_run
//! use chrono::NaiveDate;
//! use offpeak_tables::{Fleet, PlanWindow};
//!
//! let day = NaiveDate::from_ymd_opt(2026, 1, 15).ok_or("no such day")?;
//! for entry in Fleet::open("fleet".as_ref(), None)?.homes(&PlanWindow::local_day(day)) {
//!     match entry.home {
//!         Ok(home) => println!("{}: {} intervals", entry.home_id, home.horizon.len()),
//!         Err(errors) => println!("{}: {}", entry.home_id, errors[0]),
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Columns carry their unit (`load_kw`, `end_value_ct_per_kwh`); instants are UTC; a missing value is never 0.

mod by_home;
mod cells;
mod chunk;
mod csv;
mod decode;
mod durable;
mod error;
mod fleet;
mod fleet_spans;
mod fleet_tables;
mod fleet_write;
mod grid_fee;
mod home_series;
mod json;
mod named_series;
mod origin;
mod parquet;
mod parquet_pages;
mod plan_parts;
mod plan_read;
mod plan_summary;
mod plan_write;
mod prices;
mod replay_window;
mod resolve;
mod results;
mod rows;
mod schema;
mod series;
mod source;
mod stamp;
mod summary_rows;
mod tariff;
mod usage;
mod window;

pub use durable::{rename_file, replace_file};
pub use error::{Place, TableError};
pub use fleet::{Fleet, HomeEntry, Homes, read_home_json};
pub use fleet_spans::{SpanEntry, SpanHomes, TariffEntry};
pub use fleet_write::{FleetWriter, Format, ROWS_PER_GROUP, Value};
pub use plan_read::{Schedules, WrittenSchedule, read_schedules, read_summary};
pub use plan_summary::{Outcome, PlannedHome, PlannedSummary, Summary};
pub use plan_write::PlanWriter;
pub use replay_window::ReplayWindow;
pub use results::{ResultRow, ResultsWriter, read_results};
pub use usage::Usage;
pub use window::{PlanWindow, Span};
