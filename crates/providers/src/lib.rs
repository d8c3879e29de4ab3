//! Reads prices, usage and invoices from providers, normalised to gap-free series.
//!
//! Consent is somebody else's: a bearer token comes with each call and is kept nowhere. What comes out is either
//! right or named as missing: a [`PriceSeries`] has one price per interval of whole local days, in integers of
//! 1e-5 ct/kWh; days that the provider has not published are [`Publication::NotYetPublished`]; everything
//! else is a [`ProviderError`] with the provider's request id. Gaps, nulls and runs of zeros never become cheap hours.
//!
//! | source | what a series is | access |
//! | --- | --- | --- |
//! | [`Nomos`] | a subscription, all-in or feed-in pay | bearer token of the customer, or of the organisation |
//! | [`EnergyCharts`] | a bidding zone, day-ahead | none |
//! | [`Smard`] | Germany and Luxembourg, day-ahead | none |
//!
//! The answers of Nomos are known from its `OpenAPI` document and guides, those of Energy-Charts and SMARD from public
//! documentation and recordings; none of them was asked over the internet by the tests here.
//!
//! ```no_run
//! # async fn show() -> Result<(), offpeak_providers::ProviderError> {
//! use std::sync::Arc;
//! use offpeak_providers::{BaseUrl, BiddingZone, Budget, EnergyCharts, Http, HttpSettings, LocalDays, PriceSource, Publication};
//!
//! # let clock: offpeak_providers::Clock = Arc::new(|| chrono::DateTime::UNIX_EPOCH);
//! let http = Arc::new(Http::new(HttpSettings::default(), Arc::new(Budget::per_second(1.0)?), 7, clock)?);
//! let source = EnergyCharts::new(http, BaseUrl::parse(EnergyCharts::URL)?);
//! let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 15).unwrap_or_default();
//! let days = LocalDays::new(day, day, chrono_tz::Europe::Berlin)?;
//! if let Publication::Complete(series) = source.prices(&BiddingZone::parse("DE-LU")?, days).await? {
//!     println!("{} prices from {}", series.prices.len(), series.start_utc());
//! }
//! # Ok(())
//! # }
//! ```

mod base_url;
mod budget;
mod days;
mod decimal;
mod energy_charts;
mod error;
mod http;
mod nomos;
mod normalise;
mod series;
mod smard;
mod source;
mod spot;
mod usage;

pub use base_url::BaseUrl;
pub use budget::Budget;
pub use days::{LocalDays, Resolution};
pub use decimal::{Energy, Money, Price};
pub use energy_charts::EnergyCharts;
pub use error::{ErrorCode, ProviderError, RequestId};
pub use http::{Clock, Http, HttpSettings};
pub use nomos::{
    Connection, Direction, GridFeeModule, GridFeeReduction, Invoice, InvoiceFile, InvoiceKind, InvoiceStatus,
    Nomos, NomosOrganisation, NomosSeries, ReductionStatus, Subscription, SubscriptionStatus, connections,
};
pub use normalise::{Gap, SeriesError, UnpublishedDay};
pub use series::{Component, Components, PriceKind, PriceSeries, Publication, Settled, Vat};
pub use smard::Smard;
pub use source::PriceSource;
pub use spot::BiddingZone;
pub use usage::{MeterKind, UsageReading, UsageResolution, UsageSeries, UsageStatus};
