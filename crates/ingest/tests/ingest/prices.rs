//! Prices from the provider to the homes of a plan.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use offpeak_ingest::Outcome;
use offpeak_providers::{Budget, Direction, NomosSeries, PriceSeries, PriceSource as _, Publication};
use offpeak_tables::{Fleet, PlanWindow};

use crate::support::{Consents, LISTS, PRICES, customers, day, emulator, nomos, number, sync, table};

/// What the provider says of a customer's prices, asked apart from any sync.
async fn told(
    emulator: &std::sync::Arc<offpeak_emulator::Emulator>,
    customer: &str,
    direction: Direction,
    on: &str,
) -> Option<PriceSeries> {
    let letter = if direction == Direction::FeedIn { 'f' } else { 'c' };
    let subscription = format!("sub_emu{:08}{letter}", number(customer));
    let token = emulator.consent(number(customer))?.access;
    let of = NomosSeries { token, subscription, direction };
    match nomos(emulator, Budget::unlimited()).prices(&of, day(on)).await.ok()? {
        Publication::Complete(series) => Some(series),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_reads_what_the_provider_says_on_a_day_of_92_quarters() {
    let emulator = emulator(60, "2026-03-28T15:00:00Z").await;
    let folder = tempfile::tempdir().unwrap();
    let mut seen = 0;
    let summary = sync(&emulator, &Consents::of(&emulator), folder.path())
        .prices(&customers(60), day("2026-03-29"), &mut |progress| seen = progress.done)
        .await
        .unwrap();
    assert_eq!(seen, 60);
    // By the emulator's rules, the 49th has ended and the 50th has not begun.
    assert_eq!((summary.count(Outcome::Fetched), summary.count(Outcome::NotDelivered)), (58, 2), "{summary}");

    let fleet = folder.path().join("fleet");
    let homes: BTreeSet<String> =
        customers(60).into_iter().filter(|one| number(one) != 49 && number(one) != 50).collect();
    let rows: Vec<String> = homes.iter().map(|one| format!("{one},{one},20")).collect();
    fs::write(fleet.join("homes.csv"), format!("home_id,tariff_id,import_limit_kw\n{}\n", rows.join("\n")))
        .unwrap();
    let mut series = "home_id,start_utc,load_kw\n".to_owned();
    for home in &homes {
        for hour in 0..23 {
            let start = day("2026-03-29").start_utc() + chrono::Duration::hours(hour);
            writeln!(series, "{home},{},0.4", start.format("%Y-%m-%dT%H:%MZ")).unwrap();
        }
    }
    fs::write(fleet.join("series.csv"), series).unwrap();
    let mut planned = 0;
    for entry in
        Fleet::open(&fleet, None).unwrap().homes(&PlanWindow::local_day("2026-03-29".parse().unwrap()))
    {
        let home = entry.home.unwrap_or_else(|errors| panic!("{}", errors[0]));
        assert_eq!(home.horizon.len(), 92);
        let import = told(&emulator, &entry.home_id, Direction::Consumption, "2026-03-29").await.unwrap();
        let export = told(&emulator, &entry.home_id, Direction::FeedIn, "2026-03-29").await;
        assert_eq!(export.is_some(), number(&entry.home_id).is_multiple_of(4));
        for t in 0..92 {
            let at = |series: &PriceSeries| series.prices[t / (92 / series.prices.len())].ct_per_kwh();
            assert!((home.grid.import_price[t].0 - at(&import)).abs() < 1e-9, "{} at {t}", entry.home_id);
            let paid = export.as_ref().map_or(0.0, at);
            assert!((home.grid.export_price[t].0 - paid).abs() < 1e-9, "{} at {t}", entry.home_id);
        }
        planned += 1;
    }
    assert_eq!(planned, 58);
    // A series that many share stands in the table once.
    let ids: BTreeSet<_> = table(folder.path(), "prices", &["price_id"])
        .into_iter()
        .map(|mut row| row.remove("price_id"))
        .collect();
    assert!(ids.len() < 30, "{} series of 58 customers", ids.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn before_publication_nothing_is_cheap_and_afterwards_only_prices_are_asked_for() {
    use offpeak_emulator::{Emulator, EmulatorConfig, Unpublished, fixed_clock};
    for unpublished in [Unpublished::Absent, Unpublished::Null, Unpublished::Zero] {
        let mut config = EmulatorConfig::new(fixed_clock("2026-05-04T09:00:00Z".parse().unwrap()));
        config.unpublished = unpublished;
        let emulator = std::sync::Arc::new(Emulator::start(config).await.unwrap());
        let folder = tempfile::tempdir().unwrap();
        let list = customers(10);
        let early = sync(&emulator, &Consents::of(&emulator), folder.path())
            .prices(&list, day("2026-05-05"), &mut |_| {})
            .await
            .unwrap();
        assert_eq!(early.count(Outcome::NotYetPublished), 10, "{unpublished:?}: {early} {:?}", early.reasons);
        assert!(table(folder.path(), "prices", &["price_id"]).is_empty());
        emulator.set_now("2026-05-04T13:00:00Z".parse().unwrap());
        let before = emulator.stats();
        let later = sync(&emulator, &Consents::of(&emulator), folder.path())
            .prices(&list, day("2026-05-05"), &mut |_| {})
            .await
            .unwrap();
        assert_eq!(later.count(Outcome::Fetched), 10, "{unpublished:?}: {later} {:?}", later.reasons);
        let after = emulator.stats();
        // Two of ten sell as well; the subscriptions are known from the morning.
        assert_eq!(after.answers(PRICES) - before.answers(PRICES), 12);
        assert_eq!(after.answers(LISTS), before.answers(LISTS));
    }
}
