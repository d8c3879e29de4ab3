//! The doctor finds what is wrong, and nothing wrong where all is well.

use std::path::PathBuf;

use offpeak_serve::{Finding, Health, examine};

use crate::postgres::Postgres;
use crate::support::{OPERATOR, World, owner_only};

fn file(world: &World) -> PathBuf {
    world.folder.path().join("offpeak.toml")
}

async fn examined(world: &World) -> Vec<Finding> {
    examine(&file(world), &|_| None, world.clock.clone()).await
}

fn change(world: &World, from: &str, to: &str) {
    let text = std::fs::read_to_string(file(world)).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(file(world), text.replace(from, to)).unwrap();
}

/// The findings of `about` that are not good, as lines.
fn complaints(findings: &[Finding], about: &str) -> Vec<String> {
    let wrong = findings.iter().filter(|finding| finding.about == about && finding.health != Health::Good);
    let lines = wrong.map(|finding| {
        let advice = finding.advice.as_deref().unwrap_or_else(|| panic!("no advice: {finding:?}"));
        format!("{}: {}; {advice}", finding.health, finding.found)
    });
    lines.collect()
}

#[tokio::test]
async fn all_is_well_beside_a_running_service() {
    let world = World::start().await;
    world.browser().connect(1, "").await;
    let findings = examined(&world).await;
    let bad: Vec<_> = findings.iter().filter(|finding| finding.health == Health::Bad).collect();
    assert!(bad.is_empty(), "{bad:?}");
    let looked_at: Vec<_> = findings.iter().map(|finding| finding.about).collect();
    for about in ["configuration", "secrets", "database", "key", "clock", "provider", "customers"] {
        assert!(looked_at.contains(&about), "{about}");
    }
    let has = |text: &str| findings.iter().any(|finding| finding.found.contains(text));
    assert!(
        has("journal_mode is wal")
            && has("synchronous is 2")
            && has("can be written to")
            && has("tokens of 1 customers")
            && has("1 connected")
    );
    let doubtful = complaints(&findings, "configuration");
    assert!(doubtful.len() == 1 && doubtful[0].contains("token_url"), "{doubtful:?}");
    assert!(complaints(&findings, "provider").is_empty() && complaints(&findings, "clock").is_empty());
}

#[tokio::test]
async fn a_key_that_does_not_open_is_found() {
    let world = World::start().await;
    world.browser().connect(1, "").await;
    let key = world.folder.path().join("key");
    std::fs::write(&key, "11".repeat(32)).unwrap();
    let findings = examined(&world).await;
    let wrong = complaints(&findings, "key");
    assert!(wrong.len() == 1 && wrong[0].starts_with("bad") && wrong[0].contains("[[keys]]"), "{wrong:?}");
    assert!(complaints(&findings, "database").is_empty());
}

#[tokio::test]
async fn a_clock_that_is_off_is_found() {
    let world = World::start().await;
    // The played provider's answers are dated by this machine.
    world.clock.by(-400);
    let wrong = complaints(&examined(&world).await, "clock");
    assert!(
        wrong.len() == 1 && wrong[0].contains("s behind the provider's") && wrong[0].contains("NTP"),
        "{wrong:?}"
    );
}

#[tokio::test]
async fn a_provider_that_is_away_or_elsewhere_is_found() {
    let world = World::start().await;
    change(&world, "/oauth/token\"", "/oauth/tokens\"");
    let wrong = complaints(&examined(&world).await, "provider");
    assert!(wrong.len() == 1 && wrong[0].contains("provider.token_url"), "{wrong:?}");
    let port = crate::support::free_port();
    change(&world, world.emulator.base_url(), &format!("http://127.0.0.1:{port}"));
    let wrong = complaints(&examined(&world).await, "provider");
    assert!(wrong.len() == 1 && wrong[0].contains("does not answer"), "{wrong:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn secrets_that_are_missing_or_open_to_others_are_found() {
    let world = World::start().await;
    owner_only(&world.folder.path().join("client"), 0o604);
    std::fs::remove_file(world.folder.path().join("operator")).unwrap();
    let findings = examined(&world).await;
    let wrong = complaints(&findings, "secrets");
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(
        wrong[0].contains("mode 604") && wrong[1].contains("serve.operator_secret: file operator"),
        "{wrong:?}"
    );
    assert!(!format!("{findings:?}").contains(OPERATOR));
}

#[tokio::test]
async fn settings_that_are_seldom_meant_are_found() {
    let world = World::start().await;
    change(&world, "listen = \"127.0.0.1", "listen = \"0.0.0.0");
    change(&world, "version_header", "scope = \"read:* write:*\"\nversion_header");
    let wrong = complaints(&examined(&world).await, "configuration").join("\n");
    for part in ["serve.listen", "redirect_uri", "more than reading", "everybody may connect"] {
        assert!(wrong.contains(part), "{part}: {wrong}");
    }
    std::fs::write(file(&world), "[provider").unwrap();
    let findings = examined(&world).await;
    assert!(findings.len() == 1 && findings[0].health == Health::Bad, "{findings:?}");
}

#[tokio::test]
async fn a_postgres_server_that_does_not_wait_for_its_disk_is_found() {
    let world = World::start().await;
    // The server of the tests runs without fsync.
    let url = world.folder.path().join("database");
    std::fs::write(&url, Postgres::shared().database()).unwrap();
    owner_only(&url, 0o600);
    change(&world, "sqlite = \"consents.db\"", "postgres = { file = \"database\" }");
    let findings = examined(&world).await;
    let has = |text: &str| findings.iter().any(|finding| finding.found.contains(text));
    assert!(has("tables are those of this version") && has("can be written to"), "{findings:?}");
    assert!(has("synchronous_commit is on") && has("full_page_writes is on"), "{findings:?}");
    let wrong = complaints(&findings, "database");
    assert!(wrong.len() == 1 && wrong[0].starts_with("bad: fsync is off; a power cut"), "{wrong:?}");
    assert!(!format!("{findings:?}").contains("canary-password"));
}

#[tokio::test]
async fn a_postgres_server_that_is_away_is_found() {
    let world = World::start().await;
    let url = world.folder.path().join("database");
    let port = crate::support::free_port();
    std::fs::write(&url, format!("postgres://offpeak:canary-password@127.0.0.1:{port}/x")).unwrap();
    owner_only(&url, 0o600);
    change(&world, "sqlite = \"consents.db\"", "postgres = { file = \"database\" }");
    let findings = examined(&world).await;
    let wrong = complaints(&findings, "database");
    assert!(wrong.len() == 1 && wrong[0].contains("that the server runs"), "{wrong:?}");
    assert!(!format!("{findings:?}").contains("canary-password"));
}
