//! The columns of the tables that a study writes, for writing and for reading.

use chrono::NaiveDate;
use offpeak_replay::{DayRow, HourRow, IntervalRow, UnitKey};
use offpeak_tables::Value;

/// What a day or a whole replay came to; money in ct.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers {
    pub(crate) row: DayRow,
    pub(crate) borrowed_ct: f64,
    pub(crate) saving_ct: Option<f64>,
    pub(crate) bill_saving_ct: Option<f64>,
    pub(crate) regret_ct: Option<f64>,
}

impl Numbers {
    /// The cost, and what was taken from the stores.
    pub(crate) fn net_ct(&self) -> f64 {
        self.row.cost_ct() + self.borrowed_ct
    }
}

type Get = fn(&Numbers) -> Option<f64>;
pub(crate) type Row<'a> = Vec<(&'static str, Value<'a>)>;

const KEY: [&str; 4] = ["home_id", "variant", "tariff_id", "policy"];

const NUMBERS: [(&str, Get); 31] = [
    ("import_kwh", |it| Some(it.row.import_kwh)),
    ("export_kwh", |it| Some(it.row.export_kwh)),
    ("load_kwh", |it| Some(it.row.load_kwh)),
    ("pv_kwh", |it| Some(it.row.pv_kwh)),
    ("curtailed_kwh", |it| Some(it.row.curtailed_kwh)),
    ("import_ct", |it| Some(it.row.import_ct)),
    ("export_ct", |it| Some(it.row.export_ct)),
    ("peak_ct", |it| Some(it.row.peak_ct)),
    ("standing_ct", |it| Some(it.row.standing_ct)),
    ("bill_ct", |it| Some(it.row.bill_ct())),
    ("wear_ct", |it| Some(it.row.wear_ct)),
    ("starts_ct", |it| Some(it.row.starts_ct)),
    ("co2_ct", |it| Some(it.row.co2_ct)),
    ("discomfort_ct", |it| Some(it.row.discomfort_ct)),
    ("shortfall_ct", |it| Some(it.row.shortfall_ct)),
    ("urgency_ct", |it| Some(it.row.urgency_ct)),
    ("overshoot_ct", |it| Some(it.row.overshoot_ct)),
    ("cost_ct", |it| Some(it.row.cost_ct())),
    ("borrowed_ct", |it| Some(it.borrowed_ct)),
    ("net_ct", |it| Some(it.net_ct())),
    ("saving_ct", |it| it.saving_ct),
    ("bill_saving_ct", |it| it.bill_saving_ct),
    ("regret_ct", |it| it.regret_ct),
    ("discomfort_k_h", |it| Some(it.row.discomfort_k_h)),
    ("hot_water_kwh_h", |it| Some(it.row.hot_water_kwh_h)),
    ("departure_kwh", |it| Some(it.row.departure_kwh)),
    ("elsewhere_kwh", |it| Some(it.row.elsewhere_kwh)),
    ("skipped_runs", |it| Some(it.row.skipped_runs as f64)),
    ("plans", |it| Some(it.row.plans as f64)),
    ("open_plans", |it| Some(it.row.open_plans as f64)),
    ("worst_gap_ct", |it| Some(it.row.worst_gap_ct)),
];

/// Columns of the table `days`.
pub(crate) const DAYS: [&str; 5 + NUMBERS.len()] = columns(&[KEY[0], KEY[1], KEY[2], KEY[3], "date"], &[]);

/// Columns of the table `summary`.
pub(crate) const SUMMARY: [&str; 9 + NUMBERS.len()] =
    columns(&[KEY[0], KEY[1], KEY[2], KEY[3], "status", "days"], &["best_tariff", "ahead_ct", "error"]);

/// Columns of the table `hours`.
pub(crate) const HOURS: [&str; 12] = [
    KEY[0],
    KEY[1],
    KEY[2],
    KEY[3],
    "month",
    "hour",
    "hours",
    "import_kwh",
    "export_kwh",
    "flexible_kwh",
    "energy_ct",
    "import_price_ct_per_kwh",
];

const fn columns<const N: usize>(before: &[&'static str], after: &[&'static str]) -> [&'static str; N] {
    let mut all = [""; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < before.len() {
            before[at]
        } else if at < before.len() + NUMBERS.len() {
            NUMBERS[at - before.len()].0
        } else {
            after[at - before.len() - NUMBERS.len()]
        };
        at += 1;
    }
    all
}

/// Six decimals: nobody measures a millionth of a cent, and shorter tables are easier to read.
fn tidy(number: f64) -> f64 {
    (number * 1e6).round() / 1e6 + 0.0
}

fn number<'a>(number: Option<f64>) -> Value<'a> {
    Value::Number(number.map(tidy))
}

fn key(key: &UnitKey) -> Row<'_> {
    let values = [&key.home, &key.variant, &key.tariff, &key.policy];
    KEY.into_iter()
        .zip(values.map(|text| Value::Text(Some(text.as_str()).filter(|text| !text.is_empty()))))
        .collect()
}

fn numbers<'a>(numbers: Option<&Numbers>) -> Row<'a> {
    NUMBERS.into_iter().map(|(name, get)| (name, number(numbers.and_then(get)))).collect()
}

/// A row of `days`.
pub(crate) fn day_row<'a>(unit: &'a UnitKey, date: &'a str, day: Option<&Numbers>) -> Row<'a> {
    let mut row = key(unit);
    row.push(("date", Value::Text(Some(date))));
    row.extend(numbers(day));
    debug_assert!(row.iter().map(|(name, _)| *name).eq(DAYS));
    row
}

/// What a row of `summary` says beside its numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Verdict<'a> {
    pub(crate) days: usize,
    pub(crate) best_tariff: bool,
    pub(crate) ahead_ct: Option<f64>,
    pub(crate) error: Option<&'a str>,
}

/// A row of `summary`.
pub(crate) fn summary_row<'a>(unit: &'a UnitKey, total: Option<&Numbers>, verdict: Verdict<'a>) -> Row<'a> {
    let mut row = key(unit);
    let done = verdict.error.is_none();
    row.push(("status", Value::Text(Some(if done { "done" } else { "failed" }))));
    row.push(("days", Value::Number(done.then_some(verdict.days as f64))));
    row.extend(numbers(total));
    row.push(("best_tariff", Value::Truth(done.then_some(verdict.best_tariff))));
    row.push(("ahead_ct", number(verdict.ahead_ct)));
    row.push(("error", Value::Text(verdict.error)));
    debug_assert!(row.iter().map(|(name, _)| *name).eq(SUMMARY));
    row
}

/// A row of `hours`; `month` as `2026-01`.
pub(crate) fn hour_row<'a>(unit: &'a UnitKey, month: &'a str, hour: &HourRow) -> Row<'a> {
    let mut row = key(unit);
    row.push((HOURS[4], Value::Text(Some(month))));
    let values = [
        f64::from(hour.hour),
        hour.hours,
        hour.import_kwh,
        hour.export_kwh,
        hour.flexible_kwh,
        hour.energy_ct,
        hour.import_price(),
    ];
    row.extend(HOURS[5..].iter().zip(values).map(|(name, value)| (*name, number(Some(value)))));
    row
}

/// A row of `intervals`.
pub(crate) fn interval_row<'a>(unit: &'a UnitKey, interval: &IntervalRow) -> Row<'a> {
    let mut row = key(unit);
    row.push(("start_utc", Value::Time(Some(interval.start))));
    row.extend(
        [
            ("import_price_ct_per_kwh", Some(interval.import_price)),
            ("export_price_ct_per_kwh", Some(interval.export_price)),
            ("load_kw", Some(interval.load_kw)),
            ("pv_kw", Some(interval.pv_kw)),
            ("curtailed_kw", Some(interval.curtailed_kw)),
            ("import_kw", Some(interval.import_kw)),
            ("export_kw", Some(interval.export_kw)),
            ("batteries_kw", Some(interval.batteries_kw)),
            ("cars_kw", Some(interval.cars_kw)),
            ("heat_pumps_kw", Some(interval.heat_pumps_kw)),
            ("appliances_kw", Some(interval.appliances_kw)),
            ("batteries_kwh", interval.batteries_kwh),
            ("cars_kwh", interval.cars_kwh),
            ("room_c", interval.room_c),
            ("tank_kwh", interval.tank_kwh),
        ]
        .map(|(name, value)| (name, number(value))),
    );
    row
}

/// Rows that show the types of all columns of each table.
pub(crate) fn examples(intervals: bool) -> Vec<(&'static str, Row<'static>)> {
    static NOBODY: UnitKey =
        UnitKey { home: String::new(), variant: String::new(), tariff: String::new(), policy: String::new() };
    let zero = HourRow {
        month: NaiveDate::MIN,
        hour: 0,
        hours: 1.0,
        import_kwh: 0.0,
        export_kwh: 0.0,
        flexible_kwh: 0.0,
        energy_ct: 0.0,
        price_ct_h: 0.0,
    };
    let mut tables = vec![
        ("days", day_row(&NOBODY, "", None)),
        ("summary", summary_row(&NOBODY, None, Verdict::default())),
        ("hours", hour_row(&NOBODY, "", &zero)),
    ];
    if intervals {
        let nothing = IntervalRow {
            start: chrono::DateTime::UNIX_EPOCH,
            import_price: 0.0,
            export_price: 0.0,
            load_kw: 0.0,
            pv_kw: 0.0,
            curtailed_kw: 0.0,
            import_kw: 0.0,
            export_kw: 0.0,
            batteries_kw: 0.0,
            cars_kw: 0.0,
            heat_pumps_kw: 0.0,
            appliances_kw: 0.0,
            batteries_kwh: None,
            cars_kwh: None,
            room_c: None,
            tank_kwh: None,
        };
        tables.push(("intervals", interval_row(&NOBODY, &nothing)));
    }
    tables
}
