//! Tariffs of 2026, and the grid fees of a made-up grid operator.

use chrono::{Datelike, NaiveDate};
use offpeak_tables::{FleetWriter, TableError, Value};
use rand_chacha::ChaCha8Rng;

use crate::random::Draw;

/// The id of the made-up market series.
pub(crate) const PRICE_ID: &str = "day_ahead";
const GRID_OPERATOR: &str = "sample-netz";

/// Net ct/kWh of 2026: KWKG levy 0.446, offshore levy 0.941, special grid use 1.559 (transmission
/// system operators, October 2025), electricity tax 2.05 (`StromStG`, section 3), concession fee 1.59
/// (section 2 KAV, up to 100,000 inhabitants).
const LEVIES: f64 = 0.446 + 0.941 + 1.559 + 2.05 + 1.59;
/// Net ct/kWh that suppliers of dynamic tariffs take: 1.5 to 2.2.
const MARKUP: f64 = 1.8;
/// Net ct/kWh of energy in a fixed tariff of 2026 (BDEW-Strompreisanalyse: 13 to 16 with sales).
const FIXED_ENERGY: f64 = 14.2;
/// Net ct/kWh for the grid; 16 published sheets for 2026 lie from 3.2 to 9.5.
const GRID_FEE: f64 = 7.6;
/// Bands within the rules of section 14a, module 3: HT at most twice ST for at least 2 h, NT 10 to 40 %
/// of ST, in at least two quarters.
const BANDS: [(&str, &str, &str, f64); 4] = [
    ("NT", "00:00", "06:00", 2.6),
    ("ST", "06:00", "17:00", GRID_FEE),
    ("HT", "17:00", "21:00", 12.4),
    ("ST", "21:00", "24:00", GRID_FEE),
];
const ACTIVE_QUARTERS: &str = "Q1+Q4";
const OTHER_QUARTERS: &str = "Q2+Q3";

/// Feed-in of a roof up to 10 kWp from February 2026, in ct/kWh (section 48 EEG, Bundesnetzagentur).
const FEED_IN: f64 = 7.78;

/// How a home pays for energy and grid.
#[derive(Debug, Clone, Copy)]
struct Import {
    id: &'static str,
    kind: &'static str,
    module_3: bool,
    share: f64,
}

/// Homes with flexible devices that plan them; assumed, as there is no count of tariffs by kind.
const IMPORTS: [Import; 3] = [
    Import { id: "dynamic", kind: "day_ahead", module_3: false, share: 0.55 },
    Import { id: "dynamic-module3", kind: "day_ahead", module_3: true, share: 0.30 },
    Import { id: "fixed-module3", kind: "fixed", module_3: true, share: 0.15 },
];

/// How a home is paid for feeding in.
#[derive(Debug, Clone, Copy)]
struct FeedIn {
    id: &'static str,
    kind: &'static str,
    ct_per_kwh: Option<f64>,
    zero_when_negative: bool,
    share: f64,
}

/// Roofs before and since 2025-02-25 (section 51 EEG), and direct marketing.
const FEED_INS: [FeedIn; 3] = [
    FeedIn { id: "eeg", kind: "fixed", ct_per_kwh: Some(FEED_IN), zero_when_negative: false, share: 0.55 },
    FeedIn { id: "eeg51", kind: "fixed", ct_per_kwh: Some(FEED_IN), zero_when_negative: true, share: 0.38 },
    FeedIn { id: "market", kind: "market", ct_per_kwh: None, zero_when_negative: false, share: 0.07 },
];
const NO_FEED_IN: FeedIn =
    FeedIn { id: "consumer", kind: "none", ct_per_kwh: None, zero_when_negative: false, share: 0.0 };

/// The tariff of a home that feeds in.
pub(crate) fn draw_with_feed_in(stream: &mut ChaCha8Rng) -> String {
    let import = draw_import(stream);
    id(import, &FEED_INS[stream.weighted(&FEED_INS.map(|feed_in| feed_in.share))])
}

/// The tariff of a home without roof.
pub(crate) fn draw_without_feed_in(stream: &mut ChaCha8Rng) -> String {
    id(draw_import(stream), &NO_FEED_IN)
}

fn draw_import(stream: &mut ChaCha8Rng) -> &'static Import {
    &IMPORTS[stream.weighted(&IMPORTS.map(|import| import.share))]
}

fn id(import: &Import, feed_in: &FeedIn) -> String {
    format!("{}-{}", import.id, feed_in.id)
}

/// Writes all tariffs and the grid fees, which hold from the year of `date`.
pub(crate) fn write(writer: &mut FleetWriter, date: NaiveDate) -> Result<(), TableError> {
    for import in &IMPORTS {
        for feed_in in FEED_INS.iter().chain([&NO_FEED_IN]) {
            write_tariff(writer, import, feed_in)?;
        }
    }
    let valid_from = format!("{}-01-01", date.year());
    let mut fee = |quarters: &str, (band, from, to, ct): (&str, &str, &str, f64)| {
        writer.write(
            "grid_fees",
            &[
                ("dso_id", GRID_OPERATOR.into()),
                ("dso_name", "Sample-Netz (made up)".into()),
                ("valid_from", (&valid_from).into()),
                ("quarters", quarters.into()),
                ("band", band.into()),
                ("from_local", from.into()),
                ("to_local", to.into()),
                ("ct_per_kwh_net", ct.into()),
            ],
        )
    };
    BANDS.iter().try_for_each(|band| fee(ACTIVE_QUARTERS, *band))?;
    fee(OTHER_QUARTERS, ("ST", "00:00", "24:00", GRID_FEE))
}

fn write_tariff(writer: &mut FleetWriter, import: &Import, feed_in: &FeedIn) -> Result<(), TableError> {
    let fixed = import.kind == "fixed";
    // The market series also says when and what feed-in is paid.
    let needs_market = !fixed || feed_in.zero_when_negative || feed_in.kind == "market";
    let id = id(import, feed_in);
    writer.write(
        "tariffs",
        &[
            ("tariff_id", (&id).into()),
            ("kind", import.kind.into()),
            ("price_id", Value::Text(needs_market.then_some(PRICE_ID))),
            ("fixed_ct_per_kwh", Value::Number(fixed.then_some(FIXED_ENERGY))),
            ("markup_ct_per_kwh", (if fixed { 0.0 } else { MARKUP }).into()),
            ("levies_ct_per_kwh", crate::random::rounded(LEVIES, 3).into()),
            ("grid_fee_ct_per_kwh", Value::Number((!import.module_3).then_some(GRID_FEE))),
            ("grid_fee_id", Value::Text(import.module_3.then_some(GRID_OPERATOR))),
            ("feed_in", feed_in.kind.into()),
            ("feed_in_ct_per_kwh", feed_in.ct_per_kwh.into()),
            ("feed_in_zero_when_negative", feed_in.zero_when_negative.into()),
        ],
    )
}
