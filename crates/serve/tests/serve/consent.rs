//! A customer connects, or does not.

use offpeak_emulator::{Denial, Fault, FaultKind};
use reqwest::Method;
use reqwest::header::ORIGIN;

use crate::support::{World, between, location};

#[tokio::test]
async fn a_customer_who_agrees_is_connected_and_told_so() {
    let world = World::start().await;
    let mut browser = world.browser();
    let page = browser.read("/connect").await;
    assert!(page.contains("Continue to Nomos") && page.contains("change or cancel anything"), "{page}");
    let provider = browser.start("").await;
    for part in ["code_challenge_method=S256", "response_type=code", "state=", "scope=read"] {
        assert!(provider.contains(part), "{provider}");
    }
    let callback = browser.decide(&provider, 1, "allow").await;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    assert_eq!(location(&answer), "/connect/outcome", "the code leaves the address");
    assert!(browser.read("/connect/outcome").await.contains("Nomos is connected"));
    assert!(world.metric(r#"offpeak_callbacks_total{outcome="connected"} 1"#).await);
    assert!(world.metric(r#"offpeak_consents{state="active"} 1"#).await);
    assert!(!browser.cookies.contains_key("offpeak-consent"), "the cookie of the attempt stays");
}

#[tokio::test]
async fn a_customer_who_says_no_is_told_that_nothing_happened() {
    let world = World::start().await;
    let mut browser = world.browser();
    let provider = browser.start("").await;
    let callback = browser.decide(&provider, 1, "deny").await;
    assert!(browser.come_back(&callback).await.contains("You said no"));
    assert!(world.metric(r#"offpeak_consents{state="active"} 0"#).await);
}

#[tokio::test]
async fn an_attempt_ends_after_ten_minutes() {
    let world = World::start().await;
    let mut browser = world.browser();
    let provider = browser.start("").await;
    let callback = browser.decide(&provider, 1, "allow").await;
    world.clock.by(601);
    assert!(browser.come_back(&callback).await.contains("longer than ten minutes"));
}

#[tokio::test]
async fn an_attempt_is_worth_nothing_in_another_browser_and_is_then_used_up() {
    let world = World::start().await;
    let (mut victim, mut attacker) = (world.browser(), world.browser());
    let provider = attacker.start("").await;
    let callback = attacker.decide(&provider, 2, "allow").await;
    let fresh = victim.start("").await;
    assert!(victim.come_back(&callback).await.contains("not the browser that you started in"));
    assert!(attacker.come_back(&callback).await.contains("not known here"));
    let own = victim.decide(&fresh, 1, "allow").await;
    assert!(victim.come_back(&own).await.contains("is connected"), "the victim's own attempt goes on");
}

#[tokio::test]
async fn an_answer_counts_once() {
    let world = World::start().await;
    let mut browser = world.browser();
    let provider = browser.start("").await;
    let callback = browser.decide(&provider, 1, "allow").await;
    let cookies = browser.cookies.clone();
    assert!(browser.come_back(&callback).await.contains("is connected"));
    browser.cookies = cookies;
    assert!(browser.come_back(&callback).await.contains("not known here"));
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_or_that_says_two_things_is_refused() {
    let world = World::start().await;
    let mut browser = world.browser();
    assert!(browser.come_back("/oauth/callback?code=a&state=b").await.contains("not known here"));
    assert!(browser.come_back("/oauth/callback").await.contains("not known here"));
    assert!(browser.come_back("/oauth/callback?code=a&code=b&state=c").await.contains("could not be used"));
    let provider = browser.start("").await;
    let callback = browser.decide(&provider, 1, "allow").await;
    let foreign = format!("{callback}&iss=https%3A%2F%2Fevil.example.org");
    assert!(browser.come_back(&foreign).await.contains("could not be used"));
    assert!(world.metric(r#"offpeak_consents{state="active"} 0"#).await);
}

#[tokio::test]
async fn whoever_only_looks_ahead_does_not_use_an_answer_up() {
    let world = World::start().await;
    let mut browser = world.browser();
    let provider = browser.start("").await;
    let callback = browser.decide(&provider, 1, "allow").await;
    let head = browser.request(Method::HEAD, &callback);
    assert_eq!(browser.send(head).await.status(), 405);
    assert!(browser.come_back(&callback).await.contains("is connected"));
}

#[tokio::test]
async fn a_provider_that_fails_is_named_with_its_code() {
    let world = World::start().await;
    world.emulator.add_fault(Fault::new(FaultKind::ServerErrorAfter, "/oauth/token").once());
    let mut browser = world.browser();
    let provider = browser.start("").await;
    let callback = browser.decide(&provider, 1, "allow").await;
    let page = browser.come_back(&callback).await;
    assert!(page.contains("could not connect you") && page.contains("<dt>Code</dt>"), "{page}");
    assert!(world.metric(r#"offpeak_callbacks_total{outcome="provider_error"} 1"#).await);
    // Nothing that others put into an address shows on the page.
    let mut other = world.browser();
    let page = other.read("/connect/outcome?code=Call+0800+now").await;
    assert!(page.contains("nothing to tell") && !page.contains("0800"), "{page}");
}

#[tokio::test]
async fn a_denial_that_never_comes_back_leaves_nothing() {
    let world = World::with("self_service = true", |played| played.denial = Denial::Envelope).await;
    let mut browser = world.browser();
    let provider = browser.start("").await;
    let page = location(&browser.get(&provider).await);
    let form = [("decision", "deny"), ("customer", "1")];
    let decided = browser.request(Method::POST, &format!("{}{page}", world.emulator.base_url())).form(&form);
    assert_eq!(browser.send(decided).await.status(), 403);
    assert!(world.metric(r#"offpeak_consents{state="active"} 0"#).await);
}

#[tokio::test]
async fn only_our_own_page_starts_a_consent() {
    let world = World::start().await;
    let mut browser = world.browser();
    for origin in [None, Some("null"), Some("https://evil.example.org")] {
        let mut request = browser.request(Method::POST, "/connect").form(&[("invite", "")]);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        let answer = browser.send(request).await;
        assert_eq!(answer.status(), 403, "{origin:?}");
    }
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn without_self_service_a_link_is_needed_and_a_consent_uses_it_up() {
    let world = World::with("", |_| {}).await;
    let mut stranger = world.browser();
    assert_eq!(stranger.get("/connect").await.status(), 403);
    assert_eq!(stranger.post("/connect", &[("invite", "made.up")]).await.status(), 403);
    let mut operator = world.operator().await;
    let csrf = operator.csrf("/operator").await;
    let page = operator.post("/operator/invitations", &[("csrf", &csrf), ("label", "Flat 3 <b>")]).await;
    let page = page.text().await.unwrap();
    assert!(page.contains("Flat 3 &lt;b&gt;"), "{page}");
    let invite = between(&page, "/connect?invite=", '<');
    let mut customer = world.browser();
    assert!(customer.read(&format!("/connect?invite={invite}")).await.contains(&invite));
    customer.connect(3, &invite).await;
    assert_eq!(customer.get(&format!("/connect?invite={invite}")).await.status(), 403);
    assert!(operator.read("/operator").await.contains("Flat 3 &lt;b&gt;"));
}

#[tokio::test]
async fn a_link_to_connect_again_brings_the_same_customer_back() {
    let world = World::start().await;
    let mut operator = world.operator().await;
    world.browser().connect(1, "").await;
    let list = operator.read("/operator").await;
    let id = between(&list, "/operator/customers/", '"');
    let csrf = operator.csrf(&format!("/operator/customers/{id}")).await;
    operator.post(&format!("/operator/customers/{id}/disconnect"), &[("csrf", &csrf)]).await;
    assert!(world.metric(r#"offpeak_consents{state="revoked_local"} 1"#).await);
    let page = operator.post(&format!("/operator/customers/{id}/invitation"), &[("csrf", &csrf)]).await;
    let invite = between(&page.text().await.unwrap(), "/connect?invite=", '<');
    world.clock.by(1);
    world.browser().connect(1, &invite).await;
    assert!(world.metric(r#"offpeak_consents{state="active"} 1"#).await);
    assert!(world.metric(r#"offpeak_consents{state="revoked_local"} 0"#).await);
}
