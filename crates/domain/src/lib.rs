//! What a home is, what a plan is, and what both cost: no files, no clock, no solver.
//!
//! A [`Home`] holds all that planning one home over one [`Horizon`] needs. [`Setpoints`] are
//! decisions; [`Costed::of`] settles them into states and money. A [`Plan`] adds a [`Certificate`].
//!
//! Conventions: powers are means over an interval (`len` values), stored energies and temperatures
//! stand at interval edges (`len + 1` values). Power into a device is positive; grid import and export are
//! two numbers of at least 0. Money is in ct, a cost positive. Instants are UTC.

mod appliance;
mod battery;
mod error;
mod ev;
mod grid;
mod grid_fee;
mod heat_pump;
mod home;
mod horizon;
mod money;
mod plan;
mod proof;
mod savings;
mod schedule;
mod tariff;
mod units;
mod warm_start;

pub use appliance::{Appliance, DEFAULT_SKIP_PENALTY};
pub use battery::{Battery, DEFAULT_SHORTFALL_PRICE};
pub use error::InvalidInput;
pub use ev::{Ev, EvDischarge, EvEnd, EvSession, PowerRange, Urgent};
pub use grid::{Co2, DEFAULT_OVERSHOOT_PRICE, Grid, PeakCharge, dimmed_import_limit};
pub use grid_fee::{GridFee, GridFeeWindow, TimeVariableGridFee};
pub use heat_pump::{Building, Compression, CompressorState, HeatPump, HotWater, Rooms, StartCap};
pub use home::{Home, HomeSpec};
pub use horizon::{Horizon, YEARS, local_instant};
pub use money::{Money, RUNNING, Shortfalls, account, compressor_starts};
pub use plan::{Certificate, Costed, GapTolerance, Plan, Termination};
pub use proof::{Fixed, Fixing, Leaf, Multipliers, Pivot, Proof, PumpPrices, StorePrices};
pub use savings::{Savings, savings};
pub use schedule::{HeatPumpPower, Schedule, Setpoints, StorePower};
pub use tariff::{FeedIn, FeedInPay, GERMAN_VAT, ImportTariff, PriceSignals, Prices, Surcharges, Tariff};
pub use units::{
    Celsius, Cents, CentsPerGram, CentsPerKelvinHour, CentsPerKilowatt, CentsPerKilowattHour,
    EurosPerMegawattHour, GramsPerKilowattHour, Hours, Kelvins, KelvinsPerKilowatt, KilowattHours,
    KilowattHoursPerKelvin, Kilowatts, Percent,
};
pub use warm_start::WarmStart;
