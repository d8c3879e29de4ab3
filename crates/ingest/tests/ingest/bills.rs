//! Usage, and bills that are set against the provider's invoices.

use offpeak_ingest::Outcome;
use offpeak_providers::LocalDays;

use crate::support::{Consents, customers, day, emulator, number, sync, table};

#[tokio::test(flavor = "multi_thread")]
async fn usage_has_a_row_for_what_is_told_and_none_for_what_is_not() {
    let emulator = emulator(10, "2026-05-20T15:00:00Z").await;
    let folder = tempfile::tempdir().unwrap();
    let run = sync(&emulator, &Consents::of(&emulator), folder.path());
    let summary = run.usage(&customers(10), day("2026-05-11"), &mut |_| {}).await.unwrap();
    assert_eq!(summary.total(), 10);
    assert_eq!(summary.count(Outcome::Failed), 0, "{:?}", summary.reasons);
    let rows = table(folder.path(), "usage", &["customer_id", "kwh", "resolution", "feed_in"]);
    let smart = rows.iter().filter(|row| row["customer_id"] == "home-1" && row["feed_in"] == "false").count();
    assert!(smart > 80 && smart <= 96, "{smart}");
    let missing = table(folder.path(), "usage_customers", &["customer_id", "missing_intervals"]);
    let told = missing.iter().find(|row| row["customer_id"] == "home-1").unwrap();
    assert_eq!(told["missing_intervals"], format!("{:.1}", (96 - smart) as f64));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_is_told_in_full_is_billed_as_the_provider_bills_it() {
    let emulator = emulator(20, "2026-05-20T15:00:00Z").await;
    let folder = tempfile::tempdir().unwrap();
    let month = LocalDays::new(
        "2026-03-01".parse().unwrap(),
        "2026-03-31".parse().unwrap(),
        chrono_tz::Europe::Berlin,
    )
    .unwrap();
    let run = sync(&emulator, &Consents::of(&emulator), folder.path());
    let summary = run.bill(&customers(20), month, &mut |_| {}).await.unwrap();
    assert_eq!((summary.total(), summary.count(Outcome::Failed)), (20, 0), "{:?}", summary.reasons);
    let columns = [
        "customer_id",
        "feed_in",
        "kwh",
        "amount_eur",
        "invoice_eur",
        "missing_hours",
        "difference",
        "by_mean_price",
    ];
    let bills = table(folder.path(), "bills", &columns);
    assert_eq!(bills.len(), 25);
    let mut compared = 0;
    for bill in &bills {
        let missing: f64 = bill["missing_hours"].parse().unwrap();
        if missing == 0.0 {
            assert_eq!(bill["difference"], "none", "{bill:?}");
            compared += 1;
        }
        assert_eq!(
            bill["by_mean_price"] == "true",
            number(&bill["customer_id"]).is_multiple_of(10),
            "{bill:?}"
        );
    }
    assert!(compared > 5, "{compared} of 25 without a gap");
    let gaps = table(folder.path(), "bill_gaps", &["customer_id", "missing"]);
    assert_eq!(gaps.is_empty(), compared == 25);
}
