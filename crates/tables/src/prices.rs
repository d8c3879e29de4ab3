//! Price series: the table `prices`, and files in two foreign dialects.

use std::collections::BTreeMap;
use std::path::Path;

use offpeak_domain::{CentsPerKilowattHour, EurosPerMegawattHour, Horizon};

use crate::cells::Row;
use crate::chunk::Chunk;
use crate::error::{At, TableError};
use crate::schema::Schema;
use crate::series::{TimeAxis, TimeSeries};
use crate::source::Source;

/// Which of the value columns there are says what the prices mean.
pub(crate) const PRICES: Schema = Schema {
    name: "prices",
    required: &["start_utc"],
    optional: &["price_id", "eur_per_mwh", "ct_per_kwh", "import_ct_per_kwh", "export_ct_per_kwh"],
};

/// The id of a series whose file gives none, and the series of a tariff that names none.
pub(crate) const DEFAULT_PRICE_ID: &str = "day_ahead";

const HEADERS: &str = "must be `start_utc,eur_per_mwh` (market), `start_utc,ct_per_kwh` (all-in import) or \
                       `start_utc,import_ct_per_kwh,export_ct_per_kwh`, each with `price_id` or without";

/// All price series of a fleet, by `price_id`.
#[derive(Debug, Clone, Default)]
pub(crate) struct PriceBook {
    series: BTreeMap<String, PriceSeries>,
}

/// What the prices of a series mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PriceKind {
    /// Net, on the day-ahead market.
    Market,
    /// All-in, for a kWh taken from the grid.
    Import,
    /// For a kWh fed in.
    Export,
}

/// The prices under one id; none of a kind that its file does not have.
#[derive(Debug, Clone)]
struct PriceSeries {
    at: At,
    market: Option<TimeSeries>,
    import: Option<TimeSeries>,
    export: Option<TimeSeries>,
}

impl PriceBook {
    /// Reads the table of a fleet folder, if it has one, and a file apart from it, if one is given.
    ///
    /// A series of the file takes the place of one of the folder with the same id.
    pub(crate) fn open(folder: &Path, apart: Option<&Path>) -> Result<Self, TableError> {
        let mut book = match Source::find(folder, &PRICES).map_err(name_headers)? {
            Some(table) => Self::read(table)?,
            None => Self::default(),
        };
        if let Some(path) = apart {
            book.add_file(path)?;
        }
        Ok(book)
    }

    /// Adds the series of a file; one with an id that is there already takes its place.
    pub(crate) fn add_file(&mut self, path: &Path) -> Result<(), TableError> {
        let added = Self::read(Source::open(path, &PRICES).map_err(name_headers)?)?;
        if added.series.is_empty() {
            return Err(At::file(path).error("no rows", "must have a row for every interval of the plan"));
        }
        self.series.extend(added.series);
        Ok(())
    }

    /// Reads the rows of a table; those of different series may be mixed.
    pub(crate) fn read(chunks: impl Iterator<Item = Result<Chunk, TableError>>) -> Result<Self, TableError> {
        let mut growing: BTreeMap<String, Growing> = BTreeMap::new();
        for chunk in chunks {
            let chunk = chunk?;
            let dialect = Dialect::of(&chunk)?;
            for row in chunk.iter() {
                let id = row.optional_text("price_id")?.unwrap_or(DEFAULT_PRICE_ID.into());
                let series = match growing.get_mut(id.as_ref()) {
                    Some(series) => series,
                    None => growing
                        .entry(id.into_owned())
                        .or_insert_with(|| Growing::new(dialect, row.at().whole())),
                };
                series.push(&row)?;
            }
        }
        Ok(Self { series: growing.into_iter().map(|(id, series)| (id, series.finish())).collect() })
    }

    /// One price per interval from the series `id`; `asked` is the row that names it, in `column`.
    ///
    /// # Errors
    /// [`TableError`] if there is no such series, it has no prices of this kind, it does not cover the horizon, or
    /// it changes within an interval.
    pub(crate) fn on(
        &self,
        horizon: &Horizon,
        id: &str,
        kind: PriceKind,
        asked: &At,
        column: &str,
    ) -> Result<Vec<CentsPerKilowattHour>, TableError> {
        let Some(series) = self.series.get(id) else {
            let error = asked.column(column, id, format!("must be one of the price series {}", self.ids()));
            return Err(
                error.hint("give prices in the table `prices` of the fleet, or in a file of their own")
            );
        };
        let Some(values) = series.of(kind) else {
            let allowed =
                format!("must be a series with {} prices, in column {}", kind.word(), kind.column());
            return Err(asked.column(column, id, allowed));
        };
        let held = values.held_on(horizon, &series.at)?;
        Ok(held.into_iter().map(CentsPerKilowattHour).collect())
    }

    fn ids(&self) -> String {
        if self.series.is_empty() {
            return "that are given, but none is".to_owned();
        }
        self.series.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

impl PriceSeries {
    fn of(&self, kind: PriceKind) -> Option<&TimeSeries> {
        match kind {
            PriceKind::Market => self.market.as_ref(),
            PriceKind::Import => self.import.as_ref(),
            PriceKind::Export => self.export.as_ref(),
        }
    }
}

impl PriceKind {
    fn word(self) -> &'static str {
        match self {
            Self::Market => "market",
            Self::Import => "all-in import",
            Self::Export => "feed-in",
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Market => "eur_per_mwh",
            Self::Import => "ct_per_kwh or import_ct_per_kwh",
            Self::Export => "export_ct_per_kwh",
        }
    }
}

/// What a file's value columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Market,
    AllIn,
    ImportExport,
}

impl Dialect {
    fn of(chunk: &Chunk) -> Result<Self, TableError> {
        let columns = PRICES.optional[1..].iter().filter(|column| chunk.has(column));
        match columns.copied().collect::<Vec<_>>().as_slice() {
            ["eur_per_mwh"] => Ok(Self::Market),
            ["ct_per_kwh"] => Ok(Self::AllIn),
            ["import_ct_per_kwh", "export_ct_per_kwh"] => Ok(Self::ImportExport),
            [] => Err(chunk.at(0).whole().error("a header without prices", HEADERS)),
            other => Err(chunk.at(0).whole().error(format!("the columns {}", other.join(", ")), HEADERS)),
        }
    }
}

/// A series while its rows are read.
struct Growing {
    dialect: Dialect,
    at: At,
    axis: TimeAxis,
    prices: Vec<f64>,
    export: Vec<f64>,
}

impl Growing {
    fn new(dialect: Dialect, at: At) -> Self {
        Self { dialect, at, axis: TimeAxis::default(), prices: Vec::new(), export: Vec::new() }
    }

    fn push(&mut self, row: &Row<'_>) -> Result<(), TableError> {
        let ct_per_kwh = |column| row.number(column, -1e5..=1e5);
        self.axis.push(row.instant("start_utc")?, "start_utc", || row.at())?;
        match self.dialect {
            Dialect::Market => {
                let price = EurosPerMegawattHour(row.number("eur_per_mwh", -1e6..=1e6)?);
                self.prices.push(CentsPerKilowattHour::from(price).0);
            }
            Dialect::AllIn => self.prices.push(ct_per_kwh("ct_per_kwh")?),
            Dialect::ImportExport => {
                self.prices.push(ct_per_kwh("import_ct_per_kwh")?);
                match row.optional_number("export_ct_per_kwh", -1e5..=1e5)? {
                    Some(export) if self.export.len() + 1 == self.prices.len() => self.export.push(export),
                    // A home that feeds nothing in has no such prices.
                    None if self.export.is_empty() => {}
                    _ => {
                        let allowed = "must be given in every row of a series, or in none";
                        return Err(row.refuse("export_ct_per_kwh", allowed));
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> PriceSeries {
        let (axis, dialect) = (self.axis, self.dialect);
        let prices = Some(TimeSeries::new(axis, self.prices));
        let (market, import) = if dialect == Dialect::Market { (prices, None) } else { (None, prices) };
        let has_export = dialect == Dialect::ImportExport && !self.export.is_empty();
        let export = has_export.then(|| TimeSeries::new(axis, self.export));
        PriceSeries { at: self.at, market, import, export }
    }
}

/// An error about a column of the header says which headers would do.
fn name_headers(error: TableError) -> TableError {
    if error.column.is_none() { error } else { TableError { allowed: HEADERS.into(), ..error } }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::error::Place;
    use chrono::{DateTime, Utc};

    fn asked() -> At {
        At { file: "tariffs.csv".into(), place: Place::Row(2) }
    }

    fn read(text: &str) -> Result<PriceBook, TableError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prices.csv");
        fs::write(&path, text).unwrap();
        PriceBook::open(folder.path(), None)
    }

    fn half_hour() -> Horizon {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        Horizon::between(at("2026-01-15T00:00:00Z"), at("2026-01-15T00:30:00Z"), 15).unwrap()
    }

    fn on(book: &PriceBook, id: &str, kind: PriceKind) -> Result<Vec<f64>, TableError> {
        let prices = book.on(&half_hour(), id, kind, &asked(), "price_id")?;
        Ok(prices.into_iter().map(|price| price.0).collect())
    }

    #[test]
    fn three_headers_say_three_things() {
        let market = read("start_utc,eur_per_mwh\n2026-01-15T00:00Z,102.5\n2026-01-15T00:15Z,-20\n").unwrap();
        assert_eq!(on(&market, "day_ahead", PriceKind::Market).unwrap(), [10.25, -2.0]);
        let import = read("start_utc,ct_per_kwh\n2026-01-15T00:00Z,31.2\n2026-01-15T00:15Z,30\n").unwrap();
        assert_eq!(on(&import, "day_ahead", PriceKind::Import).unwrap(), [31.2, 30.0]);
        let both = "start_utc,import_ct_per_kwh,export_ct_per_kwh\n2026-01-15T00:00Z,31.2,7\n2026-01-15T00:15Z,30,6\n";
        let both = read(both).unwrap();
        assert_eq!(on(&both, "day_ahead", PriceKind::Import).unwrap(), [31.2, 30.0]);
        assert_eq!(on(&both, "day_ahead", PriceKind::Export).unwrap(), [7.0, 6.0]);
    }

    #[test]
    fn series_with_ids_may_be_mixed() {
        let book = read(
            "price_id,start_utc,eur_per_mwh\na,2026-01-15T00:00Z,10\nb,2026-01-15T00:00Z,20\n\
             a,2026-01-15T00:15Z,30\nb,2026-01-15T01:00Z,40\n",
        )
        .unwrap();
        assert_eq!(on(&book, "a", PriceKind::Market).unwrap(), [1.0, 3.0]);
        assert_eq!(on(&book, "b", PriceKind::Market).unwrap(), [2.0, 2.0], "an hour's price holds within it");
        let unknown = on(&book, "c", PriceKind::Market).unwrap_err().to_string();
        assert!(
            unknown
                .starts_with("tariffs.csv row 2, column price_id: c; must be one of the price series a, b")
        );
        let import = on(&book, "a", PriceKind::Import).unwrap_err().to_string();
        assert!(
            import.contains("must be a series with all-in import prices, in column ct_per_kwh"),
            "{import}"
        );
    }

    #[test]
    fn a_series_may_have_no_export_prices_but_not_some() {
        let header = "price_id,start_utc,import_ct_per_kwh,export_ct_per_kwh";
        let rows = "a,2026-01-15T00:00Z,31,7\na,2026-01-15T00:15Z,30,6\nb,2026-01-15T00:00Z,29,\nb,2026-01-15T00:15Z,28,";
        let book = read(&format!("{header}\n{rows}\n")).unwrap();
        assert_eq!(on(&book, "b", PriceKind::Import).unwrap(), [29.0, 28.0]);
        assert_eq!(on(&book, "a", PriceKind::Export).unwrap(), [7.0, 6.0]);
        let none = on(&book, "b", PriceKind::Export).unwrap_err().to_string();
        assert!(none.contains("must be a series with feed-in prices"), "{none}");
        for rows in [
            "a,2026-01-15T00:00Z,31,7\na,2026-01-15T00:15Z,30,",
            "a,2026-01-15T00:00Z,31,\na,2026-01-15T00:15Z,30,6",
        ] {
            let error = read(&format!("{header}\n{rows}\n")).unwrap_err().to_string();
            assert!(error.contains("row 3, column export_ct_per_kwh"), "{error}");
        }
    }

    #[test]
    fn a_header_that_is_none_of_them_lists_them() {
        for header in [
            "start_utc",
            "start_utc,eur_per_mwh,ct_per_kwh",
            "start_utc,import_ct_per_kwh",
            "start_utc,price",
        ] {
            let row = format!("2026-01-15T00:00Z{}", ",1".repeat(header.matches(',').count()));
            let error = read(&format!("{header}\n{row}\n")).unwrap_err().to_string();
            assert!(error.contains("`start_utc,eur_per_mwh` (market)"), "{header} gave: {error}");
        }
    }

    #[test]
    fn a_bad_row_is_named() {
        for (rows, expected) in [
            ("2026-01-15T00:00Z,1\n2026-01-15T00:15Z,", "row 3, column eur_per_mwh: must be given"),
            ("2026-01-15T00:00Z,NaN", "row 2, column eur_per_mwh: NaN; must be a number"),
            ("2026-01-15T00:00Z,1\n2026-01-15T00:45Z,1", "row 3, column start_utc: 2026-01-15T00:45Z;"),
            ("2026-01-15T00:00Z,1\n2026-01-15T00:00Z,1", "again; must be there once"),
            (
                "2026-01-15T00:00,1",
                "row 2, column start_utc: 2026-01-15T00:00; must be a time stamp with a zone",
            ),
        ] {
            let error = read(&format!("start_utc,eur_per_mwh\n{rows}\n")).unwrap_err().to_string();
            assert!(error.contains(expected), "{rows} gave: {error}");
        }
    }

    #[test]
    fn a_file_apart_takes_the_place_of_the_series_with_its_id() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, price: &str| {
            let rows = format!("{price},2026-01-15T00:00Z,10\n{price},2026-01-15T00:15Z,20\n");
            fs::write(folder.path().join(name), format!("price_id,start_utc,eur_per_mwh\n{rows}")).unwrap();
        };
        write("prices.csv", "de");
        let apart = folder.path().join("mine.csv");
        fs::write(
            &apart,
            "price_id,start_utc,eur_per_mwh\nde,2026-01-15T00:00Z,70\nde,2026-01-15T00:15Z,80\n",
        )
        .unwrap();
        let book = PriceBook::open(folder.path(), Some(&apart)).unwrap();
        assert_eq!(on(&book, "de", PriceKind::Market).unwrap(), [7.0, 8.0]);
    }
}
