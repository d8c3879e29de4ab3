//! One token for all customers of an organisation.

use std::sync::Arc;

use offpeak_ingest::{IngestError, OneToken, Outcome};
use secrecy::{ExposeSecret as _, SecretString};

use crate::support::{LISTS, day, emulator, sync};

async fn token(emulator: &offpeak_emulator::Emulator) -> SecretString {
    let client = offpeak_emulator::Client::sample();
    let answer = reqwest::Client::new()
        .post(format!("{}/oauth/token", emulator.base_url()))
        .basic_auth(&client.id, Some(client.secret.expose_secret()))
        .form(&[("grant_type", "client_credentials")])
        .send()
        .await
        .unwrap();
    let body: serde_json::Value = answer.json().await.unwrap();
    SecretString::from(body["access_token"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_list_of_all_subscriptions_serves_every_customer() {
    let emulator = emulator(12, "2026-01-14T15:00:00Z").await;
    let folder = tempfile::tempdir().unwrap();
    let sync = sync(&emulator, &Arc::new(OneToken::new(token(&emulator).await)), folder.path());
    let customers = sync.customers_of_organisation().await.unwrap();
    assert_eq!(customers.len(), 12);
    assert_eq!(customers.first().map(String::as_str), Some("cus_emu00000001"));
    let pages = emulator.stats().answers(LISTS);
    let summary = sync.prices(&customers, day("2026-01-15"), &mut |_| ()).await.unwrap();
    assert_eq!(summary.count(Outcome::Fetched), 12, "{summary}: {:?}", summary.reasons);
    assert_eq!(emulator.stats().answers(LISTS), pages, "no customer is listed again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_stops_the_run_and_is_not_shown() {
    let emulator = emulator(2, "2026-01-14T15:00:00Z").await;
    let folder = tempfile::tempdir().unwrap();
    let sync = sync(&emulator, &Arc::new(OneToken::new(SecretString::from("not-a-token"))), folder.path());
    let error = sync.customers_of_organisation().await.unwrap_err();
    assert!(matches!(&error, IngestError::Customers(_)), "{error}");
    assert!(!error.to_string().contains("not-a-token"), "{error}");
}
