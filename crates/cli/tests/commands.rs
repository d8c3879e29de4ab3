//! The program as its users run it: exit codes, what stands on which stream, files that come out.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use tempfile::TempDir;

const DAY: &str = "2026-01-15";

fn offpeak(folder: &Path, arguments: &[&str]) -> Assert {
    Command::new(env!("CARGO_BIN_EXE_offpeak")).current_dir(folder).args(arguments).assert()
}

/// A folder with a fleet `fleet` of `homes` homes of one `mix`.
fn with_fleet(homes: &str, mix: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = ["synth", "--homes", homes, "--seed", "5", "--day", DAY, "--mix", mix, "--out", "fleet"];
    offpeak(folder.path(), &arguments).success();
    folder
}

fn plan(folder: &Path, out: &str, more: &[&str]) -> Assert {
    let arguments = ["plan", "--fleet", "fleet", "--day", DAY, "--out", out];
    offpeak(folder, &[&arguments, more].concat())
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stdout).into_owned()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

#[test]
fn a_fleet_is_made_validated_planned_audited_and_shown() {
    let folder = with_fleet("3", "battery-ev");
    let validated = offpeak(folder.path(), &["validate", "--fleet", "fleet", "--day", DAY]).success();
    assert!(stdout(&validated).ends_with("3 homes are valid, 0 are not\n"));

    let planned = plan(folder.path(), "plans", &["--effort", "proof", "--certificates"]).success();
    assert!(stdout(&planned).contains("homes       3 closed, 0 open, 0 failed"), "{}", stdout(&planned));

    let audited = offpeak(folder.path(), &["audit", "plans"]).success();
    assert_eq!(stdout(&audited), "3 plans audited, every equation and the money hold\n");

    let proven = offpeak(folder.path(), &["audit", "plans", "--certificate"]).success();
    assert!(stdout(&proven).contains("lower bounds recomputed from their certificates, all hold"));

    let shown = offpeak(folder.path(), &["show", "plans", "--home", "home-000002"]).success();
    assert!(stdout(&shown).starts_with("home-000002  2026-01-15 00:00 to 2026-01-16 00:00 Europe/Berlin"));
}

#[test]
fn threads_and_formats_change_no_byte_and_no_plan() {
    let folder = with_fleet("4", "battery-ev");
    plan(folder.path(), "one", &["--threads", "1", "--format", "parquet"]).success();
    plan(folder.path(), "two", &["--threads", "2", "--format", "parquet"]).success();
    for table in ["schedules.parquet", "summary.parquet", "run.json"] {
        let read = |plans: &str| fs::read(folder.path().join(plans).join(table)).expect("a table");
        assert_eq!(read("one"), read("two"), "{table}");
    }
    offpeak(folder.path(), &["audit", "two"]).success();
}

#[test]
fn a_setpoint_changed_by_hand_is_named_with_home_device_interval_and_size() {
    let folder = with_fleet("2", "battery-ev");
    plan(folder.path(), "plans", &[]).success();
    let file = folder.path().join("plans/schedules.csv");
    let text = fs::read_to_string(&file).expect("a table");
    let row = text
        .lines()
        .find(|line| line.starts_with("home-000002,") && line.contains(",battery,2026-01-15T1"))
        .expect("a battery at noon");
    let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
    cells[4] = (cells[4].parse::<f64>().expect("a power") + 0.5).to_string();
    fs::write(&file, text.replace(row, &cells.join(","))).expect("the edit");

    let audited = offpeak(folder.path(), &["audit", "plans"]).code(4);
    let first = stdout(&audited).lines().next().unwrap_or_default().to_owned();
    for part in ["home `home-000002`", &format!("`{}`", cells[1]), "interval ", "off by 0.5 kW"] {
        assert!(stdout(&audited).contains(part), "{part} is not in {first}");
    }
    assert!(!stdout(&audited).contains("home-000001"), "{first}");
}

#[test]
fn one_bad_home_is_reported_and_the_others_are_planned() {
    let folder = with_fleet("3", "ev-only");
    let file = folder.path().join("fleet/evs.csv");
    let text = fs::read_to_string(&file).expect("a table");
    let header: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
    let column = header.iter().position(|name| *name == "charge_efficiency").expect("a column");
    let broken: Vec<String> = text
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if line.starts_with("home-000002,") {
                cells[column] = "1.7";
            }
            cells.join(",")
        })
        .collect();
    fs::write(&file, broken.join("\n") + "\n").expect("the edit");

    let planned = plan(folder.path(), "plans", &[]).code(3);
    assert!(stdout(&planned).contains("2 closed, 0 open, 1 failed"), "{}", stdout(&planned));
    let talk = stderr(&planned);
    for part in ["home-000002", "fleet/evs.csv row ", "charge_efficiency", "1.7", "must be"] {
        assert!(talk.contains(part), "{part} is not in {talk}");
    }
    let summary = fs::read_to_string(folder.path().join("plans/summary.csv")).expect("a table");
    assert_eq!(summary.lines().filter(|line| line.contains(",failed,")).count(), 1);
    offpeak(folder.path(), &["audit", "plans"]).success();
    offpeak(folder.path(), &["validate", "--fleet", "fleet", "--day", DAY]).code(3);
}

#[test]
fn wrong_arguments_exit_with_2_and_missing_files_with_1() {
    let folder = tempfile::tempdir().expect("a folder");
    offpeak(folder.path(), &["plan", "--fleet", "fleet", "--out", "plans"]).code(2);
    offpeak(folder.path(), &["plan", "--fleet", "fleet", "--day", "15.01.2026", "--out", "plans"]).code(2);
    let missing = plan(folder.path(), "plans", &[]).code(1);
    assert!(stderr(&missing).contains("fleet"), "{}", stderr(&missing));
    let no_plans = offpeak(folder.path(), &["audit", "nowhere"]).code(1);
    assert!(stderr(&no_plans).contains("hint"), "{}", stderr(&no_plans));
}

#[test]
fn the_rest_of_a_day_begins_in_the_middle_of_an_interval() {
    let folder = with_fleet("1", "battery-only");
    let window = ["--from", "2026-01-15T10:07Z", "--to", "2026-01-15T23:00Z"];
    let arguments = ["plan", "--fleet", "fleet", "--out", "plans"];
    offpeak(folder.path(), &[&arguments[..], &window].concat()).success();
    offpeak(folder.path(), &["audit", "plans"]).success();
    let text = fs::read_to_string(folder.path().join("plans/schedules.csv")).expect("a table");
    assert!(text.contains("2026-01-15T10:07"), "the first interval starts at 10:07");
}

/// The sum of a column of whole numbers in the summary of `plans`.
fn sum_of(folder: &Path, plans: &str, column: &str) -> u64 {
    let summary = fs::read_to_string(folder.join(plans).join("summary.csv")).expect("a summary");
    let mut lines = summary.lines();
    let at = lines.next().and_then(|header| header.split(',').position(|name| name == column)).expect(column);
    lines.filter_map(|line| line.split(',').nth(at)?.parse::<u64>().ok()).sum()
}

/// A forecast of the load that is 5 % higher than before.
fn raise_load(folder: &Path) {
    let path = folder.join("fleet/series.csv");
    let table = fs::read_to_string(&path).expect("series");
    let raised = |line: &str| {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        if let Ok(load_kw) = cells[2].parse::<f64>() {
            cells[2] = format!("{:.3}", 1.05 * load_kw);
        }
        cells.join(",")
    };
    assert!(table.starts_with("home_id,start_utc,load_kw,"), "{}", &table[..60]);
    let lines: Vec<String> = table.lines().map(raised).collect();
    fs::write(&path, lines.join("\n") + "\n").expect("written");
}

#[test]
fn an_earlier_plan_with_its_certificates_is_a_quicker_start_when_the_forecast_changes() {
    let folder = with_fleet("8", "full");
    plan(folder.path(), "before", &["--certificates"]);
    raise_load(folder.path());
    let effort = |out: &'static str, more: &[&str]| {
        plan(folder.path(), out, more);
        offpeak(folder.path(), &["audit", out]).success();
        sum_of(folder.path(), out, "iterations")
    };
    let (without, with) = (effort("without", &[]), effort("with", &["--previous", "before"]));
    assert!(with < without, "{with} iterations from the earlier plan, {without} from nothing");

    let itself = plan(folder.path(), "before", &["--previous", "before"]).code(1);
    assert!(stderr(&itself).contains("must be another folder than --out"), "{}", stderr(&itself));
}

#[test]
fn homes_that_come_and_go_between_plans_are_planned_all_the_same() {
    let folder = with_fleet("3", "battery-ev");
    plan(folder.path(), "before", &["--certificates"]).success();
    let homes = folder.path().join("fleet/homes.csv");
    let table = fs::read_to_string(&homes).expect("homes");
    let without_second: Vec<&str> = table.lines().filter(|line| !line.starts_with("home-000002")).collect();
    fs::write(&homes, without_second.join("\n") + "\n").expect("written");
    for table in ["series", "batteries", "evs", "ev_sessions"] {
        let path = folder.path().join(format!("fleet/{table}.csv"));
        let text = fs::read_to_string(&path).expect("a table");
        // The third home has lost its battery since.
        let gone = |line: &str| {
            line.starts_with("home-000002") || (table == "batteries" && line.starts_with("home-000003"))
        };
        let left: Vec<&str> = text.lines().filter(|line| !gone(line)).collect();
        fs::write(&path, left.join("\n") + "\n").expect("written");
    }
    let planned = plan(folder.path(), "after", &["--previous", "before"]).success();
    assert!(stdout(&planned).contains("homes       2 closed, 0 open, 0 failed"), "{}", stdout(&planned));
    offpeak(folder.path(), &["audit", "after"]).success();
}

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let folder = tempfile::tempdir().expect("a folder");
    let help = stdout(&offpeak(folder.path(), &["--help"]).success());
    for part in ["plan", "show", "audit", "validate", "synth", "Exit codes"] {
        assert!(help.contains(part), "{part} is not in {help}");
    }
}
