//! The consent flow: who may come back with which state, and how often.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use offpeak_consent::{AuthorizeRedirect, Consents, Outcome, Store, Tokens};
use secrecy::{ExposeSecret, SecretString};

use crate::support::databases::Database;
use crate::support::fake::Fake;
use crate::support::{customer, options, provider, tokens};

async fn consents() -> (Database, Fake, Consents) {
    let (database, fake) = (Database::sqlite(), Fake::start().await);
    let tokens = tokens(&database.open().await, &fake.base, options());
    let consents = Consents::new(&tokens);
    (database, fake, consents)
}

async fn start(consents: &Consents) -> AuthorizeRedirect {
    consents.start(Some(customer("c1")), "a test").await.unwrap()
}

async fn finish(consents: &Consents, redirect: &AuthorizeRedirect, more: &str) -> Outcome {
    let query = format!("state={}&{more}", redirect.state.expose_secret());
    consents.finish(&query, Some(&redirect.cookie)).await.unwrap()
}

fn connected() -> Outcome {
    Outcome::Connected { customer: customer("c1"), scope: Some("read:*".to_owned()) }
}

#[tokio::test]
async fn the_browser_is_sent_with_an_s256_challenge_a_fresh_state_and_no_flow_type() {
    let (_database, _fake, consents) = consents().await;
    let (a, b) = (start(&consents).await, start(&consents).await);
    let pairs: std::collections::HashMap<_, _> = a.url.query_pairs().into_owned().collect();
    let mut names: Vec<_> = pairs.keys().map(String::as_str).collect();
    names.sort_unstable();
    let expected = [
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
    ];
    assert_eq!(names, expected);
    assert_eq!((&*pairs["code_challenge_method"], &*pairs["scope"]), ("S256", "read:*"));
    assert_eq!(pairs["state"], a.state.expose_secret());
    let other: std::collections::HashMap<_, _> = b.url.query_pairs().into_owned().collect();
    assert_ne!(pairs["state"], other["state"]);
    assert_ne!(pairs["code_challenge"], other["code_challenge"]);
    assert_ne!(a.cookie.expose_secret(), b.cookie.expose_secret());
}

#[tokio::test]
async fn a_state_is_good_once() {
    let (_database, _fake, consents) = consents().await;
    let redirect = start(&consents).await;
    assert_eq!(finish(&consents, &redirect, "code=code-c1").await, connected());
    assert_eq!(finish(&consents, &redirect, "code=code-c1").await, Outcome::UnknownState);
}

#[tokio::test]
async fn another_browser_connects_nobody_and_uses_the_state_up() {
    let (_database, _fake, consents) = consents().await;
    for cookie in [None, Some(SecretString::from("another"))] {
        let redirect = start(&consents).await;
        let query = format!("code=code-c1&state={}", redirect.state.expose_secret());
        assert_eq!(consents.finish(&query, cookie.as_ref()).await.unwrap(), Outcome::WrongBrowser);
        assert_eq!(consents.finish(&query, Some(&redirect.cookie)).await.unwrap(), Outcome::UnknownState);
    }
    assert!(consents.list(None, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_missing_or_made_up_state_connects_nobody() {
    let (_database, _fake, consents) = consents().await;
    let redirect = start(&consents).await;
    for query in ["code=code-c1", "", "code=code-c1&state=", "code=code-c1&state=made-up"] {
        let outcome = consents.finish(query, Some(&redirect.cookie)).await.unwrap();
        assert_eq!(outcome, Outcome::UnknownState, "{query}");
    }
}

#[tokio::test]
async fn a_doubled_parameter_or_a_foreign_issuer_connects_nobody() {
    let (_database, fake, consents) = consents().await;
    for more in
        ["code=code-c1&code=code-c2", "code=code-c1&iss=https%3A%2F%2Fevil.example.org", "code=a&error=b", ""]
    {
        let redirect = start(&consents).await;
        assert_eq!(finish(&consents, &redirect, more).await, Outcome::Malformed, "{more}");
    }
    let redirect = start(&consents).await;
    let issuer = format!("code=code-c1&iss={}", fake.base.replace(':', "%3A").replace('/', "%2F"));
    assert_eq!(finish(&consents, &redirect, &issuer).await, connected());
}

#[tokio::test]
async fn a_denial_and_an_error_are_told_apart() {
    let (_database, _fake, consents) = consents().await;
    let redirect = start(&consents).await;
    assert_eq!(finish(&consents, &redirect, "error=access_denied").await, Outcome::Denied);
    let redirect = start(&consents).await;
    let outcome = finish(&consents, &redirect, "error=server_error").await;
    assert_eq!(outcome, Outcome::ProviderError { code: "server_error".into(), request_id: None });
    let redirect = start(&consents).await;
    let outcome = finish(&consents, &redirect, "code=wrong").await;
    assert_eq!(
        outcome,
        Outcome::ProviderError { code: "UNAUTHORIZED".into(), request_id: Some("req-1".into()) }
    );
}

#[tokio::test]
async fn a_state_ends_after_ten_minutes() {
    let (database, fake) = (Database::sqlite(), Fake::start().await);
    let seconds = Arc::new(AtomicI64::new(1_000_000));
    let shown = Arc::clone(&seconds);
    let clock = move || DateTime::<Utc>::from_timestamp(shown.load(Ordering::SeqCst), 0).unwrap();
    let store: Store = database.open().await;
    let tokens = Tokens::new(store, provider(&fake.base), Arc::new(clock), options()).unwrap();
    let consents = Consents::new(&tokens);
    let (early, late) = (start(&consents).await, start(&consents).await);
    seconds.fetch_add(600, Ordering::SeqCst);
    assert_eq!(finish(&consents, &early, "code=code-c1").await, connected());
    seconds.fetch_add(1, Ordering::SeqCst);
    assert_eq!(finish(&consents, &late, "code=code-c1").await, Outcome::Expired);
    seconds.fetch_add(7200, Ordering::SeqCst);
    assert!(tokens.store().prune_authorizations(clock_of(&seconds)).await.unwrap() == 0);
}

fn clock_of(seconds: &AtomicI64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds.load(Ordering::SeqCst), 0).unwrap()
}

#[tokio::test]
async fn a_state_of_one_provider_or_tenant_is_none_of_another() {
    let (database, fake, consents) = consents().await;
    let store = database.open().await;
    let redirect = start(&consents).await;
    let query = format!("code=code-c1&state={}", redirect.state.expose_secret());
    let mut other = provider(&fake.base);
    other.id = "other".parse().unwrap();
    let other = Tokens::new(store.clone(), other, crate::support::clock(), options()).unwrap();
    let foreign = tokens(&store.for_tenant("away".parse().unwrap()), &fake.base, options());
    for tokens in [&other, &foreign] {
        let outcome = Consents::new(tokens).finish(&query, Some(&redirect.cookie)).await.unwrap();
        assert_eq!(outcome, Outcome::UnknownState);
    }
    assert_eq!(finish(&consents, &redirect, "code=code-c1").await, connected());
}

#[tokio::test]
async fn what_happened_is_audited_and_names_no_secret() {
    let (_database, _fake, consents) = consents().await;
    let redirect = start(&consents).await;
    finish(&consents, &redirect, "code=code-c1").await;
    consents.disconnect(&customer("c1")).await.unwrap();
    let tokens = format!("{consents:?} {redirect:?}");
    assert!(!tokens.contains(redirect.state.expose_secret()) && !tokens.contains("s3cr3t"), "{tokens}");
}
