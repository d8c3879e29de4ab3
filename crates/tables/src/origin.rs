//! Where the tables of a fleet are: files in a folder, or lists in a JSON file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::chunk::Chunk;
use crate::error::{At, TableError, did_you_mean};
use crate::grid_fee::GRID_FEES;
use crate::home_series::SERIES;
use crate::named_series::{CO2, OUTDOOR};
use crate::prices::{PRICES, PriceBook};
use crate::rows::{APPLIANCES, BATTERIES, DIMMING, EV_SESSIONS, EVS, HEAT_PUMPS, HOMES};
use crate::schema::Schema;
use crate::source::Source;
use crate::tariff::TARIFFS;

/// All tables of a fleet.
pub(crate) const TABLES: [Schema; 13] = [
    HOMES,
    BATTERIES,
    EVS,
    EV_SESSIONS,
    HEAT_PUMPS,
    APPLIANCES,
    DIMMING,
    SERIES,
    OUTDOOR.schema,
    CO2.schema,
    TARIFFS,
    GRID_FEES,
    PRICES,
];

/// Where the tables of a fleet are.
pub(crate) enum Origin {
    Folder(PathBuf),
    /// Tables by name; each can be opened once.
    Json(At, BTreeMap<&'static str, Chunk>),
}

impl Origin {
    /// A folder with a file per table.
    ///
    /// # Errors
    /// [`TableError`] if it is no folder, or a file in it looks like a table with a misspelt name.
    pub(crate) fn folder(path: &Path) -> Result<Self, TableError> {
        let at = At::file(path);
        let unreadable = |cause: std::io::Error| {
            at.error(cause.to_string(), "must be a folder with tables, such as homes.csv and series.csv")
        };
        let entries = std::fs::read_dir(path).map_err(unreadable)?;
        let mut files =
            entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        files.sort();
        files.iter().try_for_each(|file| refuse_misspelt(file))?;
        Ok(Self::Folder(path.to_owned()))
    }

    /// A table, if it is there.
    pub(crate) fn open(&mut self, schema: &Schema) -> Result<Option<Source>, TableError> {
        match self {
            Self::Folder(folder) => Source::find(folder, schema),
            Self::Json(_, tables) => Ok(tables.remove(schema.name).map(Source::memory)),
        }
    }

    /// A table that must be there.
    pub(crate) fn open_required(&mut self, schema: &Schema) -> Result<Source, TableError> {
        if let Some(source) = self.open(schema)? {
            return Ok(source);
        }
        let (name, columns) = (schema.name, schema.required.join(", "));
        Err(match self {
            Self::Folder(folder) => {
                let allowed = format!("must be there as {name}.csv or {name}.parquet, with {columns}");
                At::file(&folder.join(name)).error("no such table", allowed)
            }
            Self::Json(at, _) => at.missing(name, format!("must be there, with {columns}")),
        })
    }

    /// The price series; those of the file `apart` take the place of others with the same id.
    pub(crate) fn prices(&mut self, apart: Option<&Path>) -> Result<PriceBook, TableError> {
        if let Self::Folder(folder) = self {
            return PriceBook::open(folder, apart);
        }
        let mut book = match self.open(&PRICES)? {
            Some(table) => PriceBook::read(table)?,
            None => PriceBook::default(),
        };
        if let Some(path) = apart {
            book.add_file(path)?;
        }
        Ok(book)
    }
}

/// Optional tables may be missing, so one with a slip in its name would be missed by no one.
fn refuse_misspelt(file: &Path) -> Result<(), TableError> {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let Some(name) = file.file_stem().and_then(|name| name.to_str()) else { return Ok(()) };
    let names = || TABLES.iter().map(|table| table.name);
    if !["csv", "parquet"].contains(&extension) || names().any(|known| known == name) {
        return Ok(());
    }
    match did_you_mean(name, names()) {
        Some(hint) => {
            let tables: Vec<&str> = names().collect();
            let allowed = format!("must be one of the tables {}", tables.join(", "));
            Err(At::file(file).error("unknown table", allowed).hint(hint))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::plan_write::SCHEDULES;
    use crate::summary_rows::SUMMARY;

    /// The columns in the first cells of a section's table.
    fn documented<'a>(page: &'a str, table: &str) -> Vec<&'a str> {
        let heading = format!("\n### {table}\n");
        let section = page.split(&heading).nth(1).expect("a section");
        let section = section.split("\n#").next().expect("a start");
        let cells = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
        cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
    }

    #[test]
    fn the_page_on_tables_has_every_column_and_no_other() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/tables.md");
        let page = std::fs::read_to_string(page).expect("the page is part of the project");
        for table in TABLES.into_iter().chain([SCHEDULES, SUMMARY]) {
            let mut expected: Vec<&str> = table.required.iter().chain(table.optional).copied().collect();
            let mut found = documented(&page, table.name);
            expected.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, expected, "columns of {}", table.name);
        }
    }
}
