//! Devices ask for short-lived tokens.

use std::sync::atomic::Ordering;

use offpeak_emulator::EmulatorConfig;
use reqwest::header::{AUTHORIZATION, ORIGIN};
use reqwest::{Method, Response};
use serde_json::Value;

use crate::support::{Browser, World, between};

/// Connects customer `number`; its id here and the token of a device of it.
async fn device(world: &World, operator: &mut Browser, number: u32) -> (String, String) {
    let before = operator.read("/operator").await;
    world.browser().connect(number, "").await;
    let page = operator.read("/operator").await;
    let ids = page.split("/operator/customers/").skip(1).map(|rest| rest.split('"').next().unwrap());
    let id = ids.into_iter().find(|id| !before.contains(id)).unwrap().to_owned();
    let csrf = operator.csrf("/operator").await;
    let form = [("csrf", csrf.as_str()), ("label", "box")];
    let page = operator.post(&format!("/operator/customers/{id}/devices"), &form).await.text().await.unwrap();
    (id, between(&page, r#"aria-label="Device token">"#, '<'))
}

async fn ask(world: &World, id: &str, token: &str) -> Response {
    let mut browser = world.browser();
    let request =
        browser.request(Method::POST, &format!("/v1/customers/{id}/access-token")).bearer_auth(token);
    browser.send(request).await
}

async fn code(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_device_gets_an_access_token_that_the_provider_takes_and_nothing_else() {
    let world = World::start().await;
    let mut operator = world.operator().await;
    let (id, token) = device(&world, &mut operator, 1).await;
    let answer = ask(&world, &id, &token).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let body: Value = answer.json().await.unwrap();
    let keys: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["access_token", "expires_at", "expires_in", "scope", "token_type"]);
    let life = body["expires_in"].as_i64().unwrap();
    assert!((3500..=3600).contains(&life), "{life}");
    let url = format!("{}/subscriptions", world.emulator.base_url());
    let request = reqwest::Client::new().get(url).bearer_auth(body["access_token"].as_str().unwrap());
    let list = request.header("x-api-version", "2026-05-27.curie").send().await.unwrap();
    assert_eq!(list.status(), 200);
    assert!(list.text().await.unwrap().contains("sub_emu00000001c"));
    assert!(world.metric(r#"offpeak_token_handouts_total{outcome="handed_out"} 1"#).await);
    assert!(operator.read("/operator/events").await.contains("token.handed_out"));
}

#[tokio::test]
async fn an_ended_token_is_refreshed_behind_the_scenes() {
    let world = World::start().await;
    let mut operator = world.operator().await;
    let (id, token) = device(&world, &mut operator, 1).await;
    let first: Value = ask(&world, &id, &token).await.json().await.unwrap();
    world.clock.by(3600);
    let second: Value = ask(&world, &id, &token).await.json().await.unwrap();
    assert_ne!(first["access_token"], second["access_token"]);
    assert_eq!(world.emulator.stats().rotations, 1);
    assert_eq!(world.told.turns.load(Ordering::Relaxed), 1, "a refresh counts against the budget");
    assert!(world.metric(r#"offpeak_refreshes_total{step="settled"} 1"#).await);
}

#[tokio::test]
async fn a_device_of_one_customer_learns_nothing_of_another() {
    let world = World::start().await;
    let mut operator = world.operator().await;
    let (_, token) = device(&world, &mut operator, 1).await;
    let (other, _) = device(&world, &mut operator, 2).await;
    let known = code(ask(&world, &other, &token).await).await;
    let unknown = code(ask(&world, "cus_nobody", &token).await).await;
    assert_eq!(known, (403, "FORBIDDEN".to_owned()));
    assert_eq!(known, unknown);
    assert_eq!(code(ask(&world, "..%2F..", &token).await).await, unknown);
}

#[tokio::test]
async fn a_revoked_or_unknown_device_and_one_of_a_disconnected_customer_get_nothing() {
    let world = World::start().await;
    let mut operator = world.operator().await;
    let (id, token) = device(&world, &mut operator, 1).await;
    let answer = ask(&world, &id, "made-up").await;
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    assert_eq!(code(answer).await, (401, "UNAUTHORIZED".to_owned()));
    let page = operator.read(&format!("/operator/customers/{id}")).await;
    let csrf = operator.csrf("/operator").await;
    let revoke = format!(
        "/operator/customers/{id}/devices/{}",
        between(&page, &format!("customers/{id}/devices/"), '"')
    );
    assert_eq!(operator.post(&revoke, &[("csrf", &csrf)]).await.status(), 303);
    assert_eq!(code(ask(&world, &id, &token).await).await.0, 401);
    let (id, token) = device(&world, &mut operator, 2).await;
    operator.post(&format!("/operator/customers/{id}/disconnect"), &[("csrf", &csrf)]).await;
    assert_eq!(code(ask(&world, &id, &token).await).await.0, 401);
}

#[tokio::test]
async fn a_device_that_asks_too_often_is_told_to_wait() {
    let world = World::start().await;
    let mut operator = world.operator().await;
    let (id, token) = device(&world, &mut operator, 1).await;
    // All at once: one after another a slow machine gives the allowance time to grow again.
    let asks = (0..40).map(|_| ask(&world, &id, &token));
    let (mut given, mut refused) = (0, 0);
    for answer in futures::future::join_all(asks).await {
        match answer.status().as_u16() {
            200 => given += 1,
            429 => {
                assert!(answer.headers().contains_key("retry-after"));
                refused += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert!(given >= 10 && refused >= 1, "{given} given, {refused} refused");
}

#[tokio::test]
async fn two_authorizations_at_once_or_another_scheme_are_none() {
    let world = World::start().await;
    let mut operator = world.operator().await;
    let (id, token) = device(&world, &mut operator, 1).await;
    let mut browser = world.browser();
    let to = format!("/v1/customers/{id}/access-token");
    let twice = browser.request(Method::POST, &to).bearer_auth(&token).header(AUTHORIZATION, "Bearer x");
    assert_eq!(browser.send(twice).await.status(), 401);
    let basic = browser.request(Method::POST, &to).header(AUTHORIZATION, format!("Basic {token}"));
    assert_eq!(browser.send(basic).await.status(), 401);
    assert_eq!(browser.get(&to).await.status(), 405);
    // The operator's cookie is no device's token.
    let by_cookie = operator.request(Method::POST, &to);
    assert_eq!(operator.send(by_cookie).await.status(), 401);
}

#[tokio::test]
async fn browsers_of_named_origins_alone_may_read_the_answer() {
    let more = "self_service = true\nallowed_origins = [\"https://app.example.org\"]";
    let world = World::with(more, |_: &mut EmulatorConfig| {}).await;
    let mut browser = world.browser();
    for (origin, expected) in [("https://app.example.org", true), ("https://evil.example.org", false)] {
        let ask = browser.request(Method::OPTIONS, "/v1/customers/cus_1/access-token").header(ORIGIN, origin);
        let ask = ask.header("access-control-request-method", "POST");
        let answer = browser.send(ask).await;
        let allowed = answer.headers().get("access-control-allow-origin");
        assert_eq!(allowed.is_some_and(|allowed| allowed == origin), expected, "{origin}");
        assert!(!answer.headers().contains_key("access-control-allow-credentials"));
    }
}
