//! Lists page by page, usage, and invoices against usage times price.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use support::{access, get, get_json, started, token};

async fn organisation(emulator: &offpeak_emulator::Emulator) -> String {
    let answer = token(emulator, &[("grant_type", "client_credentials"), ("scope", "read:*")]).await.unwrap();
    answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned()
}

/// All items of a list, and the number of pages.
async fn walked(emulator: &offpeak_emulator::Emulator, token: &str, path: &str) -> (Vec<Value>, usize) {
    let (mut items, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let body = get_json(emulator, token, &format!("{path}{cursor}")).await;
        items.extend(body["items"].as_array().unwrap().clone());
        pages += 1;
        if body["has_more"] != true {
            assert!(body["next_page"].is_null());
            return (items, pages);
        }
        cursor = format!("&cursor={}", body["next_page"].as_str().unwrap());
    }
}

#[tokio::test]
async fn a_walk_meets_every_item_once_newest_first_whatever_the_limit() {
    let emulator = started(|_| ()).await;
    let org = organisation(&emulator).await;
    // 120 customers, every fourth with feed-in.
    for (limit, pages) in [(1, 150), (7, 22), (50, 3), (100, 2)] {
        let (items, count) = walked(&emulator, &org, &format!("/subscriptions?limit={limit}")).await;
        assert_eq!((items.len(), count), (150, pages), "limit {limit}");
        let created: Vec<&str> = items.iter().map(|item| item["created_at"].as_str().unwrap()).collect();
        assert!(created.is_sorted_by(|newer, older| newer > older));
    }
    for path in ["/invoices", "/grid-fee-reductions", "/meter-readings", "/customers", "/plans"] {
        let (all, _) = walked(&emulator, &org, &format!("{path}?limit=100")).await;
        let (same, _) = walked(&emulator, &org, &format!("{path}?limit=7")).await;
        assert_eq!(all, same, "{path}");
        let ids: HashSet<&str> = all.iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert!(ids.len() == all.len() && ids.len() > 2, "{path}: {} of {}", ids.len(), all.len());
    }
}

#[tokio::test]
async fn limits_and_cursors_that_are_none_are_refused() {
    let emulator = started(|_| ()).await;
    let token = access(&emulator, 1);
    for query in ["limit=0", "limit=101", "limit=x", "limit=-1", "limit=NaN", "cursor=!"] {
        assert_eq!(get(&emulator, &token, &format!("/subscriptions?{query}")).await.status(), 400, "{query}");
    }
}

#[tokio::test]
async fn a_filter_works_and_a_mistyped_one_is_ignored() {
    let emulator = started(|_| ()).await;
    let org = organisation(&emulator).await;
    let count = async |filter: &str| {
        walked(&emulator, &org, &format!("/subscriptions?limit=100&{filter}")).await.0.len()
    };
    assert_eq!(count("filter[status][eq]=ended").await, 2);
    assert_eq!(count("filter[customer][eq]=cus_emu00000004").await, 2);
    for ignored in [
        "filter[type][eq]=feed_in",
        "filter[status][is]=ended",
        "filter[state][eq]=ended",
        "filter[field][operator]=x",
    ] {
        assert_eq!(count(ignored).await, 150, "{ignored}");
    }
}

#[tokio::test]
async fn every_answer_echoes_the_version_and_has_an_id_also_where_nothing_is_found() {
    let emulator = started(|_| ()).await;
    for (path, status) in [("/subscriptions", 401), ("/nothing", 404), ("/oauth/token", 405)] {
        let request = support::browserless().get(format!("{}{path}", emulator.base_url()));
        let answer = request.header("x-api-version", "2026-05-27.curie").send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["x-api-version"], "2026-05-27.curie");
        let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
        assert_eq!(answer.json::<Value>().await.unwrap()["requestId"], id);
    }
}

#[tokio::test]
async fn usage_ends_before_its_end_comes_late_and_is_rough_at_first() {
    let emulator = started(|_| ()).await;
    let path = "/subscriptions/sub_emu00000001c/usage?resolution=15min&start=2026-05-01&end=2026-06-01";
    let usage =
        async || get_json(&emulator, &access(&emulator, 1), path).await["data"].as_array().unwrap().clone();
    // At 15:59 in Berlin on 1 June, 31 May is not there; a minute later it is.
    emulator.set_now("2026-06-01T13:59:00Z".parse().unwrap());
    let before = usage().await;
    emulator.set_now("2026-06-01T14:00:00Z".parse().unwrap());
    let rough = usage().await;
    assert!(before.len() < rough.len() && rough.iter().all(|item| item["type"] == "preliminary"));
    emulator.set_now("2026-07-01T14:00:00Z".parse().unwrap());
    let all = usage().await;
    assert_eq!(all.len(), 31 * 96);
    assert!(all.iter().all(|item| item["type"] == "final") && rough.len() < all.len(), "no gap in a month");
    let by_start: HashMap<&str, &Value> =
        all.iter().map(|item| (item["start"].as_str().unwrap(), item)).collect();
    assert!(rough.iter().any(|item| by_start[item["start"].as_str().unwrap()]["usage"] != item["usage"]));
    assert_eq!(all[0]["start"], "2026-04-30T22:00:00Z");
    let days = get_json(&emulator, &access(&emulator, 1), &path.replace("15min", "day")).await;
    let sum = |items: &[Value]| items.iter().map(|item| item["usage"].as_f64().unwrap()).sum::<f64>();
    assert!((sum(&all) - sum(days["data"].as_array().unwrap())).abs() < 1e-6);
}

#[tokio::test]
async fn an_analog_meter_knows_months_only() {
    let emulator = started(|_| ()).await;
    let path = "/subscriptions/sub_emu00000010c/usage?resolution=15min&start=2026-03-01&end=2026-05-01";
    let usage = get_json(&emulator, &access(&emulator, 10), path).await;
    assert_eq!((usage["meter_type"].as_str(), usage["resolution"].as_str()), (Some("analog"), Some("month")));
    assert_eq!(usage["data"].as_array().unwrap().len(), 2);
}

/// Usage times price in cents, of what the two endpoints say.
async fn billed(
    emulator: &offpeak_emulator::Emulator,
    customer: u32,
    one: &str,
    month: (&str, &str, &str),
) -> f64 {
    let token = access(emulator, customer);
    let (start, last, end) = month;
    let prices =
        get_json(emulator, &token, &format!("/subscriptions/{one}/prices?start={start}&end={last}")).await;
    let step = if prices["resolution"] == "hourly" { "hour" } else { "15min" };
    let usage = format!("/subscriptions/{one}/usage?resolution={step}&start={start}&end={end}");
    let usage = get_json(emulator, &token, &usage).await;
    let price: HashMap<&str, f64> = prices["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["timestamp"].as_str().unwrap(), item["amount"].as_f64().unwrap()))
        .collect();
    let costs = usage["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["usage"].as_f64().unwrap() * price[item["start"].as_str().unwrap()]);
    costs.sum()
}

#[tokio::test]
async fn an_invoice_is_usage_times_price_also_in_months_when_the_clock_changes() {
    let emulator = started(|_| ()).await;
    emulator.set_now("2026-11-20T12:00:00Z".parse().unwrap());
    let months =
        [("2026-03-01", "2026-03-31", "2026-04-01", 3), ("2026-10-01", "2026-10-31", "2026-11-01", 10)];
    for (customer, id, sign) in [(1, "00000001c", 1.0), (2, "00000002c", 1.0), (4, "00000004f", -1.0)] {
        let token = access(&emulator, customer);
        for (start, last, end, month) in months {
            let invoice = get_json(&emulator, &token, &format!("/invoices/inv_emu{id}2026{month:02}")).await;
            let cents = billed(&emulator, customer, &format!("sub_emu{id}"), (start, last, end)).await;
            let total = invoice["total"].as_f64().unwrap() * 100.0;
            assert!((total - sign * cents).abs() <= 0.5 + 1e-6, "{id} {month}: {total} and {cents}");
        }
    }
}

#[tokio::test]
async fn the_base_fee_is_on_the_invoice_and_the_file_lies_elsewhere() {
    let (free, with_fee) = (started(|_| ()).await, started(|config| config.base_fee_cents = 1099).await);
    let total = async |emulator| {
        let path = "/invoices/inv_emu00000001c202603";
        get_json(emulator, &access(emulator, 1), path).await["total"].as_f64().unwrap()
    };
    assert!((total(&with_fee).await - total(&free).await - 10.99).abs() < 1e-9);
    let file = get(&free, &access(&free, 1), "/invoices/inv_emu00000001c202603/file").await;
    assert_eq!(file.status(), 302);
    assert!(file.headers()["location"].to_str().unwrap().ends_with("inv_emu00000001c202603.pdf"));
}
