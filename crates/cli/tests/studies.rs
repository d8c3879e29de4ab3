//! `offpeak replay` as its users run it: the study to check by hand, homes that are broken, measured series.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use assert_cmd::Command;
use assert_cmd::assert::Assert;

fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn offpeak(folder: &Path, arguments: &[&str]) -> Assert {
    Command::new(env!("CARGO_BIN_EXE_offpeak")).current_dir(folder).args(arguments).assert()
}

/// A folder with the toy study.
fn toy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("fleet")).expect("a folder");
    let study = workspace("data/toy-study");
    fs::copy(study.join("replay.toml"), folder.path().join("replay.toml")).expect("copied");
    for entry in fs::read_dir(study.join("fleet")).expect("readable") {
        let entry = entry.expect("readable");
        fs::copy(entry.path(), folder.path().join("fleet").join(entry.file_name())).expect("copied");
    }
    folder
}

/// All files of a folder by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable"));
    let read = |entry: fs::DirEntry| {
        (entry.file_name().into_string().expect("a name"), fs::read(entry.path()).expect("readable"))
    };
    entries.map(read).collect()
}

/// The rows of a table, by column name.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).expect("readable");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let row = |line: &str| {
        names.iter().map(|name| (*name).to_owned()).zip(line.split(',').map(str::to_owned)).collect()
    };
    lines.map(row).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {}", row[column]))
}

#[test]
fn the_toy_study_gives_the_numbers_of_the_docs_and_the_same_bytes_on_any_number_of_threads() {
    let folder = toy();
    for (out, threads) in [("one", "1"), ("two", "2")] {
        offpeak(folder.path(), &["replay", "replay.toml", "--threads", threads, "--out", out]).success();
    }
    let one = files(&folder.path().join("one"));
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        ["days.csv", "hours.csv", "replay.toml", "study.json", "summary.csv"]
    );
    assert!(one == files(&folder.path().join("two")), "threads change bytes");

    let summary = rows(&folder.path().join("one/summary.csv"));
    for (policy, bill, net) in [
        ("uncontrolled", 2290.0, 2290.0 - 20.0 * 85.0 / 3.0),
        ("cheapest-intervals", 340.0, 340.0 - 5.0 * 85.0 / 3.0),
        ("day-ahead", 540.0, 540.0 - 5.0 * 85.0 / 3.0),
        ("receding-horizon:1", 340.0, 340.0 - 5.0 * 85.0 / 3.0),
        ("perfect-foresight", 340.0, 340.0 - 5.0 * 85.0 / 3.0),
    ] {
        let found = summary.iter().find(|row| row["policy"] == policy && row["tariff_id"] == "three-prices");
        let found = found.expect("a row");
        for (column, expected) in [("bill_ct", bill), ("net_ct", net), ("days", 2.0)] {
            let found = number(found, column);
            assert!((found - expected).abs() < 1e-3, "{policy}: {column} is {found}, not {expected}");
        }
    }
}

#[test]
fn the_tables_of_the_toy_study_are_those_that_stand_beside_it() {
    let folder = toy();
    offpeak(folder.path(), &["replay", "replay.toml", "--out", "results"]).success();
    for table in ["days.csv", "summary.csv"] {
        let (found, kept) = (
            rows(&folder.path().join("results").join(table)),
            rows(&workspace("data/toy-study/results").join(table)),
        );
        assert_eq!(found.len(), kept.len(), "{table}");
        for (found, kept) in found.iter().zip(&kept) {
            for (column, kept) in kept {
                let found = &found[column];
                let close = match (found.parse::<f64>(), kept.parse::<f64>()) {
                    // Plans are exact to a thousandth of a cent.
                    (Ok(found), Ok(kept)) => (found - kept).abs() < 1e-2,
                    _ => found == kept,
                };
                assert!(close, "{table}, {column}: {found}, not {kept}");
            }
        }
    }
}

#[test]
fn the_command_line_says_the_same_as_the_file_that_it_writes() {
    let folder = toy();
    let arguments = ["--from", "2026-01-13", "--to", "2026-01-14", "--history-days", "1", "--tariff", "flat"];
    let fleet = ["replay", "--fleet", "fleet", "--policy", "cheapest-intervals", "--intervals", "--out", "a"];
    offpeak(folder.path(), &[&fleet[..], &arguments[..]].concat()).success();
    fs::copy(folder.path().join("a/replay.toml"), folder.path().join("again.toml")).expect("copied");
    offpeak(folder.path(), &["replay", "again.toml", "--out", "b"]).success();
    let a = files(&folder.path().join("a"));
    assert!(a.contains_key("intervals.csv"));
    assert!(a == files(&folder.path().join("b")));
    let policies: Vec<String> =
        rows(&folder.path().join("a/summary.csv")).iter().map(|row| row["policy"].clone()).collect();
    assert_eq!(policies, ["uncontrolled", "cheapest-intervals"], "the baseline comes by itself");
}

#[test]
fn a_broken_home_and_a_tariff_that_is_not_there_stop_nobody_else() {
    let folder = toy();
    let homes = folder.path().join("fleet/homes.csv");
    let text = fs::read_to_string(&homes).expect("readable");
    fs::write(&homes, text + "broken,three-prices,many\n").expect("written");
    let arguments =
        ["--from", "2026-01-13", "--to", "2026-01-14", "--history-days", "1", "--policy", "uncontrolled"];
    let more = ["replay", "--fleet", "fleet", "--tariff", "flat", "--tariff", "none", "--out", "out"];
    let told = offpeak(folder.path(), &[&more[..], &arguments[..]].concat()).code(3);
    let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(told.contains("no result for broken: ") && told.contains("import_limit_kw"), "{told}");
    let summary = rows(&folder.path().join("out/summary.csv"));
    let states: Vec<(&str, &str, &str)> = summary
        .iter()
        .map(|row| (row["home_id"].as_str(), row["tariff_id"].as_str(), row["status"].as_str()))
        .collect();
    assert_eq!(states, [("toy", "none", "failed"), ("toy", "flat", "done"), ("broken", "", "failed")]);
}

#[test]
fn measured_usage_stands_in_for_the_load() {
    let folder = toy();
    let series = fs::read_to_string(folder.path().join("fleet/series.csv")).expect("readable");
    let usage: String = series.lines().skip(1).map(|row| row.replace(",0", ",1.5") + "\n").collect();
    fs::write(folder.path().join("usage.csv"), format!("home_id,start_utc,kwh\n{usage}")).expect("written");
    let arguments =
        ["--from", "2026-01-13", "--to", "2026-01-14", "--history-days", "1", "--usage", "usage.csv"];
    let more = ["replay", "--fleet", "fleet", "--policy", "uncontrolled", "--out", "out"];
    offpeak(folder.path(), &[&more[..], &arguments[..]].concat()).success();
    let summary = rows(&folder.path().join("out/summary.csv"));
    assert!((number(&summary[0], "load_kwh") - 48.0 * 1.5).abs() < 1e-6);
}

#[test]
fn a_replay_has_a_page_and_charts_for_papers_with_the_same_bytes_every_time() {
    let folder = toy();
    offpeak(folder.path(), &["replay", "replay.toml", "--format", "parquet", "--out", "results"]).success();
    for number in ["1", "2"] {
        let (page, charts) = (format!("{number}.html"), format!("charts-{number}"));
        let pixels = format!("pixels-{number}");
        let arguments = ["report", "results", "--out", &page, "--svg", &charts, "--png", &pixels];
        let told = offpeak(folder.path(), &arguments).success();
        let told = String::from_utf8_lossy(&told.get_output().stdout).into_owned();
        assert!(told.contains("Replay of one home"), "{told}");
    }
    let read = |name: &str| fs::read(folder.path().join(name)).expect("readable");
    assert!(read("1.html") == read("2.html"));
    let charts = files(&folder.path().join("charts-1"));
    assert!(charts.len() > 5 && charts.values().all(|chart| chart.starts_with(b"<svg")));
    assert!(charts == files(&folder.path().join("charts-2")));
    let pixels = files(&folder.path().join("pixels-1"));
    assert!(pixels.len() == charts.len() && pixels.values().all(|chart| chart.starts_with(b"\x89PNG")));
    assert!(pixels == files(&folder.path().join("pixels-2")));
}

#[test]
fn on_measured_series_nothing_is_cheaper_than_hindsight_and_a_car_gains_from_a_plan() {
    let data = workspace("../shared/data");
    let folder = tempfile::tempdir().expect("a folder");
    let made =
        Process::new("python3").arg(workspace("scripts/real-study")).args([&data, folder.path()]).status();
    if !data.exists() || !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no measured series beside the workspace, or no python3");
        return;
    }
    // Days of 25 and of 23 hours.
    for (out, from, to) in [("autumn", "2025-10-25", "2025-10-27"), ("spring", "2026-03-28", "2026-03-30")] {
        let arguments = ["--from", from, "--to", to, "--home", "car", "--home", "sun-battery", "--out", out];
        let fleet = [
            "replay",
            "--fleet",
            "fleet",
            "--tariff",
            "dynamic",
            "--policy",
            "day-ahead",
            "--policy",
            "perfect-foresight",
        ];
        offpeak(folder.path(), &[&fleet[..], &arguments[..]].concat()).success();
        let summary = rows(&folder.path().join(out).join("summary.csv"));
        let net = |home: &str, policy: &str| {
            let found = summary.iter().find(|row| row["home_id"] == home && row["policy"] == policy);
            number(found.expect("a row"), "net_ct")
        };
        for home in ["car", "sun-battery"] {
            let [bound, planned, alone] =
                ["perfect-foresight", "day-ahead", "uncontrolled"].map(|policy| net(home, policy));
            assert!(bound <= planned.min(alone) + 1e-6, "{out}, {home}: {bound}, {planned}, {alone}");
            // A battery that keeps to a plan made of poor forecasts may cost more than one that follows the meter.
            assert!(home != "car" || planned <= alone + 1e-6, "{out}: {planned}, {alone}");
        }
        let hours: f64 =
            rows(&folder.path().join(out).join("hours.csv")).iter().map(|row| number(row, "hours")).sum();
        let expected = if out == "autumn" { 73.0 } else { 71.0 };
        assert!(
            (hours - expected * 6.0).abs() < 1e-6,
            "{out}: {hours} hours of two homes and three policies"
        );
    }
}
