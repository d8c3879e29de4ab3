//! What holds for every answer, and what must not be in any.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::World;

#[tokio::test]
async fn every_page_keeps_to_itself() {
    let world = World::start().await;
    let mut operator = world.operator().await;
    for page in
        ["/connect", "/connect/outcome", "/operator", "/operator/events", "/operator/login", "/nothing"]
    {
        let answer = operator.get(page).await;
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let policy = header("content-security-policy").unwrap();
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "style-src 'self'"] {
            assert!(policy.contains(part), "{page}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{page}: {policy}");
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{page}");
        assert_eq!(header("x-frame-options").as_deref(), Some("DENY"), "{page}");
        assert_eq!(header("cache-control").as_deref(), Some("no-store"), "{page}");
        assert!(
            matches!(header("referrer-policy").as_deref(), Some("same-origin" | "no-referrer")),
            "{page}"
        );
        assert!(header("x-request-id").is_some_and(|id| id.len() == 16), "{page}");
        let text = answer.text().await.unwrap();
        assert!(
            !text.contains("<script") && !text.contains("style=\"") && !text.contains("src=\"http"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_request_id_of_somebody_else_is_not_taken() {
    let world = World::start().await;
    let mut browser = world.browser();
    let request = browser.request(reqwest::Method::GET, "/nothing").header("x-request-id", "evil");
    let answer = browser.send(request).await;
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_ne!(id, "evil");
    assert!(answer.text().await.unwrap().contains(&id), "the page names its request");
}

#[tokio::test]
async fn health_is_that_of_the_database() {
    let world = World::start().await;
    let mut browser = world.browser();
    assert_eq!(browser.read("/healthz").await, "ok\n");
    let text = browser.read("/metrics").await;
    assert!(text.contains("offpeak_store_up 1") && text.ends_with("# EOF\n"), "{text}");
}

#[tokio::test]
async fn whoever_never_ends_the_head_of_a_request_is_hung_up_on_and_holds_up_nobody() {
    let world = World::start().await;
    let address = world.base.strip_prefix("http://").unwrap().to_owned();
    let started = Instant::now();
    let silent = tokio::spawn(hung_up(address.clone(), ""));
    let slow = tokio::spawn(hung_up(address, "GET /healthz HTTP/1.1\r\n"));
    while started.elapsed() < Duration::from_secs(2) {
        assert_eq!(world.browser().read("/healthz").await, "ok\n");
    }
    silent.await.unwrap();
    slow.await.unwrap();
    let seconds = started.elapsed().as_secs();
    assert!((9..15).contains(&seconds), "{seconds} s");
}

/// Sends `head` and then a header letter by letter, until the service hangs up.
async fn hung_up(address: String, head: &str) {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 1024];
    loop {
        if !head.is_empty() && socket.write_all(b"x").await.is_err() {
            return;
        }
        match tokio::time::timeout(Duration::from_millis(300), socket.read(&mut answer)).await {
            Err(_) => {}
            Ok(Ok(0) | Err(_)) => return,
            Ok(Ok(_)) => assert!(answer.starts_with(b"HTTP/1.1 408") || answer.starts_with(b"HTTP/1.1 400")),
        }
    }
}
