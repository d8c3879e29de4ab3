//! Prices: days of all lengths, parts that sum, publication; judged by arithmetic written here anew.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use chrono::{DateTime, Utc};
use offpeak_emulator::Unpublished;
use serde_json::Value;
use support::{access, get, get_json, started};

async fn items(
    emulator: &offpeak_emulator::Emulator,
    customer: u32,
    subscription: &str,
    days: &str,
) -> Vec<Value> {
    let path = format!("/subscriptions/{subscription}/prices?{days}");
    get_json(emulator, &access(emulator, customer), &path).await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_local_day_has_as_many_intervals_as_the_clock_change_leaves_and_begins_at_local_midnight() {
    let emulator = started(|_| ()).await;
    emulator.set_now("2026-12-01T15:00:00Z".parse().unwrap());
    let days = [
        ("2026-06-01", 96, "2026-05-31T22:00:00Z"),
        ("2026-03-29", 92, "2026-03-28T23:00:00Z"),
        ("2026-10-25", 100, "2026-10-24T22:00:00Z"),
    ];
    for (day, quarters, first) in days {
        let range = format!("start={day}&end={day}");
        let fine = items(&emulator, 1, "sub_emu00000001c", &range).await;
        assert_eq!((fine.len(), fine[0]["timestamp"].as_str().unwrap()), (quarters, first));
        let hourly = items(&emulator, 2, "sub_emu00000002c", &range).await;
        assert_eq!(hourly.len(), quarters / 4, "{day}");
        let starts: Vec<DateTime<Utc>> =
            fine.iter().map(|item| item["timestamp"].as_str().unwrap().parse().unwrap()).collect();
        assert!(starts.windows(2).all(|pair| (pair[1] - pair[0]).num_minutes() == 15), "{day}");
    }
}

#[tokio::test]
async fn both_days_of_a_range_are_included_and_parts_sum_to_the_amount() {
    let emulator = started(|_| ()).await;
    let all = items(&emulator, 1, "sub_emu00000001c", "start=2026-04-01&end=2026-05-30").await;
    assert_eq!(all.len(), 60 * 96);
    for item in &all {
        let parts: f64 =
            item["components"].as_array().unwrap().iter().map(|part| part["amount"].as_f64().unwrap()).sum();
        assert!((parts - item["amount"].as_f64().unwrap()).abs() < 1e-9, "{item}");
    }
    let amounts = || all.iter().map(|item| item["amount"].as_f64().unwrap());
    assert!(amounts().any(|amount| amount < 0.0), "no negative price in sixty days");
    assert!(amounts().any(|amount| amount > 30.0));
}

#[tokio::test]
async fn feed_in_pays_no_grid_fee() {
    let emulator = started(|_| ()).await;
    for item in items(&emulator, 4, "sub_emu00000004f", "start=2026-05-01&end=2026-05-01").await {
        let parts = item["components"].as_array().unwrap();
        assert_eq!((parts.len(), parts[0]["type"].as_str()), (1, Some("electricity")));
    }
}

#[tokio::test]
async fn tomorrow_is_out_from_the_publication_on_and_before_stands_what_was_configured() {
    for (unpublished, count) in
        [(Unpublished::Absent, 96), (Unpublished::Null, 192), (Unpublished::Zero, 192)]
    {
        let emulator = started(|config| config.unpublished = unpublished).await;
        let range = "start=2026-06-01&end=2026-06-02";
        // 14:20 in Berlin is 12:20 UTC in summer.
        emulator.set_now("2026-06-01T12:19:59Z".parse().unwrap());
        let before = items(&emulator, 1, "sub_emu00000001c", range).await;
        assert_eq!(before.len(), count, "{unpublished:?}");
        if count == 192 {
            let wanted = if unpublished == Unpublished::Null { Value::Null } else { Value::from(0) };
            assert!(before[96..].iter().all(|item| item["amount"] == wanted));
        }
        emulator.set_now("2026-06-01T12:20:00Z".parse().unwrap());
        let after = items(&emulator, 1, "sub_emu00000001c", range).await;
        assert_eq!(after.len(), 192);
        assert!(after[96..].iter().all(|item| item["amount"].as_f64().is_some_and(|amount| amount != 0.0)));
        assert_eq!(after[..96], before[..96], "what was out does not change");
    }
}

#[tokio::test]
async fn the_local_today_counts_for_publication_when_utc_is_still_yesterday() {
    let emulator = started(|_| ()).await;
    // 00:30 of 2 June in Berlin: today's prices are out, tomorrow's are not.
    emulator.set_now("2026-06-01T22:30:00Z".parse().unwrap());
    let all = items(&emulator, 1, "sub_emu00000001c", "start=2026-06-02&end=2026-06-03").await;
    assert_eq!(all.len(), 96);
}

#[tokio::test]
async fn customers_of_one_plan_and_grid_operator_share_a_series_and_others_do_not() {
    let emulator = started(|_| ()).await;
    let range = "start=2026-05-01&end=2026-05-01";
    // 24 and 64 are 40 apart: the same plan, grid operator and modules.
    let (one, same) = (
        items(&emulator, 24, "sub_emu00000024c", range).await,
        items(&emulator, 64, "sub_emu00000064c", range).await,
    );
    assert_eq!(one, same);
    assert_ne!(one, items(&emulator, 28, "sub_emu00000028c", range).await);
}

#[tokio::test]
async fn a_supply_that_does_not_run_has_null_items_until_it_is_activated() {
    let emulator = started(|_| ()).await;
    let path = "/subscriptions/sub_emu00000050c/prices?start=2026-05-01&end=2026-05-01";
    let token = access(&emulator, 50);
    assert!(get_json(&emulator, &token, path).await["items"].is_null());
    support::post(&emulator, "/__subscriptions/sub_emu00000050c/status?status=active").await;
    // Customer 50 has the hourly plan.
    assert_eq!(get_json(&emulator, &token, path).await["items"].as_array().unwrap().len(), 24);
}

#[tokio::test]
async fn days_that_cannot_be_read_are_refused_in_the_envelope() {
    let emulator = started(|_| ()).await;
    let token = access(&emulator, 1);
    for query in [
        "",
        "start=2026-05-01",
        "start=2026-5-1&end=2026-05-01",
        "start=2026-02-30&end=2026-05-01",
        "start=2026-05-02&end=2026-05-01",
    ] {
        let response =
            get(&emulator, &token, &format!("/subscriptions/sub_emu00000001c/prices?{query}")).await;
        assert_eq!(response.status(), 400, "{query}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["code"], "BAD_REQUEST", "{query}");
        assert_eq!(body["requestId"].as_str().unwrap().len(), 36);
        assert!(!body["errors"].as_array().unwrap().is_empty());
    }
}
