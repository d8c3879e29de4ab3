//! An emulator and a client for tests.
#![allow(dead_code, reason = "each test file uses a part")]

use chrono::{DateTime, Utc};
use offpeak_emulator::{Emulator, EmulatorConfig, fixed_clock};
use reqwest::{Client, Response};
use secrecy::ExposeSecret;
use serde_json::Value;

/// A moment in summer after the publication of tomorrow's prices.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-06-01T15:00:00Z".parse().unwrap()
}

pub(crate) async fn started(change: impl FnOnce(&mut EmulatorConfig)) -> Emulator {
    let mut config = EmulatorConfig::new(fixed_clock(now()));
    config.customers = 120;
    change(&mut config);
    Emulator::start(config).await.unwrap()
}

pub(crate) fn access(emulator: &Emulator, customer: u32) -> String {
    emulator.consent(customer).unwrap().access.expose_secret().to_owned()
}

pub(crate) fn browserless() -> Client {
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub(crate) async fn get(emulator: &Emulator, token: &str, path: &str) -> Response {
    let url = format!("{}{path}", emulator.base_url());
    browserless().get(url).bearer_auth(token).send().await.unwrap()
}

pub(crate) async fn get_json(emulator: &Emulator, token: &str, path: &str) -> Value {
    let response = get(emulator, token, path).await;
    let status = response.status();
    let body: Value = response.json().await.unwrap();
    assert!(status.is_success(), "{path}: {status} {body}");
    body
}

/// A request to the token endpoint with a form.
pub(crate) async fn token(emulator: &Emulator, form: &[(&str, &str)]) -> reqwest::Result<Response> {
    let url = format!("{}/oauth/token", emulator.base_url());
    browserless().post(url).basic_auth("fleet", Some("s3cr3t-of-fleet")).form(form).send().await
}

pub(crate) async fn refresh(emulator: &Emulator, token_text: &str) -> reqwest::Result<Response> {
    token(emulator, &[("grant_type", "refresh_token"), ("refresh_token", token_text)]).await
}

pub(crate) fn refresh_token(pair: &Value) -> String {
    pair["refresh_token"].as_str().unwrap().to_owned()
}

pub(crate) async fn post(emulator: &Emulator, path: &str) -> Value {
    let response = browserless().post(format!("{}{path}", emulator.base_url())).send().await.unwrap();
    let status = response.status();
    let body = response.json().await.unwrap();
    assert!(status.is_success(), "{path}: {status} {body}");
    body
}
