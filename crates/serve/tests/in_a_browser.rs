//! The whole way clicked in headless Chromium: login, link, consent at the provider, and every way that it may end.

#![allow(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

#[path = "serve/support.rs"]
#[expect(dead_code, reason = "the other tests use the rest")]
mod support;

#[path = "../../consent/tests/consent/support/oidc.rs"]
#[expect(dead_code, reason = "tests of the consents themselves use the rest")]
mod oidc;

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;

use oidc::Oidc;
use support::{Ahead, OPERATOR, Told, World, free_port, started, write_config};

/// The folder of the script, with its packages installed as locked.
fn installed() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    if !folder.join("node_modules/puppeteer-core").exists() {
        let mut npm = std::process::Command::new("npm");
        let npm =
            npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder).output();
        let done = npm.expect("npm runs; hint: scripts/setup installs it");
        assert!(done.status.success(), "npm ci: {}", String::from_utf8_lossy(&done.stderr));
    }
    folder
}

/// Runs a script; what it tells at its end. With `OFFPEAK_SCREENSHOTS` pictures of every page go to that folder.
async fn clicked(script: &str, base: &str, provider: &str, clock: &Ahead) -> Value {
    #[expect(clippy::disallowed_methods, reason = "a test stands where the command line does")]
    let shots = std::env::var("OFFPEAK_SCREENSHOTS").ok();
    let mut node = Command::new("node")
        .arg(script)
        .current_dir(installed())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node runs; hint: scripts/setup installs it");
    let mut input = node.stdin.take().unwrap();
    let order = json!({ "base": base, "provider": provider, "secret": OPERATOR,
        "chromium": "/usr/bin/chromium", "shots": shots });
    input.write_all(format!("{order}\n").as_bytes()).await.unwrap();
    let mut lines = BufReader::new(node.stdout.take().unwrap()).lines();
    let mut last = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some(seconds) = line.strip_prefix("advance ") {
            clock.by(seconds.parse().unwrap());
            input.write_all(b"done\n").await.unwrap();
        }
        last = line;
    }
    assert!(node.wait().await.unwrap().success(), "{script} breaks off after: {last}");
    serde_json::from_str(&last).unwrap()
}

fn says(told: &Value, page: &str, part: &str) {
    let text = told["pages"][page]["text"].as_str().unwrap_or_else(|| panic!("no page {page}"));
    assert!(text.contains(part), "{page} lacks `{part}`: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_connect_or_learn_why_not_and_the_operator_sees_it_all() {
    let world = World::with("", |_| {}).await;
    let told = clicked("walk.mjs", &world.base, world.emulator.base_url(), &world.clock).await;
    for (page, part) in [
        ("login", "Operator’s secret"),
        ("login-wrong", "not the operator’s secret"),
        ("list-empty", "Nobody is connected yet"),
        ("invitation", "A link for Familie Grün, Hauptstraße 3"),
        ("connect", "Continue to Nomos"),
        ("connected", "Nomos is connected"),
        ("link-used", "does not work any more"),
        ("denied", "You said no"),
        ("wrong-browser", "not the browser that you started in"),
        ("unknown", "not known here"),
        ("expired", "longer than ten minutes"),
        ("list", "Haushalt 6"),
        ("found", "Familie Grün"),
        ("device", "A token for Heat pump gateway"),
        ("customer", "Heat pump gateway"),
        ("disconnected", "every token is deleted"),
        ("events", "consent.granted"),
        ("missing", "There is nothing here"),
    ] {
        says(&told, page, part);
    }
    assert_eq!(told["consentPage"], world.emulator.base_url(), "the customer decides at the provider");
    assert_eq!(told["pages"]["connected"]["path"], "/connect/outcome");
    for (page, seen) in told["pages"].as_object().unwrap() {
        let query = seen["query"].as_str().unwrap();
        assert!(!query.contains("code=") && !query.contains("state="), "{page} has a code in its address");
    }
    let consent = json!({ "name": "offpeak-consent", "httpOnly": true, "sameSite": "Lax", "path": "/" });
    assert!(told["cookies"].as_array().unwrap().contains(&consent), "{}", told["cookies"]);
    assert_eq!(told["wider"], json!([]), "pages that are wider than the window");
    assert_eq!(told["foreign"], json!([]), "requests to somebody else");
    assert_eq!(told["referrers"], json!([]), "the provider learns our addresses");
    assert_eq!(told["after"], "/operator/login");
    // What a browser says to a 401, 403 or 404 of a page that we showed on purpose is no error of the page.
    let errors = told["errors"].as_array().unwrap().iter().map(|error| error.as_str().unwrap());
    let errors: Vec<_> = errors.filter(|error| !error.starts_with("Failed to load resource")).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert!(!told["device"].as_str().unwrap().is_empty());
    world.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_agree_or_say_no_on_the_pages_of_a_certified_server() {
    let (port, folder, clock) = (free_port(), tempfile::tempdir().unwrap(), Arc::new(Ahead::default()));
    let base = format!("http://127.0.0.1:{port}");
    let oidc = Oidc::leading_to(&format!("{base}/oauth/callback"));
    let config = write_config(folder.path(), &oidc.base, port, "self_service = true");
    let server = started(&config, &clock, &Arc::new(Told::default())).await;
    let told = clicked("certified.mjs", &base, &oidc.base, &clock).await;
    assert_eq!(
        told["origins"],
        json!([oidc.base, oidc.base, oidc.base]),
        "the customer decides at the provider"
    );
    let asked = told["asked"].as_str().unwrap();
    assert!(asked.contains("read:*"), "the provider names what is asked for: {asked}");
    says(&told, "connected", "Nomos is connected");
    says(&told, "denied", "You said no");
    says(&told, "denied-login", "You said no");
    for page in ["connected", "denied", "denied-login"] {
        assert_eq!(told["pages"][page]["path"], "/connect/outcome");
        assert_eq!(told["pages"][page]["query"], "");
    }
    assert_eq!(told["referrers"], json!([]), "the provider learns our addresses");
    let store = config.store(&|_| None).await.unwrap();
    let connected = store.list(&"nomos".parse().unwrap(), None, 10).await.unwrap();
    assert_eq!(connected.len(), 1, "{connected:?}");
    assert_eq!(connected[0].scope.as_deref(), Some("read:*"));
    let done: Vec<_> = store.audited(20).await.unwrap().into_iter().map(|row| row.action).collect();
    assert_eq!(done.iter().filter(|action| *action == "consent.denied").count(), 2, "{done:?}");
    server.shutdown().await;
}
