//! The table `tariffs`, and the prices that follow from it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use chrono_tz::Tz;
use offpeak_domain::{
    Cents, CentsPerKilowattHour, FeedIn, FeedInPay, GERMAN_VAT, GridFee, Horizon, ImportTariff, Percent,
    PriceSignals, Prices, Surcharges, Tariff, TimeVariableGridFee,
};

use crate::cells::Row;
use crate::chunk::Chunk;
use crate::error::{At, TableError};
use crate::prices::{DEFAULT_PRICE_ID, PriceBook, PriceKind};
use crate::schema::Schema;

/// One row per tariff.
pub(crate) const TARIFFS: Schema = Schema {
    name: "tariffs",
    required: &["tariff_id", "kind"],
    optional: &[
        "price_id",
        "market_price_id",
        "fixed_ct_per_kwh",
        "markup_ct_per_kwh",
        "levies_ct_per_kwh",
        "grid_fee_ct_per_kwh",
        "grid_fee_id",
        "vat_percent",
        "feed_in",
        "feed_in_ct_per_kwh",
        "feed_in_zero_when_negative",
        "standing_ct_per_day",
    ],
};

/// Columns that an all-in series holds already.
const SURCHARGES: [&str; 5] =
    ["markup_ct_per_kwh", "levies_ct_per_kwh", "grid_fee_ct_per_kwh", "grid_fee_id", "vat_percent"];

/// Prices and fees in ct/kWh that a tariff may have.
const CT_PER_KWH: std::ops::RangeInclusive<f64> = -1e4..=1e4;

/// All tariffs of a fleet, with the price series they build on.
#[derive(Debug)]
pub(crate) struct TariffBook {
    tariffs: BTreeMap<String, Entry>,
    prices: PriceBook,
    known: Mutex<HashMap<(String, Tz), Known>>,
}

/// The prices of a tariff on the horizon last asked for.
type Known = (Horizon, Arc<Prices>);

/// A tariff, and the series it names.
#[derive(Debug)]
struct Entry {
    at: At,
    tariff: Tariff,
    price_id: String,
    /// The column that names the market series, and its id.
    market: (&'static str, String),
    /// What it costs a day, whatever is consumed.
    standing: Cents,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    DayAhead,
    AllIn,
    Fixed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pay {
    None,
    Fixed,
    Market,
    Series,
}

const KINDS: [(&str, Kind); 3] =
    [("day_ahead", Kind::DayAhead), ("all_in", Kind::AllIn), ("fixed", Kind::Fixed)];
const PAYS: [(&str, Pay); 4] =
    [("none", Pay::None), ("fixed", Pay::Fixed), ("market", Pay::Market), ("series", Pay::Series)];

impl TariffBook {
    /// Reads the tariffs, which may name series of `prices` and operators of `grid_fees`.
    pub(crate) fn read(
        chunks: impl Iterator<Item = Result<Chunk, TableError>>,
        grid_fees: &BTreeMap<String, TimeVariableGridFee>,
        prices: PriceBook,
    ) -> Result<Self, TableError> {
        let mut tariffs = BTreeMap::new();
        for chunk in chunks {
            for row in chunk?.iter() {
                let id = row.text("tariff_id")?.into_owned();
                if tariffs.contains_key(&id) {
                    return Err(row.refuse("tariff_id", "must be there once"));
                }
                tariffs.insert(id, entry(&row, grid_fees)?);
            }
        }
        Ok(Self { tariffs, prices, known: Mutex::default() })
    }

    /// Import and export prices of a tariff, one per interval, for a wall clock in `zone`.
    ///
    /// They are kept, because many homes share a tariff. `asked` is the row whose column `tariff_id` names it.
    ///
    /// # Errors
    /// [`TableError`] if there is no such tariff, or its series or grid fee windows do not cover the horizon.
    pub(crate) fn prices(
        &self,
        tariff_id: &str,
        horizon: &Horizon,
        zone: Tz,
        asked: &At,
    ) -> Result<Arc<Prices>, TableError> {
        let key = (tariff_id.to_owned(), zone);
        // What a panic elsewhere left behind is still whole: entries are only ever put in complete.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, prices)) = known.get(&key).filter(|(kept, _)| kept == horizon) {
            return Ok(Arc::clone(prices));
        }
        let Some(entry) = self.tariffs.get(tariff_id) else {
            let ids = self.tariffs.keys().take(20).map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(asked.column(
                "tariff_id",
                tariff_id,
                format!("must be a tariff of the table `tariffs`: {ids}"),
            ));
        };
        let prices = Arc::new(entry.prices(&self.prices, horizon, zone)?);
        known.insert(key, (horizon.clone(), Arc::clone(&prices)));
        Ok(prices)
    }

    /// Whether the prices of a tariff come out day by day, and what it costs a day; of no tariff: no, and nothing.
    pub(crate) fn terms(&self, tariff_id: &str) -> (bool, Cents) {
        let entry = self.tariffs.get(tariff_id);
        entry.map_or((false, Cents::ZERO), |entry| (entry.is_published(), entry.standing))
    }
}

impl Entry {
    /// Whether prices follow a series, whose values come out day by day.
    fn is_published(&self) -> bool {
        let Tariff { import, feed_in } = &self.tariff;
        let fixed = matches!(import, ImportTariff::Fixed { .. });
        let fed = matches!(feed_in.pay, FeedInPay::Market | FeedInPay::Series);
        !fixed || fed || feed_in.zero_when_negative
    }

    fn prices(&self, book: &PriceBook, horizon: &Horizon, zone: Tz) -> Result<Prices, TableError> {
        let Tariff { import, feed_in } = &self.tariff;
        let of_tariff = |kind| book.on(horizon, &self.price_id, kind, &self.at, "price_id").map(Some);
        let by_market = matches!(import, ImportTariff::DayAhead(_));
        let feeds_by_market = feed_in.pay == FeedInPay::Market || feed_in.zero_when_negative;
        let signals = PriceSignals {
            market: match &self.market {
                _ if by_market => of_tariff(PriceKind::Market)?,
                (column, id) if feeds_by_market => {
                    Some(book.on(horizon, id, PriceKind::Market, &self.at, column)?)
                }
                _ => None,
            },
            import: if *import == ImportTariff::AllIn { of_tariff(PriceKind::Import)? } else { None },
            export: if feed_in.pay == FeedInPay::Series { of_tariff(PriceKind::Export)? } else { None },
        };
        let prices = self.tariff.prices(&signals, horizon, zone);
        // The series are there, so what is left to be wrong are the windows of the grid fee.
        prices.map_err(|error| {
            self.at.column("grid_fee_id", format!("{}: {}", error.field, error.found), error.allowed)
        })
    }
}

fn entry(row: &Row<'_>, grid_fees: &BTreeMap<String, TimeVariableGridFee>) -> Result<Entry, TableError> {
    let kind = row.word("kind", &KINDS)?;
    if kind != Kind::Fixed && row.has("fixed_ct_per_kwh") {
        return Err(row.refuse("fixed_ct_per_kwh", "must be given for the kind fixed only"));
    }
    let import = match kind {
        Kind::DayAhead => ImportTariff::DayAhead(surcharges(row, grid_fees)?),
        Kind::Fixed => ImportTariff::Fixed {
            energy: CentsPerKilowattHour(row.number("fixed_ct_per_kwh", CT_PER_KWH)?),
            surcharges: surcharges(row, grid_fees)?,
        },
        Kind::AllIn => {
            if let Some(column) = SURCHARGES.into_iter().find(|column| row.has(column)) {
                return Err(
                    row.refuse(column, "must be missing for the kind all_in, whose prices hold everything")
                );
            }
            ImportTariff::AllIn
        }
    };
    let id = |column| row.optional_text(column);
    let price_id = id("price_id")?.unwrap_or(DEFAULT_PRICE_ID.into()).into_owned();
    let market = match id("market_price_id")? {
        Some(_) if kind == Kind::DayAhead => {
            return Err(
                row.refuse("market_price_id", "must be missing for the kind day_ahead, which has price_id")
            );
        }
        Some(id) => ("market_price_id", id.into_owned()),
        // The series of an all-in tariff holds import prices, so it cannot be the market's too.
        None if kind == Kind::AllIn => ("market_price_id", DEFAULT_PRICE_ID.to_owned()),
        None => ("price_id", price_id.clone()),
    };
    let standing = Cents(row.number_or("standing_ct_per_day", 0.0, CT_PER_KWH)?);
    Ok(Entry { at: row.at(), tariff: Tariff { import, feed_in: feed_in(row)? }, price_id, market, standing })
}

fn surcharges(
    row: &Row<'_>,
    grid_fees: &BTreeMap<String, TimeVariableGridFee>,
) -> Result<Surcharges, TableError> {
    let ct_per_kwh = |column| row.number_or(column, 0.0, CT_PER_KWH).map(CentsPerKilowattHour);
    Ok(Surcharges {
        markup: ct_per_kwh("markup_ct_per_kwh")?,
        levies: ct_per_kwh("levies_ct_per_kwh")?,
        grid_fee: grid_fee(row, grid_fees)?,
        vat: Percent(row.number_or("vat_percent", GERMAN_VAT.0, 0.0..=100.0)?),
    })
}

fn grid_fee(row: &Row<'_>, grid_fees: &BTreeMap<String, TimeVariableGridFee>) -> Result<GridFee, TableError> {
    let Some(id) = row.optional_text("grid_fee_id")? else {
        let flat = row.number_or("grid_fee_ct_per_kwh", 0.0, CT_PER_KWH)?;
        return Ok(GridFee::Flat(CentsPerKilowattHour(flat)));
    };
    if row.has("grid_fee_ct_per_kwh") {
        return Err(row.refuse("grid_fee_ct_per_kwh", "must be missing where grid_fee_id is given"));
    }
    match grid_fees.get(id.as_ref()) {
        Some(fee) => Ok(GridFee::TimeVariable(fee.clone())),
        None => Err(row.refuse("grid_fee_id", "must be a dso_id of the table `grid_fees`")),
    }
}

fn feed_in(row: &Row<'_>) -> Result<FeedIn, TableError> {
    let pay = row.word_or("feed_in", Pay::None, &PAYS)?;
    if pay != Pay::Fixed && row.has("feed_in_ct_per_kwh") {
        return Err(row.refuse("feed_in_ct_per_kwh", "must be given for the feed_in fixed only"));
    }
    Ok(FeedIn {
        pay: match pay {
            Pay::None => FeedInPay::None,
            Pay::Fixed => {
                FeedInPay::Fixed(CentsPerKilowattHour(row.number("feed_in_ct_per_kwh", CT_PER_KWH)?))
            }
            Pay::Market => FeedInPay::Market,
            Pay::Series => FeedInPay::Series,
        },
        zero_when_negative: row.boolean_or("feed_in_zero_when_negative", false)?,
    })
}

#[cfg(test)]
mod tests;
