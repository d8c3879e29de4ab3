//! Every kind of error, as a user reads it.

use crate::folder::Folder;

/// Replaces text in a table of the sample; home `a` must have exactly this error, and `b` none.
fn spoils_a(table: &str, from: &str, to: &str, expected: &str) {
    let folder = Folder::sample();
    folder.replace(table, from, to);
    assert_eq!(folder.errors(), [vec![expected.to_owned()], Vec::new()]);
}

/// Replaces text in a table of the sample; the fleet must be refused as a whole.
fn spoils_all(table: &str, from: &str, to: &str, expected: &str) {
    let folder = Folder::sample();
    folder.replace(table, from, to);
    assert_eq!(folder.refusal(), expected);
}

#[test]
fn a_number_out_of_range_is_shown_with_its_range() {
    spoils_a(
        "batteries",
        "0.95",
        "1.2",
        "batteries.csv row 2, column charge_efficiency: 1.2; must be a number from 0.01 to 1",
    );
    spoils_a(
        "batteries",
        "a,battery,10,5",
        "a,battery,10,12",
        "batteries.csv row 2, column initial_stored_kwh: 12; must be a number from 0 to 10",
    );
}

#[test]
fn what_is_no_number_is_shown_as_it_stands() {
    spoils_a(
        "batteries",
        "0.95",
        "\"0,95\"",
        "batteries.csv row 2, column charge_efficiency: 0,95; must be a number from 0.01 to 1 \
         (hint: write a point, not a comma, before the decimals)",
    );
    spoils_a(
        "batteries",
        "a,battery,10",
        "a,battery,10 kWh",
        "batteries.csv row 2, column max_stored_kwh: 10 kWh; must be a number from 0 to 1000000 \
         (hint: the unit stands in the column's name)",
    );
    spoils_a(
        "batteries",
        "0.95",
        "NaN",
        "batteries.csv row 2, column charge_efficiency: NaN; must be a number from 0.01 to 1",
    );
}

#[test]
fn a_missing_value_is_named() {
    spoils_a(
        "batteries",
        "a,battery,10,5,5",
        "a,battery,10,5,",
        "batteries.csv row 2, column max_charge_kw: must be given: a number from 0 to 1000000",
    );
}

#[test]
fn a_wrong_word_is_shown_with_the_right_ones() {
    let folder = Folder::sample();
    folder.replace("homes", "import_limit_kw\na,t,o,20", "import_limit_kw,peak_window\na,t,o,20,monht");
    folder.replace("homes", "b,t,,15", "b,t,,15,");
    assert_eq!(
        folder.errors()[0],
        ["homes.csv row 2, column peak_window: monht; must be day or month (hint: did you mean month?)"]
    );
    folder.replace("homes", "peak_window", "can_curtail");
    assert_eq!(folder.errors()[0], ["homes.csv row 2, column can_curtail: monht; must be true or false"]);
    folder.replace("homes", "can_curtail", "time_zone");
    folder.replace("homes", "monht", "Europe/Berln");
    assert_eq!(
        folder.errors()[0],
        [
            "homes.csv row 2, column time_zone: Europe/Berln; must be a name of the time zone database, such as \
          Europe/Berlin (hint: did you mean Europe/Berlin?)"
        ]
    );
}

#[test]
fn times_that_cannot_be_are_refused() {
    spoils_a(
        "ev_sessions",
        "2026-01-15T07:00",
        "15.01.2026",
        "ev_sessions.csv row 2, column departure: 15.01.2026; must be a time stamp such as 2026-01-15T17:00Z",
    );
    spoils_a(
        "ev_sessions",
        "2026-01-15T07:00",
        "2026-01-13T07:00",
        "ev_sessions.csv row 2, column departure: 2026-01-13T07:00; must be later than the arrival",
    );
    spoils_a(
        "ev_sessions",
        "2026-01-15T18:00",
        "2026-01-15T06:00",
        "ev_sessions.csv row 3, column arrival: 2026-01-15T05:00Z; must not be before 2026-01-15T06:00Z, when \
         the session before it ends",
    );
    spoils_a(
        "appliances",
        "2026-01-15T12:00",
        "2026-01-15T08:15",
        "appliances.csv row 2, column latest_end: 2026-01-15T08:15; must be at least 30 minutes after \
         earliest_start, as the profile is long",
    );
}

#[test]
fn a_profile_is_a_list_of_powers() {
    spoils_a(
        "appliances",
        "2.0;0.5",
        "2.0;-0.5",
        "appliances.csv row 2, column profile_kw: 2.0;-0.5; must be mean kW of each quarter-hour, at least 0, \
         joined by semicolons, such as 2.0;0.5",
    );
}

#[test]
fn references_to_nothing_are_errors_of_the_home() {
    spoils_a(
        "homes",
        "a,t,o",
        "a,u,o",
        "homes.csv row 2, column tariff_id: u; must be a tariff of the table `tariffs`: t",
    );
    spoils_a(
        "homes",
        "a,t,o",
        "a,t,p",
        "homes.csv row 2, column outdoor_id: p; must be a series of the table `outdoor`: o",
    );
    spoils_a(
        "ev_sessions",
        "a,car",
        "a,cart",
        "ev_sessions.csv row 2, column ev_id: cart; must be an EV of the home in the table `evs`",
    );
    spoils_a(
        "homes",
        "a,t,o",
        "a,t,",
        "heat_pumps.csv row 2, column resistance_k_per_kw: 5; must be missing where the home has no outdoor_id, \
         which rooms need",
    );
}

#[test]
fn a_target_beyond_the_capacity_is_refused() {
    spoils_a(
        "ev_sessions",
        ",40,",
        ",70,",
        "ev_sessions.csv row 2, column target_kwh: 70; must be at most 60, the capacity of the car in kWh",
    );
}

#[test]
fn columns_that_go_together_are_asked_for() {
    spoils_a(
        "evs",
        "4.14,11",
        "4.14,",
        "evs.csv row 2, column three_phase_max_kw: must be given where three_phase_min_kw is",
    );
    spoils_a(
        "heat_pumps",
        "0.3,5,10",
        "0.3,5,",
        "heat_pumps.csv row 2, column capacitance_kwh_per_k: must be given where resistance_k_per_kw is",
    );
    spoils_a(
        "evs",
        "4.14,11",
        ",",
        "evs.csv row 2, column one_phase_max_kw: must be given, or the three-phase powers, or both",
    );
}

#[test]
fn devices_of_a_home_have_different_ids() {
    spoils_a(
        "heat_pumps",
        "a,pump",
        "a,car",
        "heat_pumps.csv row 2, column heat_pump_id: car; must not be the id of another device of the home",
    );
}

#[test]
fn everything_wrong_with_a_home_comes_at_once() {
    let folder = Folder::sample();
    folder.replace("batteries", "0.95", "1.2");
    folder.replace("evs", "a,car,60", "a,car,-60");
    folder.replace("series", "0.5,0.1", "0.5,minus");
    let errors = folder.errors();
    let columns = ["charge_efficiency", "capacity_kwh", "pv_kw"];
    assert_eq!(errors[0].len(), 3, "{errors:?}");
    for (error, column) in errors[0].iter().zip(columns) {
        assert!(error.contains(column), "{error}");
    }
    assert!(errors[1].is_empty());
}

#[test]
fn columns_must_be_known_and_there_once() {
    spoils_all(
        "batteries",
        "max_stored_kwh",
        "max_stored_kw",
        "batteries.csv row 1, column max_stored_kw: unknown column; must be one of home_id, battery_id, \
         max_stored_kwh, initial_stored_kwh, max_charge_kw, max_discharge_kw, charge_efficiency, \
         discharge_efficiency, min_stored_kwh, min_charge_kw, min_discharge_kw, self_discharge_per_hour, \
         wear_ct_per_kwh, end_floor_kwh, end_value_ct_per_kwh, end_shortfall_price_ct_per_kwh, grid_charging, \
         grid_export (hint: did you mean max_stored_kwh?)",
    );
    spoils_all(
        "series",
        "pv_kw",
        "load_kw",
        "series.csv row 1, column load_kw: twice in the header; must be there once",
    );
    spoils_all(
        "homes",
        "home_id,tariff_id,outdoor_id,import_limit_kw",
        "home_id,tariff_id,outdoor_id,export_limit_kw",
        "homes.csv row 1, column import_limit_kw: must be there; homes needs home_id, tariff_id, import_limit_kw",
    );
}

#[test]
fn rows_belong_to_homes_that_are_there_once() {
    spoils_all(
        "batteries",
        "a,battery",
        "c,battery",
        "batteries.csv row 2, column home_id: c; must be a home of the table `homes`",
    );
    spoils_all("homes", "b,t", "a,t", "homes.csv row 3, column home_id: a; must be there once");
    spoils_all("homes", "b,t", ",t", "homes.csv row 3, column home_id: must be given");
}

#[test]
fn shared_series_are_strict() {
    spoils_all(
        "outdoor",
        "o,2026-01-14T23:30Z,5\n",
        "",
        "outdoor.csv row 4, column start_utc: 2026-01-14T23:45Z; must be 2026-01-14T23:30Z, 15 minutes after \
         the row before (hint: rows from 2026-01-14T23:30Z are missing; a gap is never filled)",
    );
    spoils_all(
        "outdoor",
        "o,2026-01-14T23:30Z,5\n",
        "o,2026-01-14T23:30,5\n",
        "outdoor.csv row 4, column start_utc: 2026-01-14T23:30; must be a time stamp with a zone, such as \
         2026-01-15T17:00Z (hint: add Z for UTC, or an offset such as +01:00)",
    );
    let folder = Folder::sample();
    let text = folder.read("outdoor");
    let cut = text.len() - "o,2026-01-15T22:45Z,5\n".len();
    folder.write("outdoor", &text[..cut]);
    assert_eq!(
        folder.errors()[0],
        ["outdoor.csv, column outdoor_id: o: no value at 2026-01-15T22:45Z; it spans 2026-01-14T23:00Z to \
          2026-01-15T22:45Z; must cover the plan from 2026-01-14T23:00Z to 2026-01-15T23:00Z"]
    );
}

#[test]
fn tables_must_be_there_under_their_own_name() {
    let folder = Folder::sample();
    folder.remove("tariffs");
    assert_eq!(
        folder.refusal(),
        "tariffs: no such table; must be there as tariffs.csv or tariffs.parquet, with tariff_id, kind"
    );
    folder.write("tarifs", "tariff_id,kind\nt,all_in\n");
    let refusal = folder.refusal();
    assert!(refusal.starts_with("tarifs.csv: unknown table; must be one of the tables homes, "), "{refusal}");
    assert!(refusal.ends_with("(hint: did you mean tariffs?)"), "{refusal}");
    let folder = Folder::sample();
    std::fs::write(folder.file("homes.parquet"), "").expect("can be written");
    assert_eq!(
        folder.refusal(),
        "homes.csv: homes.parquet is there too; must be there in one form only (hint: remove one of the two files)"
    );
}

#[test]
fn a_csv_file_must_be_a_table() {
    spoils_all(
        "evs",
        "a,car,60,20",
        "a,car,60",
        "evs.csv row 2: 5 fields; must have 6 fields, as the header has",
    );
    spoils_all(
        "evs",
        "a,car",
        "a,\"car",
        "evs.csv row 2: a quote that is never closed; must have quotes only around whole fields, and doubled \
         within them",
    );
    spoils_all(
        "evs",
        "a,car",
        "a,c\"ar",
        "evs.csv row 2: a quote within a field; must have quotes only around whole fields, and doubled within them",
    );
    let folder = Folder::sample();
    folder.write("evs", "");
    assert!(folder.refusal().starts_with("evs.csv: empty; must have a header: home_id, ev_id"));
    std::fs::write(
        folder.file("evs.csv"),
        b"home_id,ev_id,capacity_kwh,initial_energy_kwh\na,c\xffr,60,20\n",
    )
    .expect("can be written");
    assert_eq!(
        folder.refusal(),
        "evs.csv row 2: bytes that are no text; must be text in UTF-8 (hint: save the file as UTF-8)"
    );
}

#[test]
fn a_row_after_a_quoted_line_break_keeps_its_line() {
    let folder = Folder::sample();
    folder.replace("homes", "a,t,o,20", "\"a\nwith a break\",t,o,20");
    folder.replace("homes", "b,t,,15", "b,t,,fuse");
    let refusal = folder.refusal();
    assert!(refusal.contains("row 2, column home_id: a; must be a home"), "{refusal}");
    for table in ["batteries", "evs", "ev_sessions", "heat_pumps", "appliances", "dimming"] {
        folder.remove(table);
    }
    let errors = folder.errors();
    assert!(errors[1][0].starts_with("homes.csv row 4, column import_limit_kw: fuse"), "{errors:?}");
}
