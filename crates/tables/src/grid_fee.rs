//! The table `grid_fees`: module 3 windows of grid operators.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use offpeak_domain::{CentsPerKilowattHour, GridFeeWindow, TimeVariableGridFee};

use crate::cells::Row;
use crate::chunk::Chunk;
use crate::error::TableError;
use crate::schema::Schema;

/// One row per window and set of quarters.
pub(crate) const GRID_FEES: Schema = Schema {
    name: "grid_fees",
    required: &["dso_id", "valid_from", "quarters", "band", "from_local", "to_local", "ct_per_kwh_net"],
    optional: &["dso_name", "source_url"],
};

const BANDS: [(&str, ()); 3] = [("HT", ()), ("ST", ()), ("NT", ())];

/// Reads the windows of all grid operators, by `dso_id`.
///
/// Whether they cover a day is known only once a plan asks for it: a sheet may hold for some quarters.
pub(crate) fn read_grid_fees(
    chunks: impl Iterator<Item = Result<Chunk, TableError>>,
) -> Result<BTreeMap<String, TimeVariableGridFee>, TableError> {
    let mut windows: BTreeMap<String, Vec<GridFeeWindow>> = BTreeMap::new();
    for chunk in chunks {
        for row in chunk?.iter() {
            let window = window(&row)?;
            windows.entry(row.text("dso_id")?.into_owned()).or_default().push(window);
        }
    }
    let fee = |(dso_id, windows): (String, _)| {
        let fee = TimeVariableGridFee::new(dso_id.clone(), windows);
        (dso_id, fee.expect("every window was checked to lie within a day"))
    };
    Ok(windows.into_iter().map(fee).collect())
}

fn window(row: &Row<'_>) -> Result<GridFeeWindow, TableError> {
    // The band is a label for people; it must be one all the same, or columns have been mixed up.
    row.word("band", &BANDS)?;
    let from = row.minute_of_day("from_local")?;
    let to = row.minute_of_day("to_local")?;
    if to <= from {
        let error = row.refuse("to_local", "must be later than from_local, and at most 24:00");
        return Err(error.hint("split a window across midnight into two rows"));
    }
    Ok(GridFeeWindow {
        valid_from: date(row, "valid_from")?,
        quarters: quarters(row)?,
        minutes: from..to,
        price: CentsPerKilowattHour(row.number("ct_per_kwh_net", 0.0..=1000.0)?),
    })
}

fn date(row: &Row<'_>, column: &str) -> Result<NaiveDate, TableError> {
    NaiveDate::parse_from_str(&row.text(column)?, "%Y-%m-%d")
        .map_err(|_| row.refuse(column, "must be a date such as 2026-01-01"))
}

/// `Q1+Q4`: the calendar quarters in which a window holds.
fn quarters(row: &Row<'_>) -> Result<[bool; 4], TableError> {
    let text = row.text("quarters")?;
    let mut quarters = [false; 4];
    for word in text.split('+') {
        let quarter = ["Q1", "Q2", "Q3", "Q4"].iter().position(|quarter| *quarter == word.trim());
        match quarter {
            Some(quarter) if !quarters[quarter] => quarters[quarter] = true,
            _ => {
                return Err(row.refuse("quarters", "must be quarters of the year joined by +, such as Q1+Q4"));
            }
        }
    }
    Ok(quarters)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::source::Source;

    const HEADER: &str = "dso_id,valid_from,quarters,band,from_local,to_local,ct_per_kwh_net";

    fn read(rows: &[&str]) -> Result<BTreeMap<String, TimeVariableGridFee>, TableError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grid_fees.csv");
        fs::write(&path, format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap();
        read_grid_fees(Source::open(&path, &GRID_FEES).unwrap())
    }

    #[test]
    fn a_window_that_cannot_be_is_refused_with_its_row() {
        for (row, expected) in [
            (
                "a,2026-01-01,Q1,ST,22:00,06:00,7.5",
                "row 2, column to_local: 06:00; must be later than from_local",
            ),
            (
                "a,2026-01-01,Q5,ST,00:00,24:00,7.5",
                "row 2, column quarters: Q5; must be quarters of the year",
            ),
            ("a,2026-01-01,Q1+Q1,ST,00:00,24:00,7.5", "row 2, column quarters: Q1+Q1;"),
            ("a,2026-01-01,Q1,XT,00:00,24:00,7.5", "row 2, column band: XT; must be HT, ST or NT"),
            ("a,01.01.2026,Q1,ST,00:00,24:00,7.5", "column valid_from: 01.01.2026; must be a date such as"),
            ("a,2026-01-01,Q1,ST,00:00,24:30,7.5", "column to_local: 24:30; must be a local time of day"),
            ("a,2026-01-01,Q1,ST,00:00,24:00,-1", "column ct_per_kwh_net: -1; must be a number from 0"),
        ] {
            let error = read(&[row]).unwrap_err().to_string();
            assert!(error.contains(expected), "{row} gave: {error}");
        }
    }

    #[test]
    fn operators_are_told_apart() {
        let read =
            read(&["a,2026-01-01,Q1+Q2+Q3+Q4,ST,00:00,24:00,7.5", "b,2026-01-01,Q1,NT,00:00,24:00,1.5"]);
        let fees = read.unwrap();
        assert_eq!(fees.keys().collect::<Vec<_>>(), ["a", "b"]);
    }
}
