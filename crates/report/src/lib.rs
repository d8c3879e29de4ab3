//! A plan, or a replay, as one page to look at: charts, decisions and what they are worth.
//!
//! [`HomeView::of`], [`FleetView::of`] and [`StudyBuilder`] gather what there is to show, [`page`] writes it as one HTML file that needs
//! nothing else: no network, no folder beside it. Nothing here reads a file or a clock; the same report is the same bytes.
//!
//! Every number in a view is rounded to four decimals, energies are in kWh, powers in kW, money in ct.

mod binding;
mod chart;
mod decision;
mod fleet;
mod histogram;
mod home;
mod html;
mod levels;
mod number;
mod report;
mod shadow;
mod study;
mod times;
mod tracks;
mod waterfall;

pub use binding::{Binding, Source};
pub use chart::{Chart, ChartError, plan_charts, study_charts};
pub use decision::Decision;
pub use fleet::{FleetRow, FleetView, MOST_ROWS};
pub use histogram::Histogram;
pub use home::{HomeInput, HomeView};
pub use html::page;
pub use levels::Level;
pub use report::{Fact, Report};
pub use shadow::ShadowPrice;
pub use study::{HomeTotal, HourTotal, StudyBuilder, StudyGroup, StudyKey, StudyView};
pub use tracks::{Role, Track};
pub use waterfall::Step;
