//! Fleets, prices and plans in CSV, Parquet and JSON.

mod by_home;
mod cells;
mod chunk;
mod csv;
mod decode;
mod error;
mod fleet;
mod fleet_tables;
mod fleet_write;
mod grid_fee;
mod home_series;
mod json;
mod named_series;
mod origin;
mod parquet;
mod plan_parts;
mod plan_read;
mod plan_summary;
mod plan_write;
mod prices;
mod resolve;
mod rows;
mod schema;
mod series;
mod source;
mod stamp;
mod summary_rows;
mod tariff;
mod window;

pub use error::{Place, TableError};
pub use fleet::{Fleet, HomeEntry, Homes, read_home_json};
pub use fleet_write::{FleetWriter, Format, ROWS_PER_GROUP, Value};
pub use plan_read::{Schedules, WrittenSchedule, read_schedules, read_summary};
pub use plan_summary::{Outcome, PlannedHome, PlannedSummary, Summary};
pub use plan_write::PlanWriter;
pub use window::{PlanWindow, Span};
