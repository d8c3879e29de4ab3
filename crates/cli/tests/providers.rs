//! Commands that talk to providers, against played ones.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tempfile::TempDir;
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const OFFPEAK: &str = env!("CARGO_BIN_EXE_offpeak");

/// A program that ends with its test.
struct Emulator {
    process: Child,
    address: String,
    /// Open as long as the program runs: it would end at the first line that nobody can read.
    _stdout: BufReader<ChildStdout>,
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn emulator(more: &[&str]) -> Emulator {
    let mut process = Command::new(OFFPEAK)
        .args(["emulate", "--listen", "127.0.0.1:0"])
        .args(more)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = String::new();
    let mut stdout = BufReader::new(process.stdout.take().expect("its output"));
    stdout.read_line(&mut first).expect("a first line");
    let address = first.trim().rsplit("http://").next().expect("an address").to_owned();
    Emulator { process, address, _stdout: stdout }
}

/// Status line and body of a plain request.
fn ask(address: &str, request: &str) -> String {
    let mut socket = TcpStream::connect(address).expect("somebody listens");
    write!(socket, "{request} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        .expect("sent");
    let mut answer = String::new();
    // A dropped answer is an empty one.
    let _ = socket.read_to_string(&mut answer);
    answer
}

#[test]
fn the_emulator_plays_the_time_and_the_faults_it_was_told() {
    let emulator =
        emulator(&["--now", "2026-03-28T15:00Z", "--customers", "3", "--fault", "drop-answer,/customers,1"]);
    let time = ask(&emulator.address, "GET /__clock");
    assert!(time.contains("2026-03-28T15:00:"), "{time}");
    assert_eq!(ask(&emulator.address, "GET /customers"), "", "the first answer is dropped");
    assert!(ask(&emulator.address, "GET /customers").starts_with("HTTP/1.1 401"));
    let made = ask(&emulator.address, "POST /__grants?from=1&count=4");
    assert!(!made.starts_with("HTTP/1.1 200"), "there are three customers only: {made}");
}

#[cfg(unix)]
#[test]
fn the_emulator_ends_in_peace_when_it_is_told_to() {
    let mut emulator = emulator(&[]);
    let told = Command::new("kill").args(["-TERM", &emulator.process.id().to_string()]).status();
    assert!(told.expect("kill runs").success());
    assert_eq!(emulator.process.wait().expect("it ends").code(), Some(0));
}

#[test]
fn an_emulator_that_others_could_reach_is_refused() {
    let refused = Command::new(OFFPEAK).args(["emulate", "--listen", "0.0.0.0:0"]).output().expect("it runs");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("must be 127.0.0.1 or [::1]"));
}

/// Energy-Charts as it answers for a day: quarter-hours of a local day in Berlin, all but the last `missing` priced.
async fn market(day: &str, start: &str, quarters: i32, missing: i32) -> MockServer {
    let start: DateTime<Utc> = start.parse().expect("an instant");
    let seconds: Vec<i64> =
        (0..quarters).map(|at| (start + TimeDelta::minutes(15) * at).timestamp()).collect();
    let price = |at| (at < quarters - missing).then(|| 80.0 - f64::from(at));
    let prices: Vec<Option<f64>> = (0..quarters).map(price).collect();
    let body = json!({ "license_info": "", "unix_seconds": seconds, "price": prices, "unit": "EUR / MWh" });
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/price"))
        .and(query_param("bzn", "DE-LU"))
        .and(query_param("start", day))
        .and(query_param("end", day))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(&server)
        .await;
    server
}

fn prices(folder: &TempDir, server: &MockServer, zone: &str, day: &str) -> std::process::Output {
    Command::new(OFFPEAK)
        .current_dir(folder.path())
        .args(["prices", "--zone", zone, "--from", day, "--to", day, "--out", "prices.csv"])
        .args(["--base-url", &server.uri()])
        .output()
        .expect("it runs")
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_of_a_zone_become_a_file_that_a_plan_takes() {
    let day = "2026-03-29";
    let server = market(day, "2026-03-28T23:00:00Z", 92, 0).await;
    let folder = tempfile::tempdir().expect("a folder");
    let done = prices(&folder, &server, "DE-LU", day);
    assert!(done.status.success(), "{done:?}");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(said.starts_with("92 prices of DE-LU from 2026-03-29 to 2026-03-29"), "{said}");
    assert!(said.contains("-11 to 80 EUR/MWh"), "{said}");
    let table = fs::read_to_string(folder.path().join("prices.csv")).expect("a file");
    assert!(table.starts_with("start_utc,eur_per_mwh\n2026-03-28T23:00Z,80\n"));

    let offpeak = |arguments: &[&str]| {
        let run = Command::new(OFFPEAK).current_dir(folder.path()).args(arguments).output().expect("it runs");
        assert!(run.status.success(), "{run:?}");
    };
    offpeak(&["synth", "--homes", "2", "--day", day, "--mix", "ev-only", "--out", "fleet"]);
    offpeak(&["plan", "--fleet", "fleet", "--day", day, "--prices", "prices.csv", "--out", "plans"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_is_not_published_is_named_and_writes_no_file() {
    let day = "2026-01-15";
    let server = market(day, "2026-01-14T23:00:00Z", 96, 4).await;
    let folder = tempfile::tempdir().expect("a folder");
    let done = prices(&folder, &server, "DE-LU", day);
    assert_eq!(done.status.code(), Some(3));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("2026-01-15: an empty price at 2026-01-15T22:00"), "{said}");
    assert!(!folder.path().join("prices.csv").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_zone_is_named_with_what_is_allowed() {
    let server = MockServer::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let done = prices(&folder, &server, "D/E", "2026-01-15");
    assert_eq!(done.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&done.stderr).contains("bidding zone: D/E; must be a name such as DE-LU")
    );
}
