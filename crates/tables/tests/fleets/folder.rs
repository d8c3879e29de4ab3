//! A small valid fleet in a folder, to be changed by a test.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use offpeak_domain::Home;
use offpeak_tables::{Fleet, HomeEntry, PlanWindow, TableError};
use tempfile::TempDir;

/// The day that all tests plan, in Berlin: 2026-01-14T23:00Z to 2026-01-15T23:00Z.
pub(crate) fn day() -> PlanWindow {
    PlanWindow::local_day(NaiveDate::from_ymd_opt(2026, 1, 15).expect("a date"))
}

/// The first instant of the day.
pub(crate) fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 14, 23, 0, 0).single().expect("one")
}

/// A folder with tables.
pub(crate) struct Folder {
    folder: TempDir,
}

impl Folder {
    /// Two homes, `a` with everything and `b` with nothing, in quarter-hours.
    pub(crate) fn sample() -> Self {
        let folder = Self::empty();
        folder.write("homes", "home_id,tariff_id,outdoor_id,import_limit_kw\na,t,o,20\nb,t,,15\n");
        folder.write("tariffs", "tariff_id,kind\nt,all_in\n");
        let rows = |row: &dyn Fn(String) -> String| {
            (0..96).map(|t| row(stamp(start() + Duration::minutes(15 * t)))).collect::<String>()
        };
        folder.write("prices", &format!("start_utc,ct_per_kwh\n{}", rows(&|at| format!("{at},30\n"))));
        folder.write(
            "outdoor",
            &format!("outdoor_id,start_utc,outdoor_c\n{}", rows(&|at| format!("o,{at},5\n"))),
        );
        let series = ["a", "b"].map(|home| rows(&|at| format!("{home},{at},0.5,0.1,0.2\n"))).concat();
        folder.write("series", &format!("home_id,start_utc,load_kw,pv_kw,hot_water_draw_kw\n{series}"));
        folder.write(
            "batteries",
            "home_id,battery_id,max_stored_kwh,initial_stored_kwh,max_charge_kw,max_discharge_kw,\
             charge_efficiency,discharge_efficiency\na,battery,10,5,5,4,0.95,0.94\n",
        );
        folder.write(
            "evs",
            "home_id,ev_id,capacity_kwh,initial_energy_kwh,three_phase_min_kw,three_phase_max_kw\n\
             a,car,60,20,4.14,11\n",
        );
        folder.write(
            "ev_sessions",
            "home_id,ev_id,arrival,departure,target_kwh,driven_kwh\n\
             a,car,2026-01-14T20:00,2026-01-15T07:00,40,\na,car,2026-01-15T18:00,2026-01-16T07:00,45,10\n",
        );
        folder.write(
            "heat_pumps",
            "home_id,heat_pump_id,max_power_kw,min_power_share,resistance_k_per_kw,capacitance_kwh_per_k,\
             initial_room_c,tank_highest_kwh,tank_initial_kwh\na,pump,3,0.3,5,10,21,8,4\n",
        );
        folder.write(
            "appliances",
            "home_id,appliance_id,profile_kw,earliest_start,latest_end\n\
             a,washer,2.0;0.5,2026-01-15T08:00,2026-01-15T12:00\n",
        );
        folder.write(
            "dimming",
            "home_id,from,to,cap_kw\na,2026-01-15T17:00+01:00,2026-01-15T18:00+01:00,4.2\n",
        );
        folder
    }

    pub(crate) fn empty() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder") }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn write(&self, table: &str, text: &str) {
        fs::write(self.file(&format!("{table}.csv")), text).expect("can be written");
    }

    pub(crate) fn read(&self, table: &str) -> String {
        fs::read_to_string(self.file(&format!("{table}.csv"))).expect("is there")
    }

    /// Replaces the first `from`, which must be there.
    pub(crate) fn replace(&self, table: &str, from: &str, to: &str) {
        let text = self.read(table);
        assert!(text.contains(from), "{table} has no `{from}`");
        self.write(table, &text.replacen(from, to, 1));
    }

    pub(crate) fn remove(&self, table: &str) {
        fs::remove_file(self.file(&format!("{table}.csv"))).expect("is there");
    }

    pub(crate) fn open(&self) -> Result<Fleet, TableError> {
        Fleet::open(self.path(), None)
    }

    /// Every entry of the day.
    pub(crate) fn entries(&self) -> Vec<HomeEntry> {
        self.open().expect("opens").homes(&day()).collect()
    }

    /// The home at `position`, which must be valid.
    pub(crate) fn home(&self, position: usize) -> Home {
        self.entries().swap_remove(position).home.expect("valid")
    }

    /// The only error of opening the fleet, without the path of the folder.
    pub(crate) fn refusal(&self) -> String {
        self.without_path(&self.open().err().expect("is refused").to_string())
    }

    /// The errors of every home, without the path of the folder.
    pub(crate) fn errors(&self) -> Vec<Vec<String>> {
        let errors = |entry: HomeEntry| {
            let errors = entry.home.err().unwrap_or_default();
            errors.iter().map(|error| self.without_path(&error.to_string())).collect()
        };
        self.entries().into_iter().map(errors).collect()
    }

    pub(crate) fn without_path(&self, message: &str) -> String {
        message.replace(&format!("{}/", self.path().display()), "")
    }
}

pub(crate) fn stamp(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%MZ").to_string()
}
