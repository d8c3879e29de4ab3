//! Everything at TRACE, in a process of its own: a subscriber is for a whole process.

#![allow(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

#[path = "serve/support.rs"]
#[expect(dead_code, reason = "the other tests use the rest")]
mod support;

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

use support::{CLIENT, KEY, OPERATOR, WEBHOOK, World, between};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Captured {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Everything at TRACE while a customer connects, a device asks, a token is refreshed, and things go wrong.
#[test]
fn no_secret_reaches_a_log_a_page_of_the_operator_or_the_metrics() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(captured.clone())
        .with_ansi(false)
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (secrets, pages) = runtime.block_on(walk());
    let log = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    for expected in ["/oauth/callback", "INSERT INTO device_tokens", "request_id"] {
        assert!(log.contains(expected), "{} bytes of log lack {expected}", log.len());
    }
    for (what, secret) in secrets {
        assert!(secret.len() >= 12, "{what} is too short to look for: {secret}");
        assert!(!log.contains(&secret), "the log holds {what}");
        assert!(!pages.contains(&secret), "a page holds {what}");
    }
}

async fn walk() -> (Vec<(&'static str, String)>, String) {
    let world = World::start().await;
    let (mut browser, mut operator) = (world.browser(), world.operator().await);
    let provider = browser.start("").await;
    let callback = browser.decide(&provider, 1, "allow").await;
    let cookie = browser.cookies["offpeak-consent"].clone();
    browser.come_back(&callback).await;
    let mut pages = operator.read("/operator").await;
    let id = between(&pages, "/operator/customers/", '"');
    let csrf = operator.csrf("/operator").await;
    let form = [("csrf", csrf.as_str()), ("label", "box")];
    let page = operator.post(&format!("/operator/customers/{id}/devices"), &form).await.text().await.unwrap();
    let device = between(&page, r#"aria-label="Device token">"#, '<');
    let mut secrets = vec![
        ("the client secret", CLIENT.to_owned()),
        ("the operator's secret", OPERATOR.to_owned()),
        ("the webhook key", WEBHOOK.to_owned()),
        ("the sealing key", KEY.to_owned()),
        ("the state", between(&format!("{callback}&"), "state=", '&')),
        ("the code", between(&format!("{callback}&"), "code=", '&')),
        ("the browser's cookie", cookie),
        ("the operator's session", operator.cookies["offpeak-operator"].clone()),
        ("the device token", device.clone()),
    ];
    for _ in 0..2 {
        let ask = operator.request(reqwest::Method::POST, &format!("/v1/customers/{id}/access-token"));
        let answer: serde_json::Value = operator.send(ask.bearer_auth(&device)).await.json().await.unwrap();
        secrets.push(("an access token", answer["access_token"].as_str().unwrap().to_owned()));
        world.clock.by(3600);
    }
    browser.get("/oauth/callback?code=planted-code-123456&state=planted-state-123456").await;
    secrets.push(("a code of nobody", "planted-code-123456".to_owned()));
    secrets.push(("a state of nobody", "planted-state-123456".to_owned()));
    for page in ["/operator", "/operator/events", &format!("/operator/customers/{id}"), "/metrics"] {
        pages.push_str(&operator.read(page).await);
    }
    world.server.shutdown().await;
    (secrets, pages)
}
