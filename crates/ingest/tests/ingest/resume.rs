//! A run that is stopped goes on where it was; a budget is kept.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use offpeak_ingest::{OneToken, Outcome};
use offpeak_providers::{BaseUrl, Budget, Http, HttpSettings, Nomos};
use secrecy::SecretString;

use crate::support::{Consents, PRICES, customers, day, emulator, nomos, sync, sync_with, table};

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_dropped_repeats_only_what_was_under_way() {
    let emulator = emulator(400, "2026-05-04T15:00:00Z").await;
    let folder = tempfile::tempdir().unwrap();
    let list = customers(400);
    for stop_at in [50, 170, 300] {
        let (stop, mut stopped) = tokio::sync::mpsc::unbounded_channel();
        let tokens = Consents::of(&emulator);
        let run = sync(&emulator, &tokens, folder.path());
        let mut progress = |progress: &offpeak_ingest::Progress<'_>| {
            if progress.done >= stop_at {
                let _ = stop.send(());
            }
        };
        tokio::select! {
            _ = run.prices(&list, day("2026-05-05"), &mut progress) => {}
            _ = stopped.recv() => {}
        }
    }
    let summary = sync(&emulator, &Consents::of(&emulator), folder.path())
        .prices(&list, day("2026-05-05"), &mut |_| {})
        .await
        .unwrap();
    assert!(summary.resumed >= 300 && summary.total() == 400, "{summary} {}", summary.resumed);
    // 384 buy, and a quarter of all sells too; 16 neither end nor begin in time.
    let needed: u64 = 384 + 96;
    let asked = emulator.stats().answers(PRICES);
    assert!(asked >= needed - 8 && asked <= needed + 3 * 32 * 2, "{asked} requests where {needed} do");
    assert_eq!(table(folder.path(), "customers", &["status"]).len(), 400);
}

/// The run of a child that is killed; does nothing unless it is told where.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the child of the test below"]
#[expect(clippy::disallowed_methods, reason = "a child is told by its environment what to do")]
async fn child_that_syncs_until_it_is_killed() {
    let (Ok(url), Ok(folder), Ok(token)) = (
        std::env::var("OFFPEAK_TEST_URL"),
        std::env::var("OFFPEAK_TEST_FOLDER"),
        std::env::var("OFFPEAK_TEST_TOKEN"),
    ) else {
        return;
    };
    let now = "2026-05-04T15:00:00Z".parse().unwrap();
    let budget = Arc::new(Budget::per_second(400.0).unwrap());
    let http = Http::new(HttpSettings::default(), budget, 7, Arc::new(move || now)).unwrap();
    let nomos = Nomos::new(Arc::new(http), BaseUrl::parse(&url).unwrap());
    let tokens = Arc::new(OneToken::new(SecretString::from(token)));
    let run = sync_with(&nomos, &tokens, folder.as_ref(), now);
    run.prices(&customers(1000), day("2026-05-05"), &mut |_| {}).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_is_completed_by_the_next() {
    // One customer's token for all, because only that of the first is known to the child: what it reads is the same.
    let emulator = emulator(1, "2026-05-04T15:00:00Z").await;
    let token = emulator.consent(1).unwrap().access;
    let folder = tempfile::tempdir().unwrap();
    for millis in [300, 500, 700] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "resume::child_that_syncs_until_it_is_killed"])
            .env("OFFPEAK_TEST_URL", emulator.base_url())
            .env("OFFPEAK_TEST_FOLDER", folder.path())
            .env("OFFPEAK_TEST_TOKEN", secrecy::ExposeSecret::expose_secret(&token))
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(millis)).await;
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let before = emulator.stats().answers(PRICES);
    let tokens = Arc::new(OneToken::new(token));
    let summary = sync(&emulator, &tokens, folder.path())
        .prices(&customers(1000), day("2026-05-05"), &mut |_| {})
        .await
        .unwrap();
    assert_eq!(summary.count(Outcome::Fetched), 1000, "{summary} {:?}", summary.reasons);
    assert!(summary.resumed > 0, "nothing was done before the kill");
    assert_eq!(
        emulator.stats().answers(PRICES) - before,
        1000 - summary.resumed,
        "what was done is not repeated"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_keeps_to_its_budget_within_one_per_cent() {
    let mut rates = Vec::new();
    // A machine that stands still for a moment sends less: one of three runs must do it.
    for _ in 0..3 {
        let rate = rate_of_a_sync(450, 100.0).await;
        assert!(rate <= 101.0, "{rate} requests a second");
        rates.push(rate);
        if rate >= 99.0 {
            println!("{rate:.2} requests a second of 100");
            return;
        }
    }
    panic!("{rates:?} requests a second");
}

/// Requests a second from the first to the last one, as the emulator counts them.
async fn rate_of_a_sync(count: u32, budget: f64) -> f64 {
    let emulator = emulator(count, "2026-05-04T15:00:00Z").await;
    let folder = tempfile::tempdir().unwrap();
    let client = nomos(&emulator, Budget::per_second(budget).unwrap());
    let run = sync_with(&client, &Consents::of(&emulator), folder.path(), emulator.now());
    let (list, mut ignored) = (customers(count), |_: &offpeak_ingest::Progress<'_>| {});
    let syncing = run.prices(&list, day("2026-05-05"), &mut ignored);
    let (mut syncing, mut seen) = (std::pin::pin!(syncing), Vec::new());
    loop {
        tokio::select! {
            biased;
            summary = &mut syncing => { summary.unwrap(); break; }
            () = tokio::time::sleep(Duration::from_millis(2)) => {}
        }
        let answered: u64 = emulator.stats().requests.values().flat_map(|all| all.values()).sum();
        if seen.last().map_or(answered > 0, |(before, _)| answered > *before) {
            seen.push((answered, Instant::now()));
        }
    }
    let ((first, start), (last, end)) = (seen[0], seen[seen.len() - 1]);
    assert!(last - first > 900, "{first} to {last}");
    (last - first) as f64 / (end - start).as_secs_f64()
}

/// Prints how fast a sync without a budget is, and how much memory it takes; the numbers are the machine's.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of half a minute and more"]
async fn speed_and_memory_of_a_hundred_thousand_customers() {
    let count = 100_000;
    let emulator = emulator(count, "2026-05-04T15:00:00Z").await;
    let folder = tempfile::tempdir().unwrap();
    let list = customers(count);
    let days = ["2026-05-05", "2026-05-04"];
    for on in days {
        let start = Instant::now();
        let run = sync(&emulator, &Consents::of(&emulator), folder.path());
        let summary = run.prices(&list, day(on), &mut |_| {}).await.unwrap();
        let seconds = start.elapsed().as_secs_f64();
        println!("{on}: {summary}; {seconds:.1} s, {:.0} customers/s", f64::from(count) / seconds);
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
        println!("{peak} (emulator and client together)");
    }
}
