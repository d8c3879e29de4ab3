//! A large fleet through the whole command: consents in the store, `offpeak sync` as a process, the provider played beside it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests; what fails in one fails its test"
)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use offpeak_consent::{Consents, Options, Outcome};
use offpeak_emulator::{Emulator, EmulatorConfig, Stats, fixed_clock};
use offpeak_serve::Config;
use tempfile::TempDir;
use tokio::task::JoinSet;

const OFFPEAK: &str = env!("CARGO_BIN_EXE_offpeak");
/// How many customers a sync asks for at once unless it is told otherwise.
const AT_ONCE: u64 = 32;

/// Customers who have consented, and whose access tokens have ended.
struct Fleet {
    emulator: Emulator,
    folder: TempDir,
}

impl Fleet {
    async fn connected(count: u32) -> Self {
        let mut played = EmulatorConfig::new(fixed_clock("2026-05-04T15:00:00Z".parse().unwrap()));
        played.customers = count;
        let emulator = Emulator::start(played).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = write_config(folder.path(), emulator.base_url());
        let long_ago = || -> DateTime<Utc> {
            #[expect(clippy::disallowed_methods, reason = "a test stands where the command line does")]
            let now = DateTime::<Utc>::from(SystemTime::now());
            now - TimeDelta::hours(2)
        };
        let opened = config.open(&|_| None, Arc::new(long_ago), Options::default()).await.unwrap();
        let (started, mut tasks, http) = (Instant::now(), JoinSet::new(), browser());
        for number in 1..=count {
            let (consents, http, base) =
                (opened.consents.clone(), http.clone(), emulator.base_url().to_owned());
            tasks.spawn(async move { connect(&consents, &http, &base, number).await });
            if tasks.len() == 64 {
                tasks.join_next().await.unwrap().unwrap();
            }
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        opened.store.close().await;
        println!("{count} customers connected: {}", rate(count, started));
        Self { emulator, folder }
    }

    /// A sync of one day; `more` arguments.
    fn sync(&self, more: &[&str]) -> Running {
        let child = Command::new(OFFPEAK)
            .args([
                "sync",
                "--config",
                "offpeak.toml",
                "--out",
                "fleet",
                "--from",
                "2026-05-05",
                "--to",
                "2026-05-05",
            ])
            .args(more)
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Running { child, started: Instant::now(), peak_mib: 0.0 }
    }

    fn stats(&self) -> Stats {
        self.emulator.stats()
    }
}

struct Running {
    child: Child,
    started: Instant,
    /// The most memory that it had.
    peak_mib: f64,
}

impl Running {
    /// Waits until `stop` or the end; whether it has ended.
    async fn until(&mut self, stop: impl Fn() -> bool) -> bool {
        loop {
            if let Some(peak) = peak_mib(self.child.id()) {
                self.peak_mib = peak;
            }
            if self.child.try_wait().unwrap().is_some() {
                return true;
            }
            if stop() {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn signal(&self, signal: &str) {
        let done = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// All that it said, with its exit code.
    async fn end(mut self, what: &str, count: u32) -> (String, Option<i32>) {
        self.until(|| false).await;
        println!("{what}: {}, at most {:.0} MiB", rate(count, self.started), self.peak_mib);
        assert!(self.peak_mib < 500.0, "{} MiB", self.peak_mib);
        let done = self.child.wait_with_output().unwrap();
        (
            format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr)),
            done.status.code(),
        )
    }
}

fn rate(count: u32, started: Instant) -> String {
    let seconds = started.elapsed().as_secs_f64();
    format!("{seconds:.1} s, {:.0} customers/s", f64::from(count) / seconds)
}

fn peak_mib(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<f64>().ok().map(|kib| kib / 1024.0)
}

fn browser() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// One customer consents, as in a browser.
async fn connect(consents: &Consents, http: &reqwest::Client, base: &str, number: u32) {
    let id = format!("home-{number:06}").parse().unwrap();
    let redirect = consents.start(Some(id), "").await.unwrap();
    let page = format!("{base}/__consent?{}", redirect.url.query().unwrap());
    let request = http.post(page).body(format!("decision=allow&customer={number}"));
    let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap().split_once('?').unwrap().1.to_owned();
    let outcome = consents.finish(&back, Some(&redirect.cookie)).await.unwrap();
    assert!(matches!(outcome, Outcome::Connected { .. }), "{outcome:?}");
}

/// The example, for this provider, and as good as without a budget.
fn write_config(folder: &Path, provider: &str) -> Config {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/offpeak.example.toml");
    let text = std::fs::read_to_string(example).unwrap();
    let text = text.replace("http://127.0.0.1:8095", provider);
    let text = text.replace("requests_per_second = 10\n", "requests_per_second = 1000000\n");
    for name in ["secrets", "state"] {
        std::fs::create_dir(folder.join(name)).unwrap();
    }
    let key = "70".repeat(32);
    for (name, secret) in
        [("client", "s3cr3t-of-fleet"), ("webhook", "whsec-emulator"), ("operator", &key), ("key-1", &key)]
    {
        let path = folder.join("secrets").join(name);
        std::fs::write(&path, secret).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    }
    std::fs::write(folder.join("offpeak.toml"), text).unwrap();
    Config::read(&folder.join("offpeak.toml")).unwrap()
}

/// Every token has ended, then every token lives.
async fn rotates_each_once_and_then_none(count: u32, at_least: f64) {
    let fleet = Fleet::connected(count).await;
    let (said, code) = fleet.sync(&[]).end("every token is refreshed", count).await;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!((fleet.stats().rotations, fleet.stats().reuses), (u64::from(count), 0), "{said}");
    let started = Instant::now();
    let (said, code) = fleet.sync(&["--again"]).end("every token lives", count).await;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(fleet.stats().rotations, u64::from(count), "{said}");
    let rate = f64::from(count) / started.elapsed().as_secs_f64();
    assert!(rate >= at_least, "{rate} customers/s");
    println!(
        "{:.0} MiB at most with the provider and the consents of all",
        peak_mib(std::process::id()).unwrap()
    );
}

/// Ended with leave after a quarter, killed after half, and started once more.
async fn a_restart_repeats_no_rotation(count: u32) {
    let fleet = Fleet::connected(count).await;
    let all = u64::from(count);
    let mut first = fleet.sync(&[]);
    assert!(!first.until(|| fleet.stats().rotations >= all / 4).await);
    first.signal("-TERM");
    let (said, code) = first.end("ended after a quarter", count / 4).await;
    assert!(code != Some(0) && said.contains("goes on from there"), "{said}");
    let mut second = fleet.sync(&[]);
    assert!(!second.until(|| fleet.stats().rotations >= all / 2).await);
    second.signal("-KILL");
    second.end("killed after half", count / 4).await;
    assert_eq!(fleet.stats().reuses, 0, "before the last run");
    assert!(fleet.stats().rotations < all);

    let (said, _) = fleet.sync(&[]).end("the rest", count / 2).await;
    // Whoever's answer was on its way when the process died is asked for once more, refused, and named.
    let lost = fleet.stats().reuses;
    println!("{lost} answers died with the process\n{said}");
    assert!(lost <= AT_ONCE, "{lost}");
    assert_eq!(said.contains("the answer to a refresh was lost"), lost > 0, "{said}");
    assert!(said.contains(&format!(", {lost} need consent, ")) && said.contains(" 0 failed"), "{said}");
    assert_eq!(fleet.stats().rotations, all, "each customer was refreshed once");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_customers_are_refreshed_once_each() {
    rotates_each_once_and_then_none(2_000, 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_is_killed_and_started_again_repeats_no_rotation() {
    a_restart_repeats_no_rotation(2_000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "some minutes: a hundred thousand customers; run it alone with --nocapture"]
async fn a_hundred_thousand_customers_are_refreshed_once_each_and_then_fetched_fast() {
    rotates_each_once_and_then_none(100_000, 2_000.0).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "some minutes: a hundred thousand customers; run it alone with --nocapture"]
async fn a_hundred_thousand_customers_survive_a_killed_sync() {
    a_restart_repeats_no_rotation(100_000).await;
}
