//! The operator's pages, and those who are not the operator.

use reqwest::Method;
use reqwest::header::ORIGIN;

use crate::support::{World, between, location};

#[tokio::test]
async fn without_a_session_every_page_leads_to_the_login() {
    let world = World::start().await;
    let mut browser = world.browser();
    browser.cookies.insert("offpeak-operator".to_owned(), "made-up".to_owned());
    for page in ["/operator", "/operator/events", "/operator/customers/cus_1"] {
        assert_eq!(location(&browser.get(page).await), "/operator/login", "{page}");
    }
    for form in ["/operator/invitations", "/operator/customers/cus_1/disconnect", "/operator/logout"] {
        assert_eq!(location(&browser.post(form, &[("csrf", "x")]).await), "/operator/login", "{form}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_guessing_is_slowed_down() {
    let world = World::start().await;
    // All at once: one after another a slow machine gives the allowance time to grow again.
    let guesses = (0..20).map(|guess| {
        let mut browser = world.browser();
        async move {
            let answer = browser.post("/operator/login", &[("secret", &format!("guess-{guess}"))]).await;
            assert!(browser.cookies.is_empty());
            answer.status().as_u16()
        }
    });
    let answers = futures::future::join_all(guesses).await;
    assert!(answers.iter().filter(|status| **status == 401).count() >= 5, "{answers:?}");
    assert!(
        answers.contains(&429) && answers.iter().all(|status| matches!(status, 401 | 429)),
        "{answers:?}"
    );
}

#[tokio::test]
async fn a_session_ends_by_itself_and_by_signing_out() {
    let world = World::start().await;
    let mut one = world.operator().await;
    let mut other = world.operator().await;
    let csrf = one.csrf("/operator").await;
    let cookies = one.cookies.clone();
    assert_eq!(location(&one.post("/operator/logout", &[("csrf", &csrf)]).await), "/operator/login");
    one.cookies = cookies;
    assert_eq!(location(&one.get("/operator").await), "/operator/login", "the cookie still opens the page");
    other.read("/operator").await;
    world.clock.by(8 * 3600);
    assert_eq!(location(&other.get("/operator").await), "/operator/login");
}

#[tokio::test]
async fn a_form_from_elsewhere_or_of_another_session_changes_nothing() {
    let world = World::start().await;
    world.browser().connect(1, "").await;
    let (mut operator, mut other) = (world.operator().await, world.operator().await);
    let id = between(&operator.read("/operator").await, "/operator/customers/", '"');
    let to = format!("/operator/customers/{id}/disconnect");
    let csrf = operator.csrf("/operator").await;
    let theirs = other.csrf("/operator").await;
    for wrong in ["", "x", theirs.as_str()] {
        assert_eq!(operator.post(&to, &[("csrf", wrong)]).await.status(), 403, "{wrong}");
    }
    for origin in ["https://evil.example.org", "null"] {
        let form = operator.request(Method::POST, &to).header(ORIGIN, origin).form(&[("csrf", &csrf)]);
        assert_eq!(operator.send(form).await.status(), 403, "{origin}");
    }
    let bare = operator.request(Method::POST, &to).form(&[("csrf", &csrf)]);
    assert_eq!(operator.send(bare).await.status(), 403);
    assert_eq!(operator.get(&to).await.status(), 405, "a link disconnects");
    assert!(world.metric(r#"offpeak_consents{state="active"} 1"#).await);
    assert_eq!(operator.post(&to, &[("csrf", &csrf)]).await.status(), 303);
    assert!(world.metric(r#"offpeak_consents{state="revoked_local"} 1"#).await);
}

#[tokio::test]
async fn customers_are_listed_by_pages_and_found_by_part_of_their_name() {
    let world = World::start().await;
    let mut operator = world.operator().await;
    let csrf = operator.csrf("/operator").await;
    for number in 1..=3_u32 {
        let label = format!("House {number}");
        let page = operator.post("/operator/invitations", &[("csrf", &csrf), ("label", &label)]).await;
        let invite = between(&page.text().await.unwrap(), "/connect?invite=", '<');
        world.browser().connect(number, &invite).await;
    }
    // As many starts as one address may make at once stand in the way of more.
    for number in 4..=17 {
        world.browser().connect(number % 9 + 1, "").await;
    }
    let rows = |page: &str| page.matches("<tr><td").count();
    let page = operator.read("/operator").await;
    assert_eq!(rows(&page), 17);
    let page = operator.read("/operator?q=hOUSE+2").await;
    assert!(rows(&page) == 1 && page.contains("House 2"), "{page}");
    assert_eq!(rows(&operator.read("/operator?state=active").await), 17);
    let none = operator.read("/operator?state=needs_consent&q=%22%3E%3Cscript%3E").await;
    assert!(
        rows(&none) == 0 && none.contains("Nobody among these") && !none.contains("\"><script>"),
        "{none}"
    );
}

#[tokio::test]
async fn the_operator_sees_who_must_connect_again_and_why() {
    let world = World::start().await;
    world.browser().connect(1, "").await;
    let mut operator = world.operator().await;
    let id = between(&operator.read("/operator").await, "/operator/customers/", '"');
    let csrf = operator.csrf(&format!("/operator/customers/{id}")).await;
    let to = format!("/operator/customers/{id}/devices");
    let page = operator.post(&to, &[("csrf", &csrf), ("label", "box")]).await;
    let token = between(&page.text().await.unwrap(), r#"aria-label="Device token">"#, '<');
    assert_eq!(world.emulator.revoke(1), 1);
    world.clock.by(3600);
    let ask = operator.request(Method::POST, &format!("/v1/customers/{id}/access-token")).bearer_auth(token);
    let answer = operator.send(ask).await;
    assert_eq!(answer.status(), 409);
    assert!(answer.text().await.unwrap().contains("NEEDS_CONSENT"));
    let page = operator.read("/operator?state=needs_consent").await;
    assert!(page.contains("refuses the refresh token") && page.contains(&id), "{page}");
    assert!(world.metric(r#"offpeak_consents{state="needs_consent"} 1"#).await);
    // The verdict can be taken back while the tokens are there.
    operator.post(&format!("/operator/customers/{id}/reinstate"), &[("csrf", &csrf)]).await;
    assert!(world.metric(r#"offpeak_consents{state="active"} 1"#).await);
    let events = operator.read("/operator/events").await;
    for event in ["consent.granted", "device.added", "consent.reinstated", "operator.signed_in"] {
        assert!(events.contains(event), "{event}: {events}");
    }
}
