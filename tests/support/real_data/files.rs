//! Reads the data files, and finds the value that belongs to an instant.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Berlin;
use offpeak_domain::{CentsPerKilowattHour, GridFeeWindow, TimeVariableGridFee, local_instant};

/// All series, in the units of their files.
#[derive(Debug)]
pub struct RealData {
    prices: Series,
    households: Series,
    weather: Series,
    sessions: Vec<Session>,
    grid_fees: Vec<(String, GridFeeWindow)>,
}

/// One stay of a car, by the wall clock.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose car it is.
    pub user: String,
    /// When it was plugged in.
    pub arrival: NaiveDateTime,
    /// When it was unplugged.
    pub departure: NaiveDateTime,
    /// What it charged.
    pub energy_kwh: f64,
}

/// Columns over quarter-hours without a gap.
#[derive(Debug)]
struct Series {
    start: DateTime<Utc>,
    columns: BTreeMap<String, Vec<f64>>,
}

impl RealData {
    /// The folder of the data beside the workspace, if it is there.
    pub fn folder() -> Option<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
        folder.join("simbench_home_2016_15min.csv").exists().then_some(folder)
    }

    /// Reads all files.
    ///
    /// # Panics
    /// If a file is missing or is not what it should be.
    pub fn read(folder: &Path) -> Self {
        Self {
            prices: Series::read(&folder.join("prices_de_lu_2025-10_2026-05_15min.csv")),
            households: Series::read(&folder.join("simbench_home_2016_15min.csv")),
            weather: Series::read(&folder.join("weather_pv_cologne_2015_15min.csv")),
            sessions: read_sessions(&folder.join("ev_sessions_norway_2018-12_2019-10.csv")),
            grid_fees: read_grid_fees(&folder.join("grid_fees_14a_modul3_2026.csv")),
        }
    }

    /// Day-ahead price at `instant`.
    pub fn day_ahead(&self, instant: DateTime<Utc>) -> CentsPerKilowattHour {
        CentsPerKilowattHour(self.prices.at("eur_per_mwh", instant) / 10.0)
    }

    /// Load of `household` (a column's name) at `instant`, in kW.
    pub fn load_kw(&self, household: &str, instant: DateTime<Utc>) -> f64 {
        let local = instant.with_timezone(&Berlin);
        let day = same_weekday(local.date_naive(), 2016);
        let there = local_instant(day.and_time(local.time()), Berlin);
        self.households.at(household, there) / 1000.0
    }

    /// Outdoor temperature at `instant`, in °C.
    pub fn outdoor_c(&self, instant: DateTime<Utc>) -> f64 {
        self.weather.at("temp_c", in_2015(instant))
    }

    /// Generation of a south roof of `peak_kwp` at `instant`, in kW.
    pub fn pv_kw(&self, peak_kwp: f64, instant: DateTime<Utc>) -> f64 {
        self.weather.at("pv_s35_w_per_kwp", in_2015(instant)) * peak_kwp / 1000.0
    }

    /// The stays of `user` that touch the local days from `first` on, moved there.
    pub fn sessions(&self, user: &str, first: NaiveDate, days: u32) -> Vec<Session> {
        let shift = first - same_weekday(first, 2019);
        let moved = self.sessions.iter().filter(|session| session.user == user).map(|session| Session {
            arrival: session.arrival + shift,
            departure: session.departure + shift,
            ..session.clone()
        });
        let from = first.and_time(NaiveTime::MIN);
        let to = from + Duration::days(i64::from(days));
        moved.filter(|session| session.departure > from && session.arrival < to).collect()
    }

    /// The module 3 grid fee of `dso`; its price sheet is taken to hold in the year before it, too.
    ///
    /// # Panics
    /// If its windows are empty.
    pub fn grid_fee(&self, dso: &str) -> TimeVariableGridFee {
        let windows = self.grid_fees.iter().filter(|(id, _)| id == dso).map(|(_, window)| window.clone());
        TimeVariableGridFee::new(dso, windows.collect()).expect("windows of a price sheet")
    }
}

impl Series {
    fn read(path: &Path) -> Self {
        let rows = read_rows(path);
        let start = utc(&rows[0]["start_utc"]);
        let names: Vec<String> = rows[0].keys().filter(|name| *name != "start_utc").cloned().collect();
        let column = |name: &String| (name.clone(), rows.iter().map(|row| number(row, name)).collect());
        Self { start, columns: names.iter().map(column).collect() }
    }

    fn at(&self, column: &str, instant: DateTime<Utc>) -> f64 {
        let quarter_hour = (instant - self.start).num_minutes().div_euclid(15);
        let index = usize::try_from(quarter_hour).expect("an instant within the series");
        self.columns[column][index]
    }
}

/// The day of `year` nearest to `date` that is the same day of the week.
fn same_weekday(date: NaiveDate, year: i32) -> NaiveDate {
    let near = date
        .with_year(year)
        .unwrap_or_else(|| date.pred_opt().expect("a date").with_year(year).expect("a date"));
    let shifts = (-3..=3).map(|days| near + Duration::days(days));
    let same: Vec<NaiveDate> = shifts.filter(|day| day.weekday() == date.weekday()).collect();
    let shifted = same[0];
    // Stay within the year that the profile has.
    match shifted.year() - year {
        0 => shifted,
        past => shifted - Duration::days(7 * i64::from(past)),
    }
}

/// The same date and time in 2015, which has no 29 February; its series begins a quarter-hour before the year.
fn in_2015(instant: DateTime<Utc>) -> DateTime<Utc> {
    let last = Utc.with_ymd_and_hms(2015, 12, 31, 23, 30, 0).single().expect("an instant");
    let there = instant
        .with_year(2015)
        .unwrap_or_else(|| (instant - Duration::days(1)).with_year(2015).expect("a day"));
    there.min(last)
}

fn read_sessions(path: &Path) -> Vec<Session> {
    let oslo = |stamp: &str| utc(stamp).with_timezone(&chrono_tz::Europe::Oslo).naive_local();
    let mut sessions: Vec<Session> = read_rows(path)
        .iter()
        .map(|row| Session {
            user: row["user_id"].clone(),
            arrival: oslo(&row["plug_in_utc"]),
            departure: oslo(&row["plug_out_utc"]),
            energy_kwh: number(row, "energy_kwh"),
        })
        .collect();
    sessions.sort_by_key(|session| session.arrival);
    sessions
}

fn read_grid_fees(path: &Path) -> Vec<(String, GridFeeWindow)> {
    let minutes = |clock: &str| -> u32 {
        let (hours, minutes) = clock.split_once(':').expect("hours and minutes");
        hours.parse::<u32>().expect("hours") * 60 + minutes.parse::<u32>().expect("minutes")
    };
    let window = |row: &BTreeMap<String, String>| {
        let window = GridFeeWindow {
            valid_from: NaiveDate::from_ymd_opt(2025, 1, 1).expect("a date"),
            quarters: ["Q1", "Q2", "Q3", "Q4"].map(|quarter| row["quarters"].contains(quarter)),
            minutes: minutes(&row["from_local"])..minutes(&row["to_local"]),
            price: CentsPerKilowattHour(number(row, "ct_per_kwh_net")),
        };
        (row["dso_id"].clone(), window)
    };
    read_rows(path).iter().map(window).collect()
}

/// Rows of a plain CSV file, by column name.
fn read_rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let row = |line: &str| {
        names.iter().zip(line.split(',')).map(|(name, cell)| ((*name).into(), cell.into())).collect()
    };
    lines.map(row).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {}", row[column]))
}

fn utc(stamp: &str) -> DateTime<Utc> {
    let naive = NaiveDateTime::parse_from_str(stamp, "%Y-%m-%dT%H:%MZ");
    naive.unwrap_or_else(|error| panic!("{stamp}: {error}")).and_utc()
}
