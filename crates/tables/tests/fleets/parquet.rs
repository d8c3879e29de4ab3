//! Parquet files as other programs write them.

use std::fs::File;

use chrono::Duration;
use offpeak_domain::Kilowatts;
use polars::prelude::{Column, DataFrame, DataType, NamedFrom, ParquetWriter, Series, TimeUnit};

use crate::folder::{Folder, start};

fn write(folder: &Folder, table: &str, columns: Vec<Column>) {
    let mut frame = DataFrame::new_infer_height(columns).expect("columns of one length");
    let file = File::create(folder.file(&format!("{table}.parquet"))).expect("can be written");
    ParquetWriter::new(file).finish(&mut frame).expect("can be written");
}

fn column<T: ?Sized, V>(name: &str, values: V) -> Column
where
    Series: NamedFrom<V, T>,
{
    Series::new(name.into(), values).into()
}

/// The quarter-hours of the day, again for each of `homes`.
fn stamps(homes: usize, unit: TimeUnit) -> Column {
    let per_second = match unit {
        TimeUnit::Milliseconds => 1_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Nanoseconds => 1_000_000_000,
    };
    let at = |t: i64| (start() + Duration::minutes(15 * t)).timestamp() * per_second;
    let ticks: Vec<i64> = (0..homes).flat_map(|_| (0..96).map(at)).collect();
    column("start_utc", &ticks).cast(&DataType::Datetime(unit, None)).expect("ticks are time stamps")
}

/// Homes `0`, `1` and so on, all without devices, and their series in one row group.
fn fleet(homes: usize, unit: TimeUnit) -> Folder {
    let folder = Folder::sample();
    for table in ["homes", "series", "batteries", "evs", "ev_sessions", "heat_pumps", "appliances", "dimming"]
    {
        folder.remove(table);
    }
    let ids: Vec<i64> = (0..i64::try_from(homes).expect("few")).collect();
    let of_series: Vec<i64> = ids.iter().flat_map(|id| [*id; 96]).collect();
    let tariffs = vec!["t"; homes];
    let export: Vec<Option<f32>> = ids.iter().map(|id| (id % 2 == 0).then_some(7.5)).collect();
    write(
        &folder,
        "homes",
        vec![
            column("home_id", &ids),
            column("tariff_id", &tariffs),
            column("import_limit_kw", &vec![20_i64; homes]),
            column("export_limit_kw", &export),
            column("can_curtail", &vec![true; homes]),
        ],
    );
    let load = vec![0.5; homes * 96];
    write(
        &folder,
        "series",
        vec![column("home_id", &of_series), stamps(homes, unit), column("load_kw", &load)],
    );
    folder
}

#[test]
fn whole_numbers_floats_booleans_nulls_and_time_stamps_are_what_they_say() {
    for unit in [TimeUnit::Milliseconds, TimeUnit::Microseconds, TimeUnit::Nanoseconds] {
        let folder = fleet(2, unit);
        let homes: Vec<_> = folder.entries();
        assert_eq!(homes[1].home_id, "1");
        let limits: Vec<Kilowatts> = [0, 1].map(|home| folder.home(home).grid.export_limit[0]).to_vec();
        assert_eq!(limits, [7.5, 20.0].map(Kilowatts));
        assert!(folder.home(0).grid.can_curtail);
    }
}

#[test]
fn a_row_group_longer_than_a_chunk_is_read_to_its_end() {
    let entries = fleet(1500, TimeUnit::Microseconds).entries();
    assert_eq!(entries.len(), 1500);
    for entry in entries {
        assert_eq!(entry.home.expect("valid").grid.load, vec![Kilowatts(0.5); 96]);
    }
}

#[test]
fn a_row_is_counted_from_the_first_of_the_file() {
    let folder = fleet(1500, TimeUnit::Microseconds);
    let ids: Vec<i64> = (0..1500).flat_map(|id| [id; 96]).collect();
    let mut load = vec![Some(0.5); 1500 * 96];
    load[1400 * 96 + 5] = None;
    write(
        &folder,
        "series",
        vec![column("home_id", &ids), stamps(1500, TimeUnit::Microseconds), column("load_kw", &load)],
    );
    let errors = folder.errors();
    assert_eq!(
        errors[1400],
        ["series.parquet row 134406, column load_kw: must be given: a number of at least 0"]
    );
    assert_eq!(errors.iter().filter(|errors| !errors.is_empty()).count(), 1);
}

#[test]
fn a_column_of_another_type_is_named() {
    let folder = fleet(1, TimeUnit::Microseconds);
    let loads: Vec<Series> = (0..96).map(|_| Series::new("".into(), &[0.5])).collect();
    write(
        &folder,
        "series",
        vec![
            column("home_id", &[0_i64; 96]),
            stamps(1, TimeUnit::Microseconds),
            Series::new("load_kw".into(), &loads).into(),
        ],
    );
    assert_eq!(
        folder.errors()[0],
        [
            "series.parquet, column load_kw: type list[f64]; must be a column of text, numbers, booleans or time \
          stamps"
        ]
    );
}

#[test]
fn what_is_no_parquet_is_an_error() {
    let folder = fleet(1, TimeUnit::Microseconds);
    std::fs::write(folder.file("homes.parquet"), "home_id,tariff_id\n").expect("can be written");
    let refusal = folder.refusal();
    assert!(refusal.starts_with("homes.parquet: cannot be decoded: "), "{refusal}");
    assert!(refusal.ends_with("; must be a valid Parquet file"), "{refusal}");
}
