//! Consent, codes, rotation, reuse, revocation.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use offpeak_emulator::{Denial, Reuse};
use secrecy::ExposeSecret;
use serde_json::Value;
use support::{access, browserless, get, post, refresh, refresh_token, started, token};

/// Verifier and challenge of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "http://127.0.0.1:8099/oauth/callback";

fn authorize_query(redirect_uri: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("client_id", "fleet"),
            ("response_type", "code"),
            ("scope", "read:*"),
            ("state", "s&1"),
        ])
        .extend_pairs([
            ("redirect_uri", redirect_uri),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ])
        .finish()
}

/// Where the browser lands after the page, as its query's pairs.
async fn decided(emulator: &offpeak_emulator::Emulator, form: &[(&str, &str)]) -> Vec<(String, String)> {
    let base = emulator.base_url();
    let start = browserless()
        .get(format!("{base}/oauth/authorize?{}", authorize_query(CALLBACK)))
        .send()
        .await
        .unwrap();
    assert_eq!(start.status(), 302);
    let page = start.headers()["location"].to_str().unwrap().to_owned();
    let html = browserless().get(format!("{base}{page}")).send().await.unwrap().text().await.unwrap();
    assert!(html.contains("Let <em>fleet</em> read your energy data?"));
    let answer = browserless().post(format!("{base}{page}")).form(form).send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(CALLBACK), "{location}");
    url::Url::parse(location).unwrap().query_pairs().into_owned().collect()
}

async fn code(emulator: &offpeak_emulator::Emulator, customer: &str) -> String {
    let pairs = decided(emulator, &[("decision", "allow"), ("customer", customer)]).await;
    assert_eq!(pairs[1], ("state".to_owned(), "s&1".to_owned()));
    pairs[0].1.clone()
}

fn exchange<'a>(code: &'a str, verifier: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", verifier),
    ]
}

#[tokio::test]
async fn a_customer_who_allows_gives_a_pair_that_reads_only_that_customer() {
    let emulator = started(|_| ()).await;
    let code = code(&emulator, "7").await;
    let answer = token(&emulator, &exchange(&code, VERIFIER)).await.unwrap();
    assert_eq!(answer.status(), 200);
    let pair: Value = answer.json().await.unwrap();
    assert_eq!((pair["scope"].as_str(), pair["expires_in"].as_u64()), (Some("read:*"), Some(3600)));
    let access = pair["access_token"].as_str().unwrap();
    assert_eq!(get(&emulator, access, "/subscriptions/sub_emu00000007c").await.status(), 200);
    assert_eq!(get(&emulator, access, "/subscriptions/sub_emu00000008c").await.status(), 404);
    assert_eq!(get(&emulator, access, "/customers").await.status(), 403);
    let write = browserless().post(format!("{}/load-forecasts", emulator.base_url())).bearer_auth(access);
    assert_eq!(write.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn the_second_use_of_a_code_is_refused_and_kills_what_the_first_gave() {
    let emulator = started(|_| ()).await;
    let code = code(&emulator, "1").await;
    let pair: Value = token(&emulator, &exchange(&code, VERIFIER)).await.unwrap().json().await.unwrap();
    assert_eq!(token(&emulator, &exchange(&code, VERIFIER)).await.unwrap().status(), 401);
    assert_eq!(refresh(&emulator, &refresh_token(&pair)).await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_code_needs_its_verifier_and_lives_ten_minutes() {
    let emulator = started(|_| ()).await;
    let first = code(&emulator, "1").await;
    assert_eq!(token(&emulator, &exchange(&first, "wrong")).await.unwrap().status(), 401);
    let second = code(&emulator, "1").await;
    emulator.set_now(support::now() + chrono::TimeDelta::seconds(601));
    assert_eq!(token(&emulator, &exchange(&second, VERIFIER)).await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_denial_comes_back_as_an_error_or_as_an_envelope() {
    let emulator = started(|_| ()).await;
    let pairs = decided(&emulator, &[("decision", "deny")]).await;
    assert_eq!(pairs[0], ("error".to_owned(), "access_denied".to_owned()));
    let strict = started(|config| config.denial = Denial::Envelope).await;
    let url = format!("{}/__consent?{}", strict.base_url(), authorize_query(CALLBACK));
    let answer = browserless().post(url).form(&[("decision", "deny")]).send().await.unwrap();
    assert_eq!(answer.status(), 403);
}

#[tokio::test]
async fn only_registered_places_and_what_lies_below_them_are_redirected_to() {
    let emulator = started(|config| config.auto_consent = Some(3)).await;
    let cases = [
        (CALLBACK.to_owned(), 302),
        (format!("{CALLBACK}/below"), 302),
        (format!("{CALLBACK}-beside"), 400),
        ("https://elsewhere.example/oauth/callback".to_owned(), 400),
        (format!("{CALLBACK}#fragment"), 400),
    ];
    for (uri, status) in cases {
        let url = format!("{}/oauth/authorize?{}", emulator.base_url(), authorize_query(&uri));
        assert_eq!(browserless().get(url).send().await.unwrap().status(), status, "{uri}");
    }
}

#[tokio::test]
async fn each_refresh_rotates_and_a_reuse_kills_the_grant() {
    let emulator = started(|_| ()).await;
    let first = emulator.consent(1).unwrap().refresh.expose_secret().to_owned();
    let second: Value = refresh(&emulator, &first).await.unwrap().json().await.unwrap();
    assert_ne!(refresh_token(&second), first);
    let third: Value = refresh(&emulator, &refresh_token(&second)).await.unwrap().json().await.unwrap();
    let newest = third["access_token"].as_str().unwrap();
    assert_eq!(get(&emulator, newest, "/subscriptions").await.status(), 200);
    let reuse = refresh(&emulator, &first).await.unwrap();
    assert_eq!(reuse.status(), 401);
    assert_eq!(reuse.json::<Value>().await.unwrap()["code"], "UNAUTHORIZED");
    assert_eq!(get(&emulator, newest, "/subscriptions").await.status(), 401);
    assert_eq!(refresh(&emulator, &refresh_token(&third)).await.unwrap().status(), 401);
    let stats = emulator.stats();
    assert_eq!((stats.rotations, stats.reuses, stats.grants), (2, 1, 0));
}

#[tokio::test]
async fn a_lenient_provider_refuses_a_reuse_or_grants_it_for_a_while() {
    let lenient = started(|config| config.reuse = Reuse::Refused).await;
    let first = lenient.consent(1).unwrap().refresh.expose_secret().to_owned();
    let second: Value = refresh(&lenient, &first).await.unwrap().json().await.unwrap();
    assert_eq!(refresh(&lenient, &first).await.unwrap().status(), 401);
    assert_eq!(refresh(&lenient, &refresh_token(&second)).await.unwrap().status(), 200);

    let graced = started(|config| config.reuse = Reuse::Grace(30)).await;
    let first = graced.consent(1).unwrap().refresh.expose_secret().to_owned();
    assert_eq!(refresh(&graced, &first).await.unwrap().status(), 200);
    assert_eq!(refresh(&graced, &first).await.unwrap().status(), 200);
    // By now it is two generations old.
    assert_eq!(refresh(&graced, &first).await.unwrap().status(), 401);
}

#[tokio::test]
async fn of_eight_refreshes_at_once_one_succeeds() {
    let emulator = started(|config| config.reuse = Reuse::Refused).await;
    let first = emulator.consent(1).unwrap().refresh.expose_secret().to_owned();
    let url = format!("{}/oauth/token", emulator.base_url());
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let form = [("grant_type", "refresh_token".to_owned()), ("refresh_token", first.clone())];
        let request = browserless().post(&url).basic_auth("fleet", Some("s3cr3t-of-fleet")).form(&form);
        all.spawn(async move { request.send().await.unwrap().status().as_u16() });
    }
    let statuses = all.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
}

#[tokio::test]
async fn tokens_expire_and_are_revoked_and_cannot_be_made_up() {
    let emulator = started(|_| ()).await;
    let token = access(&emulator, 5);
    assert_eq!(get(&emulator, &token, "/subscriptions").await.status(), 200);
    let forged = token.replacen("at-0-", "at-1-", 1);
    assert_eq!(get(&emulator, &forged, "/subscriptions").await.status(), 401);
    emulator.set_now(support::now() + chrono::TimeDelta::seconds(3600));
    assert_eq!(get(&emulator, &token, "/subscriptions").await.status(), 401);
    let token = access(&emulator, 5);
    assert_eq!(post(&emulator, "/__revoke?customer=5").await["revoked"], 2);
    assert_eq!(get(&emulator, &token, "/subscriptions").await.status(), 401);
}

#[tokio::test]
async fn json_is_taken_as_a_form_is_and_a_wrong_secret_by_neither() {
    let emulator = started(|_| ()).await;
    let url = format!("{}/oauth/token", emulator.base_url());
    let body = serde_json::json!({ "grant_type": "client_credentials", "scope": "read:*" });
    let request = |secret| browserless().post(&url).basic_auth("fleet", Some(secret)).json(&body);
    let pair: Value = request("s3cr3t-of-fleet").send().await.unwrap().json().await.unwrap();
    assert_eq!(pair["scope"], "read:*");
    assert_eq!(request("wrong").send().await.unwrap().status(), 401);
    let twice = [("grant_type", "client_credentials"), ("grant_type", "client_credentials")];
    assert_eq!(token(&emulator, &twice).await.unwrap().status(), 400);
}
