//! Several processes at one database.

use crate::support::databases::Database;
use crate::support::fake::Fake;
use crate::support::{child, connect, options, tokens};

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_that_open_a_fresh_database_at_once_all_find_it_ready() {
    for database in Database::both() {
        let children: Vec<_> =
            (0..8).map(|_| child::spawn(&database.place, "http://127.0.0.1:1", "c1", None)).collect();
        for child in children {
            let output = tokio::task::spawn_blocking(move || child::output(child)).await.unwrap();
            assert!(output.contains("error customer c1: not connected"), "{output}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_that_refresh_one_customer_send_one_request() {
    for database in Database::both() {
        let fake = Fake::start().await;
        fake.expires_in("1");
        let tokens = tokens(&database.open().await, &fake.base, options());
        connect(&tokens, "c1").await;
        fake.expires_in("3600");
        let children: Vec<_> =
            (0..8).map(|_| child::spawn(&database.place, &fake.base, "c1", None)).collect();
        let mut seen = Vec::new();
        for child in children {
            let output = tokio::task::spawn_blocking(move || child::output(child)).await.unwrap();
            let token = output
                .lines()
                .find_map(|line| line.split_once("token canary-at-"))
                .map(|found| found.1.to_owned());
            seen.push(token.unwrap_or_else(|| panic!("no token: {output}")));
        }
        assert_eq!(fake.lock().refreshes, 1, "{:?}", database.place);
        assert!(seen.iter().all(|token| *token == seen[0]), "{seen:?}");
    }
}
