//! The table `homes`.

use chrono_tz::Tz;
use offpeak_domain::{
    CentsPerGram, CentsPerKilowatt, CentsPerKilowattHour, DEFAULT_OVERSHOOT_PRICE, Kilowatts,
};

use super::{KW, PENALTY};
use crate::cells::Row;
use crate::error::{At, TableError, did_you_mean};
use crate::schema::Schema;

/// One row per home.
pub(crate) const HOMES: Schema = Schema {
    name: "homes",
    required: &["home_id", "tariff_id", "import_limit_kw"],
    optional: &[
        "time_zone",
        "outdoor_id",
        "export_limit_kw",
        "can_curtail",
        "peak_price_ct_per_kw",
        "peak_reached_kw",
        "peak_window",
        "co2_id",
        "co2_weight_ct_per_kg",
        "overshoot_price_ct_per_kwh",
    ],
};

/// A home without its devices and its series.
#[derive(Debug, Clone)]
pub(crate) struct HomeRow {
    pub(crate) at: At,
    pub(crate) zone: Tz,
    pub(crate) tariff_id: String,
    pub(crate) outdoor_id: Option<String>,
    pub(crate) import_limit: Kilowatts,
    pub(crate) export_limit: Kilowatts,
    pub(crate) can_curtail: bool,
    pub(crate) peak: Option<PeakWish>,
    pub(crate) co2: Option<Co2Wish>,
    pub(crate) overshoot_price: CentsPerKilowattHour,
}

/// A charge on the highest import of a billing window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PeakWish {
    pub(crate) price: CentsPerKilowatt,
    /// The peak of the window in which the plan starts.
    pub(crate) reached: Kilowatts,
    pub(crate) window: PeakWindow,
}

/// The length of a billing window, by the local calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PeakWindow {
    Day,
    Month,
}

/// A series of carbon intensity and what a gram counts.
#[derive(Debug, Clone)]
pub(crate) struct Co2Wish {
    pub(crate) id: String,
    pub(crate) weight: CentsPerGram,
}

impl HomeRow {
    /// Reads all but the `home_id`.
    pub(crate) fn read(row: &Row<'_>) -> Result<Self, TableError> {
        let import_limit = row.number("import_limit_kw", KW)?;
        let overshoot = row.number_or("overshoot_price_ct_per_kwh", DEFAULT_OVERSHOOT_PRICE.0, PENALTY)?;
        Ok(Self {
            at: row.at(),
            zone: time_zone(row)?,
            tariff_id: row.text("tariff_id")?.into_owned(),
            outdoor_id: row.optional_text("outdoor_id")?.map(Into::into),
            import_limit: Kilowatts(import_limit),
            export_limit: Kilowatts(row.number_or("export_limit_kw", import_limit, KW)?),
            can_curtail: row.boolean_or("can_curtail", false)?,
            peak: peak(row)?,
            co2: co2(row)?,
            overshoot_price: CentsPerKilowattHour(overshoot),
        })
    }
}

fn time_zone(row: &Row<'_>) -> Result<Tz, TableError> {
    let Some(name) = row.optional_text("time_zone")? else { return Ok(Tz::Europe__Berlin) };
    name.parse().map_err(|_| {
        let error =
            row.refuse("time_zone", "must be a name of the time zone database, such as Europe/Berlin");
        match did_you_mean(&name, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    })
}

fn peak(row: &Row<'_>) -> Result<Option<PeakWish>, TableError> {
    let reached = Kilowatts(row.number_or("peak_reached_kw", 0.0, KW)?);
    let words = [("day", PeakWindow::Day), ("month", PeakWindow::Month)];
    let window = row.word_or("peak_window", PeakWindow::Month, &words)?;
    let price = row.optional_number("peak_price_ct_per_kw", PENALTY)?;
    Ok(price.map(|price| PeakWish { price: CentsPerKilowatt(price), reached, window }))
}

fn co2(row: &Row<'_>) -> Result<Option<Co2Wish>, TableError> {
    let per_kilogram = row.number_or("co2_weight_ct_per_kg", 0.0, PENALTY)?;
    if per_kilogram == 0.0 {
        return Ok(None);
    }
    let Some(id) = row.optional_text("co2_id")? else {
        return Err(row.refuse("co2_id", "must be given where co2_weight_ct_per_kg is"));
    };
    Ok(Some(Co2Wish { id: id.into_owned(), weight: CentsPerGram(per_kilogram / 1000.0) }))
}
