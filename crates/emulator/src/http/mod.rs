//! The provider's resources over HTTP.

pub(crate) mod answer;
pub(crate) mod bearer;
pub(crate) mod common;
pub(crate) mod grid_fee_reductions;
pub(crate) mod invoices;
pub(crate) mod load_forecasts;
pub(crate) mod meter_readings;
pub(crate) mod organisation;
pub(crate) mod page;
pub(crate) mod params;
pub(crate) mod router;
pub(crate) mod subscription_json;
pub(crate) mod subscriptions;
pub(crate) mod unplayed;
