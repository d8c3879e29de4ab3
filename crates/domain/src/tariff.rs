//! What a tariff charges for a kWh taken from the grid and pays for one fed in, per interval.

use chrono_tz::Tz;

use crate::error::InvalidInput;
use crate::grid_fee::GridFee;
use crate::horizon::Horizon;
use crate::units::{CentsPerKilowattHour, EurosPerMegawattHour, Percent};

/// German VAT on energy, grid fee, levies and electricity tax: §12 (1) of the VAT act (`UStG`).
pub const GERMAN_VAT: Percent = Percent(19.0);

/// A home's electricity tariff.
#[derive(Debug, Clone, PartialEq)]
pub struct Tariff {
    /// What a kWh taken from the grid costs.
    pub import: ImportTariff,
    /// What a kWh fed in earns.
    pub feed_in: FeedIn,
}

/// How the price of a kWh taken from the grid is made.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportTariff {
    /// The market price of the interval, with surcharges.
    DayAhead(Surcharges),
    /// One energy price at all times, with surcharges.
    Fixed {
        /// Net price of the energy alone.
        energy: CentsPerKilowattHour,
        /// What comes on top.
        surcharges: Surcharges,
    },
    /// A series of prices that hold everything, VAT too.
    AllIn,
}

/// What comes on top of the energy: net prices, and the VAT on all.
///
/// `import = (energy + markup + levies + grid_fee(t)) (1 + vat / 100)`
#[derive(Debug, Clone, PartialEq)]
pub struct Surcharges {
    /// The supplier's margin.
    pub markup: CentsPerKilowattHour,
    /// Levies, electricity tax and concession fee.
    pub levies: CentsPerKilowattHour,
    /// The grid operator's price.
    pub grid_fee: GridFee,
    /// VAT on the sum.
    pub vat: Percent,
}

/// What a kWh fed in earns; no VAT is due on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FeedIn {
    /// The pay.
    pub pay: FeedInPay,
    /// Whether nothing is paid while the market price is negative.
    ///
    /// §51 EEG 2023: so for plants commissioned since 2025-02-25, by the quarter-hour.
    pub zero_when_negative: bool,
}

/// How a kWh fed in is paid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FeedInPay {
    /// Not at all.
    None,
    /// One price at all times.
    Fixed(CentsPerKilowattHour),
    /// The market price of the interval, also where it is negative.
    Market,
    /// A series of its own.
    Series,
}

/// The price series that tariffs build on, one value per interval; none where it is not known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PriceSignals {
    /// Net price of the energy on the day-ahead market.
    pub market: Option<Vec<CentsPerKilowattHour>>,
    /// All-in price of a kWh taken from the grid.
    pub import: Option<Vec<CentsPerKilowattHour>>,
    /// Pay for a kWh fed in.
    pub export: Option<Vec<CentsPerKilowattHour>>,
}

/// The prices of a home, one per interval; both may be negative.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// All-in price of a kWh taken from the grid.
    pub import: Vec<CentsPerKilowattHour>,
    /// Pay for a kWh fed in.
    pub export: Vec<CentsPerKilowattHour>,
}

impl Tariff {
    /// The prices of every interval, for a wall clock in `zone`.
    ///
    /// # Errors
    /// [`InvalidInput`] for a series that the tariff needs and `signals` lack or have in another length, and for
    /// grid fee windows that do not cover the horizon once.
    pub fn prices(
        &self,
        signals: &PriceSignals,
        horizon: &Horizon,
        zone: Tz,
    ) -> Result<Prices, InvalidInput> {
        Ok(Prices {
            import: self.import.prices(signals, horizon, zone)?,
            export: self.feed_in.prices(signals, horizon)?,
        })
    }
}

impl ImportTariff {
    fn prices(
        &self,
        signals: &PriceSignals,
        horizon: &Horizon,
        zone: Tz,
    ) -> Result<Vec<CentsPerKilowattHour>, InvalidInput> {
        match self {
            Self::DayAhead(surcharges) => {
                surcharges.on_top_of(series("market price", signals.market.as_ref(), horizon)?, horizon, zone)
            }
            Self::Fixed { energy, surcharges } => {
                surcharges.on_top_of(&vec![*energy; horizon.len()], horizon, zone)
            }
            Self::AllIn => series("import price", signals.import.as_ref(), horizon).map(<[_]>::to_vec),
        }
    }
}

impl Surcharges {
    fn on_top_of(
        &self,
        energy: &[CentsPerKilowattHour],
        horizon: &Horizon,
        zone: Tz,
    ) -> Result<Vec<CentsPerKilowattHour>, InvalidInput> {
        let grid_fees = self.grid_fee.per_interval(horizon, zone)?;
        let net = energy.iter().zip(grid_fees).map(|(energy, fee)| *energy + self.markup + self.levies + fee);
        Ok(net.map(|net| net * (1.0 + self.vat.0 / 100.0)).collect())
    }
}

impl FeedIn {
    fn prices(
        &self,
        signals: &PriceSignals,
        horizon: &Horizon,
    ) -> Result<Vec<CentsPerKilowattHour>, InvalidInput> {
        let market = || series("market price", signals.market.as_ref(), horizon);
        let mut pay = match self.pay {
            FeedInPay::None => vec![CentsPerKilowattHour::ZERO; horizon.len()],
            FeedInPay::Fixed(price) => vec![price; horizon.len()],
            FeedInPay::Market => market()?.to_vec(),
            FeedInPay::Series => series("feed-in price", signals.export.as_ref(), horizon)?.to_vec(),
        };
        if self.zero_when_negative {
            for (pay, market) in pay.iter_mut().zip(market()?) {
                if *market < CentsPerKilowattHour::ZERO {
                    *pay = CentsPerKilowattHour::ZERO;
                }
            }
        }
        Ok(pay)
    }
}

impl From<EurosPerMegawattHour> for CentsPerKilowattHour {
    fn from(price: EurosPerMegawattHour) -> Self {
        Self(price.0 / 10.0)
    }
}

fn series<'a>(
    name: &str,
    values: Option<&'a Vec<CentsPerKilowattHour>>,
    horizon: &Horizon,
) -> Result<&'a [CentsPerKilowattHour], InvalidInput> {
    let allowed = || format!("must have a value for each of the {} intervals", horizon.len());
    match values {
        Some(values) if values.len() == horizon.len() => Ok(values),
        Some(values) => Err(InvalidInput::new(name, format!("{} values", values.len()), allowed())),
        None => Err(InvalidInput::new(name, "no series", allowed())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeZone, Utc};
    use chrono_tz::Europe::Berlin;

    const NO_PAY: FeedIn = FeedIn { pay: FeedInPay::None, zero_when_negative: false };

    fn three_hours() -> Horizon {
        let at = |hour| Utc.with_ymd_and_hms(2026, 1, 15, hour, 0, 0).single().expect("an instant");
        Horizon::between(at(11), at(14), 60).expect("divides")
    }

    fn ct(values: &[f64]) -> Vec<CentsPerKilowattHour> {
        values.iter().copied().map(CentsPerKilowattHour).collect()
    }

    /// Market prices of 80, -20 and 0 EUR/MWh.
    fn market() -> PriceSignals {
        let market = [80.0, -20.0, 0.0].map(|price| EurosPerMegawattHour(price).into());
        PriceSignals { market: Some(market.to_vec()), ..PriceSignals::default() }
    }

    fn surcharges() -> Surcharges {
        Surcharges {
            markup: CentsPerKilowattHour(1.5),
            levies: CentsPerKilowattHour(6.5),
            grid_fee: GridFee::Flat(CentsPerKilowattHour(8.0)),
            vat: GERMAN_VAT,
        }
    }

    fn check(tariff: &Tariff, signals: &PriceSignals, import: &[f64], export: &[f64]) {
        let prices = tariff.prices(signals, &three_hours(), Berlin).expect("all series are there");
        for (got, expected) in [(prices.import, import), (prices.export, export)] {
            assert_eq!(got.len(), expected.len());
            for (got, expected) in got.iter().zip(expected) {
                assert!((got.0 - expected).abs() < 1e-9, "{got} instead of {expected}");
            }
        }
    }

    #[test]
    fn a_day_ahead_price_carries_surcharges_and_vat_also_below_zero() {
        let tariff = Tariff { import: ImportTariff::DayAhead(surcharges()), feed_in: NO_PAY };
        // (8 + 16) * 1.19, (-2 + 16) * 1.19, (0 + 16) * 1.19
        check(&tariff, &market(), &[28.56, 16.66, 19.04], &[0.0; 3]);
    }

    #[test]
    fn a_fixed_price_is_the_same_at_all_times() {
        let energy = CentsPerKilowattHour(10.0);
        let import = ImportTariff::Fixed { energy, surcharges: surcharges() };
        check(&Tariff { import, feed_in: NO_PAY }, &PriceSignals::default(), &[30.94; 3], &[0.0; 3]);
    }

    #[test]
    fn an_all_in_series_and_its_feed_in_stay_as_they_are() {
        let signals = PriceSignals {
            market: None,
            import: Some(ct(&[31.0, 25.5, -3.0])),
            export: Some(ct(&[7.0, 6.0, 5.0])),
        };
        let feed_in = FeedIn { pay: FeedInPay::Series, zero_when_negative: false };
        let tariff = Tariff { import: ImportTariff::AllIn, feed_in };
        check(&tariff, &signals, &[31.0, 25.5, -3.0], &[7.0, 6.0, 5.0]);
    }

    #[test]
    fn nothing_is_paid_while_the_market_is_negative_but_a_price_of_zero_pays() {
        let fixed = FeedInPay::Fixed(CentsPerKilowattHour(7.86));
        for (pay, zero_when_negative, expected) in [
            (fixed, false, [7.86, 7.86, 7.86]),
            (fixed, true, [7.86, 0.0, 7.86]),
            (FeedInPay::Market, false, [8.0, -2.0, 0.0]),
            (FeedInPay::Market, true, [8.0, 0.0, 0.0]),
        ] {
            let import = ImportTariff::DayAhead(surcharges());
            let tariff = Tariff { import, feed_in: FeedIn { pay, zero_when_negative } };
            check(&tariff, &market(), &[28.56, 16.66, 19.04], &expected);
        }
    }

    #[test]
    fn a_series_that_is_missing_or_too_short_is_named() {
        let tariff = Tariff { import: ImportTariff::DayAhead(surcharges()), feed_in: NO_PAY };
        let missing = tariff.prices(&PriceSignals::default(), &three_hours(), Berlin).expect_err("no market");
        assert!(missing.to_string().starts_with("market price: no series;"), "{missing}");
        let short = PriceSignals { market: Some(ct(&[8.0])), ..PriceSignals::default() };
        let error = tariff.prices(&short, &three_hours(), Berlin).expect_err("one of three");
        assert!(
            error.to_string().contains("1 values; must have a value for each of the 3 intervals"),
            "{error}"
        );
    }
}
