//! What goes wrong for one customer stays with that customer.

use offpeak_emulator::{Fault, FaultKind};
use offpeak_ingest::Outcome;

use crate::support::{Consents, customers, day, emulator, sync, table};

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_is_named_beside_its_customer_and_mended_by_the_next_run() {
    let emulator = emulator(30, "2026-05-04T15:00:00Z").await;
    let prices = |number: u32| format!("/subscriptions/sub_emu{number:08}c/prices");
    let faults = [
        (1, FaultKind::WrongSubscription, "must be sub_emu00000001c, as asked for"),
        (2, FaultKind::CutBody, "no answer from"),
        (3, FaultKind::ZeroRun, "zeros in place of prices"),
        (5, FaultKind::NullAmounts, "an empty price"),
        (6, FaultKind::NullItems, "not delivered on these days"),
        (7, FaultKind::DayMissing, "no prices"),
    ];
    for (number, kind, _) in faults {
        emulator.add_fault(Fault::new(kind, &prices(number)));
    }
    // These harm nobody.
    emulator.add_fault(Fault::new(FaultKind::ServerErrorBefore, &prices(9)).times(2));
    emulator.add_fault(Fault::new(FaultKind::RateLimitedBare, &prices(10)).once());
    emulator.add_fault(Fault::new(FaultKind::Unauthorized, &prices(11)).once());
    for (number, kind) in
        [(12, FaultKind::Unsorted), (13, FaultKind::UnknownFields), (14, FaultKind::NullComponents)]
    {
        emulator.add_fault(Fault::new(kind, &prices(number)));
    }
    let folder = tempfile::tempdir().unwrap();
    let tokens = Consents::without(&emulator, &["home-20"]);
    let run = sync(&emulator, &tokens, folder.path());
    let summary = run.prices(&customers(30), day("2026-05-05"), &mut |_| {}).await.unwrap();
    drop(run);
    assert_eq!(summary.count(Outcome::Fetched), 23, "{summary} {:?}", summary.reasons);
    assert_eq!(summary.count(Outcome::NeedsConsent), 1);
    let rows = table(folder.path(), "customers", &["customer_id", "status", "reason"]);
    for (number, _, expected) in faults {
        let row = rows.iter().find(|row| row["customer_id"] == format!("home-{number}")).unwrap();
        assert!(row["reason"].contains(expected) && row["status"] != "fetched", "{row:?}");
    }
    emulator.clear_faults();
    let before = emulator.stats().answers(crate::support::PRICES);
    let mended = sync(&emulator, &Consents::of(&emulator), folder.path());
    let summary = mended.prices(&customers(30), day("2026-05-05"), &mut |_| {}).await.unwrap();
    // A customer that is not delivered is done for these days; that is the only one that a lie can keep so.
    assert_eq!(
        (summary.count(Outcome::Fetched), summary.resumed),
        (29, 24),
        "{summary} {:?}",
        summary.reasons
    );
    assert!(emulator.stats().answers(crate::support::PRICES) - before < 12);
}

/// Turns the 50th customer's subscription, which by the emulator's rules has not begun, into an active one.
async fn activate_the_50th(emulator: &offpeak_emulator::Emulator) {
    let url = format!("{}/__subscriptions/sub_emu00000050c/status?status=active", emulator.base_url());
    let answer = reqwest::Client::new().post(url).send().await.unwrap();
    assert!(answer.status().is_success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_becomes_active_adds_its_customer_to_the_last_tables() {
    let emulator = emulator(50, "2026-01-14T15:00:00Z").await;
    let folder = tempfile::tempdir().unwrap();
    let tokens = Consents::of(&emulator);
    let first = sync(&emulator, &tokens, folder.path());
    let summary = first.prices(&customers(50), day("2026-01-15"), &mut |_| {}).await.unwrap();
    assert_eq!(summary.count(Outcome::NotDelivered), 2, "{summary}");
    drop(first);
    activate_the_50th(&emulator).await;
    let asked = emulator.stats().answers(crate::support::PRICES);
    let second = sync(&emulator, &tokens, folder.path());
    let summary = second.activated(&customers(50), day("2026-01-16"), &mut |_| {}).await.unwrap();
    assert_eq!((summary.count(Outcome::Fetched), summary.count(Outcome::NotDelivered)), (49, 1), "{summary}");
    assert_eq!(emulator.stats().answers(crate::support::PRICES) - asked, 1, "nobody else is asked for again");
    let rows = table(folder.path(), "customers", &["customer_id", "status", "first_day"]);
    let row = rows.iter().find(|row| row["customer_id"] == "home-50").unwrap();
    assert_eq!((row["status"].as_str(), row["first_day"].as_str()), ("fetched", "2026-01-15"), "{row:?}");
}
