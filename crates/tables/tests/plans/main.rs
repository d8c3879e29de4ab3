//! Plans written and read back: nothing is lost, nothing is repaired, and what is wrong is named.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

#[path = "../support/damage.rs"]
mod damage;
mod damaged;
mod full_home;

use std::fs;
use std::path::Path;

use offpeak_audit::audit_plan;
use offpeak_domain::{Costed, GapTolerance, Home, Plan, Schedule, Setpoints, savings};
use offpeak_tables::{
    Format, Outcome, PlanWriter, PlannedHome, PlannedSummary, TableError, read_schedules, read_summary,
};
use tempfile::TempDir;

use full_home::{costed, home, plan};

/// Writes the homes `a` and `b`, and `broken` between them, which has no plan.
fn written(format: Format) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = PlanWriter::create(folder.path(), format, GapTolerance::default()).unwrap();
    for id in ["a", "b"] {
        let home = home(id);
        let (plan, baseline) = (plan(&home, costed(&home)), Costed::of(&home, Setpoints::idle(&home)));
        let savings = savings(&home, &baseline, &plan.costed);
        let planned = PlannedHome {
            home: &home,
            plan: &plan,
            baseline: &baseline,
            savings: &savings,
            baseline_clean: false,
            audit_violations: 3,
        };
        writer.write(&planned).unwrap();
        if id == "a" {
            writer.write_failure("broken", "homes.csv row 3: a comma, a \"quote\"").unwrap();
        }
    }
    writer.finish().unwrap();
    folder
}

fn schedules(folder: &Path) -> Result<Vec<Schedule>, TableError> {
    read_schedules(folder)?
        .map(|written| {
            let written = written?;
            written.of_home(&home(&written.home_id))
        })
        .collect()
}

fn planned(folder: &Path) -> Vec<PlannedSummary> {
    let rows = read_summary(folder).unwrap().map(|row| row.unwrap().outcome);
    rows.filter_map(|outcome| match outcome {
        Outcome::Planned(planned) => Some(*planned),
        Outcome::Failed { .. } => None,
    })
    .collect()
}

fn read_back(folder: &Path, home: &Home) -> Plan {
    let schedule = schedules(folder).unwrap().remove(0);
    planned(folder)[0].plan(&home.id, schedule)
}

/// The error, or the auditor's findings, after a text in the CSV of schedules has been replaced once.
fn after_edit(from: &str, to: &str) -> Result<Vec<String>, String> {
    let folder = written(Format::Csv);
    let path = folder.path().join("schedules.csv");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let home = home("a");
    let schedule = schedules(folder.path()).map_err(|error| error.to_string())?.remove(0);
    let plan = planned(folder.path())[0].plan(&home.id, schedule);
    Ok(audit_plan(&home, &plan).iter().map(ToString::to_string).collect())
}

#[test]
fn a_plan_comes_back_number_by_number_in_both_formats_and_audits_clean() {
    for format in [Format::Csv, Format::Parquet] {
        let folder = written(format);
        let home = home("a");
        let original = plan(&home, costed(&home));
        assert_eq!(audit_plan(&home, &original), [], "the original");
        let back = read_back(folder.path(), &home);
        assert_eq!(back, original, "{format:?}");
        assert_eq!(audit_plan(&home, &back), [], "{format:?}");
    }
}

#[test]
fn a_summary_comes_back_with_its_certificate_and_its_failures() {
    for format in [Format::Csv, Format::Parquet] {
        let folder = written(format);
        let rows: Vec<_> = read_summary(folder.path()).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.iter().map(|row| row.home_id.as_str()).collect::<Vec<_>>(), ["a", "broken", "b"]);
        let reason = "homes.csv row 3: a comma, a \"quote\"".to_owned();
        assert_eq!(rows[1].outcome, Outcome::Failed { reason });

        let home = home("a");
        let baseline = Costed::of(&home, Setpoints::idle(&home));
        let row = &planned(folder.path())[0];
        assert!(row.closed, "a gap of 0.1 ct is within 1 ct");
        assert_eq!((row.baseline_clean, row.audit_violations), (false, 3));
        assert_eq!(row.savings, savings(&home, &baseline, &costed(&home)));
        assert_eq!(row.baseline_bill, baseline.money.bill());
        assert_eq!(row.baseline_objective, baseline.money.objective());
    }
}

#[test]
fn rows_stand_by_home_device_part_and_time_and_only_for_what_a_home_has() {
    let folder = written(Format::Csv);
    let text = fs::read_to_string(folder.path().join("schedules.csv")).unwrap();
    let mut runs: Vec<(String, usize)> = Vec::new();
    for line in text.lines().skip(1) {
        let key = line.rsplitn(4, ',').last().unwrap().to_owned();
        match runs.last_mut() {
            Some((last, rows)) if *last == key => *rows += 1,
            _ => runs.push((key, 1)),
        }
    }
    let parts = [
        "grid,grid",
        "grid,curtail",
        "\"battery, \"\"cellar\"\"\",battery",
        "car,ev",
        "plain car,ev",
        "pump,rooms",
        "pump,backup",
        "pump,hot_water",
        "boiler,hot_water",
        "boiler,immersion",
        "washer,appliance",
        "dryer,appliance",
    ];
    let expected: Vec<(String, usize)> =
        ["a", "b"].iter().flat_map(|home| parts.map(|part| (format!("{home},{part}"), 100))).collect();
    assert_eq!(runs, expected);
}

#[test]
fn a_wrong_setpoint_comes_through_to_the_auditor() {
    let findings = after_edit(
        "pump,rooms,2025-10-25T22:45:00Z,1.5707963267948966",
        "pump,rooms,2025-10-25T22:45:00Z,1.6",
    );
    let findings = findings.unwrap();
    assert!(findings.iter().any(|one| one.contains("power balance")), "{findings:?}");
    let findings =
        after_edit("washer,appliance,2025-10-26T06:15:00Z,2,", "washer,appliance,2025-10-26T06:15:00Z,-2,");
    assert!(!findings.unwrap().is_empty());
}

#[test]
fn a_malformed_cell_is_named_with_file_row_column_and_value() {
    for (from, to, expected) in [
        (
            "a,grid,grid,2025-10-25T22:00:00Z,",
            "a,grid,grid,2025-10-25T22:00:00Z,x",
            "row 2, column power_kw: x",
        ),
        (
            "a,grid,grid,2025-10-25T22:00:00Z,",
            "a,grid,grid,yesterday,",
            "row 2, column start_utc: yesterday; must be",
        ),
        ("a,grid,grid,", "a,grid,gird,", "row 2, column part: gird; must be grid, curtail"),
        (
            "a,grid,curtail,2025-10-25T22:00:00Z,0,",
            "a,grid,curtail,2025-10-25T22:00:00Z,,",
            "column power_kw: must be given",
        ),
        (
            "a,grid,curtail,2025-10-25T22:00:00Z,0,",
            "a,grid,curtail,2025-10-25T22:00:00Z,0,1",
            "level_end: 1; must be missing",
        ),
        (
            "a,grid,curtail,2025-10-25T22:00:00Z,0,",
            "a,grid,curtail,2025-10-25T22:00:00Z,0,,",
            "7 fields; must have 6",
        ),
        (
            "a,washer,appliance",
            "a,kettle,appliance",
            "column device_id: appliance of `kettle`; must be what home `a` has",
        ),
        (
            "a,grid,curtail,2025-10-25T22:00",
            "a,grid,curtail,2025-10-24T22:00",
            "must be the start of an interval of the plan",
        ),
        (
            "a,grid,curtail,2025-10-25T22:15",
            "a,grid,curtail,2025-10-25T22:00",
            "2025-10-25T22:00Z again, for curtail of `grid`",
        ),
        (
            "a,grid,curtail,2025-10-25T22:00:00Z,0,\n",
            "",
            "no row at 2025-10-25T22:00Z for curtail of `grid` in home `a`",
        ),
        (
            "b,washer,appliance,2025-10-26T22:45",
            "a,washer,appliance,2025-10-26T22:45",
            "column home_id: a; must be there once",
        ),
    ] {
        let error = after_edit(from, to).unwrap_err();
        assert!(error.contains("schedules.csv") && error.contains(expected), "{to} gave: {error}");
    }
}

#[test]
fn a_summary_that_contradicts_itself_is_refused() {
    let folder = written(Format::Csv);
    let path = folder.path().join("summary.csv");
    let text = fs::read_to_string(&path).unwrap();
    let bill = planned(folder.path())[0].money.bill().0;
    for (from, to, expected) in [
        (
            format!(",{bill},"),
            ",1,".to_owned(),
            "column bill_ct: 1; must be import_ct - export_ct + peak_ct, which is",
        ),
        (
            ",node_limit,".to_owned(),
            ",optimal,".to_owned(),
            "column termination: optimal; must be gap_closed, node_limit",
        ),
        ("a,closed".to_owned(), "b,closed".to_owned(), "row 4, column home_id: b; must be there once"),
        (",12345678,".to_owned(), ",0.5,".to_owned(), "column iterations: 0.5; must be a whole number"),
    ] {
        fs::write(&path, text.replacen(&from, &to, 1)).unwrap();
        let error = read_summary(folder.path()).unwrap().find_map(Result::err).unwrap().to_string();
        assert!(error.contains(expected), "{to} gave: {error}");
    }
}

#[test]
fn a_new_run_takes_the_place_of_the_old_in_either_format_and_nothing_else() {
    let folder = written(Format::Csv);
    fs::write(folder.path().join("notes.csv"), "mine").unwrap();
    let writer = PlanWriter::create(folder.path(), Format::Parquet, GapTolerance::default()).unwrap();
    assert_eq!(planned(folder.path()).len(), 2, "until it is finished the old plans stand");
    writer.finish().unwrap();
    let mut names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["notes.csv", "schedules.parquet", "summary.parquet"]);
    assert!(schedules(folder.path()).unwrap().is_empty());
    assert!(planned(folder.path()).is_empty());
}

#[test]
fn a_folder_without_plans_is_an_error_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let error = read_schedules(folder.path()).err().unwrap().to_string();
    assert!(error.contains("no table `schedules`; must be a folder with plans (hint: plan first"), "{error}");
}
