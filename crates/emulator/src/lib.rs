//! A provider of dynamic tariffs, played on loopback: consent, tokens that rotate, prices, usage and invoices, and faults.
//!
//! It answers as the Nomos API does by its published document, for tests and for whoever tries the product without an
//! account. Everything follows from a seed and the time, so a run can be repeated; customers are computed from
//! their number, so a hundred thousand take no memory.
//!
//! ```no_run
//! # async fn show() -> Result<(), Box<dyn std::error::Error>> {
//! use offpeak_emulator::{Emulator, EmulatorConfig, Fault, FaultKind, fixed_clock};
//!
//! let now = "2026-03-28T15:00:00Z".parse()?;
//! let emulator = Emulator::start(EmulatorConfig::new(fixed_clock(now))).await?;
//! emulator.add_fault(Fault::new(FaultKind::DropAnswer, "/oauth/token").once());
//! println!("{}", emulator.base_url());
//! # Ok(())
//! # }
//! ```
//!
//! Customer `n` is `cus_emu<n>` with the subscription `sub_emu<n>c`, and `sub_emu<n>f` for feed-in; numbers have eight
//! digits. What each has, follows from its number:
//!
//! | customer | has |
//! | --- | --- |
//! | every 4th (4, 8, ...) | a feed-in subscription besides the consumption one |
//! | 2, 6, 10, ... | the hourly plan; all others one of quarter-hours |
//! | 1, 6, 11, ... | §14a modules 1 and 3 activated: a grid fee that varies within the day |
//! | 3, 8, 13, ... | §14a module 2 ordered, which changes nothing yet |
//! | 10, 20, 30, ... | an analog meter: monthly estimates |
//! | 49, 99, 149, ... | a subscription that has ended |
//! | 50, 100, 150, ... | a subscription that is pending |
//!
//! Steering while it runs: `GET /__stats`, `POST /__fault/{kind}`, `POST /__clock`, `POST /__grants`, `POST /__revoke`,
//! `POST /__subscriptions/{id}/status`, `POST /__webhook`.
//!
//! An invoice's total is the sum over its quarter-hours of final usage (whole Wh) times the interval's price
//! (hundredths of ct/kWh), without rounding on the way, then rounded once to cents (half away from zero), plus the base fee. An
//! analog meter's month is billed at the plain mean of its prices. A feed-in invoice is a credit: its total is negative.

mod admin;
mod clock;
mod config;
mod emulator;
mod error;
mod fault;
mod http;
mod mac;
mod oauth;
mod server;
mod state;
mod stats;
mod text;
mod world;

pub use admin::webhook::{WebhookCall, WebhookSent};
pub use clock::{Clock, fixed_clock};
pub use config::{Client, Denial, EmulatorConfig, Reuse, Unpublished};
pub use emulator::{Emulator, Tokens};
pub use error::EmulatorError;
pub use fault::{Fault, FaultKind};
pub use stats::Stats;
