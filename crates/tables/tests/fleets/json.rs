//! A single home in JSON.

use chrono::Duration;
use offpeak_domain::Home;
use offpeak_tables::{HomeEntry, PlanWindow, Span, TableError, read_home_json};
use serde_json::{Value, json};

use crate::folder::{Folder, stamp, start};

/// Two hours from the start of the day, hourly.
fn two_hours() -> PlanWindow {
    let span = Span::Instants { from: start(), to: start() + Duration::hours(2) };
    PlanWindow { span, interval_minutes: 60 }
}

fn sample() -> Value {
    let at = |hour| stamp(start() + Duration::hours(hour));
    json!({
        "home": { "home_id": "a", "import_limit_kw": 20 },
        "tariff": { "kind": "all_in" },
        "batteries": [{
            "battery_id": "battery", "max_stored_kwh": 10, "initial_stored_kwh": 5, "max_charge_kw": 5,
            "max_discharge_kw": 5, "charge_efficiency": 0.95, "discharge_efficiency": 0.95, "grid_export": false
        }],
        "heat_pumps": [{
            "heat_pump_id": "pump", "max_power_kw": 3, "min_power_share": 0.3,
            "tank_highest_kwh": 8, "tank_initial_kwh": 4
        }],
        "outdoor": [{ "start_utc": at(0), "outdoor_c": 5 }, { "start_utc": at(1), "outdoor_c": 4 }],
        "series": [{ "start_utc": at(0), "load_kw": 0.5 }, { "start_utc": at(1), "load_kw": 1, "pv_kw": 2 }],
        "prices": [{ "start_utc": at(0), "ct_per_kwh": 30 }, { "start_utc": at(1), "ct_per_kwh": 20 }]
    })
}

fn read(text: &str) -> Result<HomeEntry, TableError> {
    let folder = Folder::empty();
    let path = folder.file("home.json");
    std::fs::write(&path, text).expect("can be written");
    read_home_json(&path, None, &two_hours())
}

fn home(value: &Value) -> Home {
    read(&value.to_string()).expect("can be read").home.expect("valid")
}

/// The error of a file or the errors of its home, without the path.
fn errors(text: &str) -> Vec<String> {
    let errors = match read(text) {
        Ok(entry) => entry.home.expect_err("an error"),
        Err(error) => vec![error],
    };
    let after_path = |error: TableError| {
        let message = error.to_string();
        let place = message.find("home.json").expect("names the file");
        message[place..].to_owned()
    };
    errors.into_iter().map(after_path).collect()
}

/// The errors after `change`.
fn errors_after(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut value = sample();
    change(&mut value);
    errors(&value.to_string())
}

#[test]
fn a_home_in_json_has_what_it_says() {
    let home = home(&sample());
    assert_eq!(home.id, "a");
    assert_eq!(home.grid.pv.iter().map(|power| power.0).collect::<Vec<_>>(), [0.0, 2.0]);
    assert!(!home.batteries[0].grid_export);
    assert_eq!(home.heat_pumps[0].hot_water.as_ref().map(|water| water.draw.len()), Some(2));
}

#[test]
fn an_element_is_named_by_its_list_and_number() {
    assert_eq!(
        errors_after(|home| home["batteries"][0]["charge_efficiency"] = json!(1.2)),
        ["home.json batteries[0], column charge_efficiency: 1.2; must be a number from 0.01 to 1"]
    );
    assert_eq!(
        errors_after(|home| home["batteries"][0]["max_charge_kw"] = Value::Null),
        [
            "home.json batteries[0], column max_charge_kw: must be there; batteries needs home_id, battery_id, \
          max_stored_kwh, initial_stored_kwh, max_charge_kw, max_discharge_kw, charge_efficiency, \
          discharge_efficiency"
        ]
    );
    assert_eq!(
        errors_after(|home| home["home"]["import_limit_kw"] = json!([20])),
        ["home.json home, column import_limit_kw: [20]; must be a number from 0 to 1000000"]
    );
    assert_eq!(
        errors_after(|home| home["series"][1]["load_kw"] = json!(-1)),
        ["home.json series[1], column load_kw: -1; must be a number of at least 0"]
    );
}

#[test]
fn keys_and_shapes_are_checked() {
    let unknown = errors_after(|home| home["battery"] = json!([]));
    assert!(
        unknown[0].starts_with("home.json: unknown key battery; must be one of home, batteries"),
        "{unknown:?}"
    );
    assert!(unknown[0].ends_with("(hint: did you mean batteries?)"), "{unknown:?}");
    let column = errors_after(|home| home["batteries"][0]["max_charge"] = json!(5));
    assert!(column[0].starts_with("home.json batteries[0], column max_charge: unknown column"), "{column:?}");
    assert_eq!(
        errors_after(|home| home["home"] = json!([])),
        ["home.json home: no object; must be an object"]
    );
    assert_eq!(
        errors_after(|home| home["evs"] = json!({})),
        ["home.json evs: no list; must be a list of objects"]
    );
    assert_eq!(
        errors_after(|home| home["evs"] = json!([1])),
        ["home.json evs[0]: no object; must be an object"]
    );
    let missing = errors_after(|home| home["series"] = json!([]));
    assert_eq!(missing, ["home.json, column series: must be there, with home_id, start_utc, load_kw"]);
}

#[test]
fn what_is_no_json_names_its_line() {
    assert_eq!(
        errors("{\n  \"home\": }"),
        ["home.json: expected value at line 2 column 11; must be a valid JSON file"]
    );
    assert!(errors("[]")[0].starts_with("home.json: no object; must be an object with home, batteries"));
}
