//! Homes over months: what policies would have cost with what they could have known.
//!
//! A [`Span`] is the truth about a home; [`replay`] steps through it under a [`PolicySpec`], which sees only what is
//! [`Known`]. What really happens decides the plant: load, sun, weather and cars are those of the span, and fuse, capacity and
//! comfort hold. Every day that is over is settled, costed and audited.
//!
//! A [`Study`] replays homes x tariffs x policies in parallel, unit by unit, and can go on where it stopped. Its units are
//! deterministic: the same inputs give the same numbers on any number of threads, and after any interruption.

mod calendar;
mod checkpoint;
mod day;
mod error;
mod hours;
mod interval;
mod knowledge;
mod ledger;
mod outlook;
mod plant;
mod policies;
mod replay;
mod signal;
mod span;
mod state;
mod study;
mod summary;
mod tariff;
mod variant;
mod window;
mod worth;

pub use checkpoint::Checkpoints;
pub use day::Day;
pub use error::ReplayError;
pub use hours::HourRow;
pub use interval::IntervalRow;
pub use knowledge::{Forecasts, Known, Method, Window};
pub use ledger::{DayRow, by_month, sum};
pub use plant::{Applied, Following, Wishes};
pub use policies::{CarRule, HeatRule, Planning, Policy, PolicyKind, PolicySpec, Proofs, Replan, Rules};
pub use replay::{Case, Replay, replay, replay_with};
pub use span::Span;
pub use state::{PumpState, Run, State};
pub use study::{Study, StudyHome, Unit, UnitKey};
pub use summary::{BestTariff, UnitSummary, best_tariffs, summarise};
pub use tariff::{Publication, SpanTariff};
pub use variant::{Change, Variant};
