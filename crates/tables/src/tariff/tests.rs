//! Tariffs from their rows, and the prices they make.

use std::fs;

use super::*;
use crate::error::Place;
use crate::grid_fee::{GRID_FEES, read_grid_fees};
use crate::source::Source;
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Berlin;

const PRICES: &str = "price_id,start_utc,eur_per_mwh\n\
                      day_ahead,2026-01-15T00:00Z,80\nday_ahead,2026-01-15T00:15Z,-20\n";
const GRID_FEE: &str = "dso_id,valid_from,quarters,band,from_local,to_local,ct_per_kwh_net\n\
                        netz,2026-01-01,Q1,NT,00:00,01:15,2\nnetz,2026-01-01,Q1,ST,01:15,24:00,9\n";

fn asked() -> At {
    At { file: "homes.csv".into(), place: Place::Row(5) }
}

fn read(header: &str, row: &str, prices: &str) -> Result<TariffBook, TableError> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("prices.csv", prices);
    write("grid_fees.csv", GRID_FEE);
    write("tariffs.csv", &format!("tariff_id,kind{header}\nt,{row}\n"));
    let fees = read_grid_fees(Source::find(folder.path(), &GRID_FEES).unwrap().unwrap()).unwrap();
    let prices = PriceBook::open(folder.path(), None).unwrap();
    TariffBook::read(Source::find(folder.path(), &TARIFFS).unwrap().unwrap(), &fees, prices)
}

fn half_hour() -> Horizon {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    Horizon::between(at("2026-01-15T00:00:00Z"), at("2026-01-15T00:30:00Z"), 15).unwrap()
}

/// Import and export price of two quarter-hours.
fn prices(header: &str, row: &str, prices: &str) -> Result<[[f64; 2]; 2], TableError> {
    let book = read(header, row, prices)?;
    let prices = book.prices("t", &half_hour(), Berlin, &asked())?;
    let both = |prices: &[CentsPerKilowattHour]| [prices[0].0, prices[1].0];
    Ok([both(&prices.import), both(&prices.export)])
}

fn check(header: &str, row: &str, series: &str, expected: [[f64; 2]; 2]) {
    let found = prices(header, row, series).unwrap();
    for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
        assert!((found - expected).abs() < 1e-9, "{header} {row} gave {found}, not {expected}");
    }
}

#[test]
fn a_day_ahead_tariff_adds_surcharges_windows_and_vat() {
    // (8 + 1.5 + 6.5 + 2) * 1.19 and, past 01:15 in Berlin, (-2 + 1.5 + 6.5 + 9) * 1.19
    let header = ",markup_ct_per_kwh,levies_ct_per_kwh,grid_fee_id";
    check(header, "day_ahead,1.5,6.5,netz", PRICES, [[21.42, 17.85], [0.0, 0.0]]);
    let header = ",grid_fee_ct_per_kwh,vat_percent,feed_in";
    check(header, "day_ahead,10,0,market", PRICES, [[18.0, 8.0], [8.0, -2.0]]);
}

#[test]
fn feed_in_is_zero_while_the_market_is_negative() {
    let header = ",fixed_ct_per_kwh,feed_in,feed_in_ct_per_kwh,feed_in_zero_when_negative";
    check(header, "fixed,10,fixed,7.86,true", PRICES, [[11.9, 11.9], [7.86, 0.0]]);
    check(header, "fixed,10,fixed,7.86,false", PRICES, [[11.9, 11.9], [7.86, 7.86]]);
}

#[test]
fn an_all_in_tariff_takes_its_series_as_they_are() {
    let series = "price_id,start_utc,import_ct_per_kwh,export_ct_per_kwh\n\
                  own,2026-01-15T00:00Z,30,8\nown,2026-01-15T00:15Z,31,9\n";
    check(",price_id,feed_in", "all_in,own,series", series, [[30.0, 31.0], [8.0, 9.0]]);
    let header = ",price_id,feed_in,feed_in_zero_when_negative";
    let error = prices(header, "all_in,own,series,true", series).unwrap_err().to_string();
    assert!(
        error.contains("column market_price_id: day_ahead; must be one of the price series own"),
        "{error}"
    );
}

#[test]
fn columns_that_contradict_each_other_are_refused() {
    for (header, row, expected) in [
        (
            ",fixed_ct_per_kwh",
            "day_ahead,10",
            "column fixed_ct_per_kwh: 10; must be given for the kind fixed only",
        ),
        ("", "fixed", "column fixed_ct_per_kwh: must be given"),
        (",vat_percent", "all_in,19", "column vat_percent: 19; must be missing for the kind all_in"),
        (
            ",grid_fee_id,grid_fee_ct_per_kwh",
            "day_ahead,netz,8",
            "column grid_fee_ct_per_kwh: 8; must be missing",
        ),
        (",grid_fee_id", "day_ahead,other", "column grid_fee_id: other; must be a dso_id of the table"),
        (",feed_in_ct_per_kwh", "day_ahead,7.86", "column feed_in_ct_per_kwh: 7.86; must be given for"),
        (",feed_in", "day_ahead,fixed", "column feed_in_ct_per_kwh: must be given"),
        ("", "dayahead", "column kind: dayahead; must be day_ahead, all_in or fixed (hint: did you mean"),
        (",price_id", "day_ahead,spot", "column price_id: spot; must be one of the price series day_ahead"),
    ] {
        let error = prices(header, row, PRICES).unwrap_err().to_string();
        assert!(
            error.contains("tariffs.csv row 2") && error.contains(expected),
            "{header} {row} gave: {error}"
        );
    }
}

#[test]
fn an_unknown_tariff_is_an_error_of_the_row_that_names_it() {
    let error =
        read("", "day_ahead", PRICES).unwrap().prices("x", &half_hour(), Berlin, &asked()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "homes.csv row 5, column tariff_id: x; must be a tariff of the table `tariffs`: t"
    );
}

#[test]
fn homes_with_one_tariff_share_its_prices_until_the_horizon_changes() {
    let book = read("", "day_ahead", PRICES).unwrap();
    let first = book.prices("t", &half_hour(), Berlin, &asked()).unwrap();
    assert!(Arc::ptr_eq(&first, &book.prices("t", &half_hour(), Berlin, &asked()).unwrap()));
    let start = half_hour().start();
    let shorter = Horizon::between(start, start + chrono::Duration::minutes(15), 15).unwrap();
    assert_eq!(book.prices("t", &shorter, Berlin, &asked()).unwrap().import.len(), 1);
}

#[test]
fn windows_that_leave_a_gap_are_named_with_the_tariff_that_needs_them() {
    // The operator's sheet above holds for the first quarter only.
    let prices = PRICES.replace("2026-01-15T00:", "2026-04-01T00:");
    let book = read(",grid_fee_id", "day_ahead,netz", &prices).unwrap();
    let start = "2026-04-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
    let horizon = Horizon::between(start, start + chrono::Duration::minutes(30), 15).unwrap();
    let error = book.prices("t", &horizon, Berlin, &asked()).unwrap_err().to_string();
    let expected =
        "column grid_fee_id: grid fee of `netz` on 2026-04-01: no window at 00:00; must have exactly one";
    assert!(error.contains(expected), "{error}");
}
