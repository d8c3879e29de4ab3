//! Homes over months: what policies would have cost with what they could have known.
//!
//! A [`Span`] is the truth about a home; [`replay`] steps through it under a [`PolicySpec`], which sees only what is
//! [`Known`]. What really happens decides the plant: load, sun, weather and cars are those of the span, and fuse, capacity and
//! comfort hold. Every day that is over is settled, costed and audited.

mod calendar;
mod day;
mod error;
mod knowledge;
mod ledger;
mod outlook;
mod plant;
mod policies;
mod replay;
mod signal;
mod span;
mod state;
mod tariff;
mod window;
mod worth;

pub use day::Day;
pub use error::ReplayError;
pub use knowledge::{Forecasts, Known, Method, Window};
pub use ledger::DayRow;
pub use plant::{Applied, Wishes};
pub use policies::{CarRule, HeatRule, Planning, Policy, PolicyKind, PolicySpec, Replan, Rules};
pub use replay::{Case, Replay, replay, replay_with};
pub use span::Span;
pub use state::{PumpState, Run, State};
pub use tariff::{Publication, SpanTariff};
