//! A fleet's afternoon: the emulator must not be what a test waits for.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use support::{now, started};
use tokio::task::JoinSet;

/// Prices of 4,000 customers, each with its own token, over 16 connections. The bound is loose, for tests share a machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_customers_prices_are_served_without_delay() {
    let emulator = started(|config| config.customers = 100_000).await;
    let client = reqwest::Client::new();
    let emulator = Arc::new(emulator);
    let begun = Instant::now();
    let mut workers = JoinSet::new();
    for worker in 0..16_u32 {
        let (client, emulator) = (client.clone(), emulator.clone());
        workers.spawn(async move {
            for number in 0..250 {
                let customer = worker * 250 + number + 1;
                let token = support::access(&emulator, customer);
                let url = format!("{}/subscriptions/sub_emu{customer:08}c/prices", emulator.base_url());
                let days = [("start", "2026-06-02"), ("end", "2026-06-02")];
                let answer = client.get(url).query(&days).bearer_auth(token).send().await.unwrap();
                assert_eq!(answer.status(), 200);
                answer.bytes().await.unwrap();
            }
        });
    }
    workers.join_all().await;
    let took = begun.elapsed();
    eprintln!("{:.0} price answers a second, at {}", 4000.0 / took.as_secs_f64(), now());
    assert!(took < Duration::from_secs(8), "{took:?}");
}
