//! Planted secrets are looked for wherever they could leak: logs at their loudest, errors, `Debug`, the database.

use std::fmt::Write as _;
use std::io::Write;
use std::process::Command;
use std::sync::{Arc, Mutex};

use offpeak_consent::{Consents, KeyRing, OrganisationTokens, Reason, Store, TokenError};
use secrecy::ExposeSecret;

use crate::support::databases::{Database, Place};
use crate::support::fake::{Fake, Fault};
use crate::support::{clock, connect, customer, options, provider, ring, tokens};

/// Everything that was logged.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_secret_reaches_a_log_an_error_a_debug_print_or_the_database() {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "secrets::traced", "--ignored", "--nocapture", "--test-threads=1"]);
    let done = child.output().unwrap();
    let output =
        format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{output}");
    assert!(!output.contains("canary") && !output.contains("s3cr3t-of-fleet"), "{output}");
}

#[test]
#[ignore = "run by another test, in a process of its own, since it sets the process's log"]
fn traced() {
    let captured = Captured::default();
    let writer = captured.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::level_filters::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut printed = String::new();
    let mut secrets = vec!["canary".to_owned(), "s3cr3t-of-fleet".to_owned(), hex::encode([7_u8; 32])];
    for database in Database::both() {
        runtime.block_on(every_way(&database, &mut printed, &mut secrets));
    }
    let log = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("TRACE") && log.contains("refreshed"), "the log was captured");
    for secret in secrets {
        assert!(!log.contains(&secret), "{}", line_with(&log, &secret));
        assert!(!printed.contains(&secret), "{}", line_with(&printed, &secret));
    }
}

fn line_with<'a>(text: &'a str, secret: &str) -> &'a str {
    text.lines().find(|line| line.contains(secret)).unwrap_or_default()
}

/// Each way a refresh or a consent can go, printing all that can be printed.
async fn every_way(database: &Database, printed: &mut String, secrets: &mut Vec<String>) {
    let fake = Fake::start().await;
    fake.expires_in("1");
    let tokens = tokens(&database.open().await, &fake.base, options());
    let consents = Consents::new(&tokens);
    for id in ["c1", "c2", "c3", "c4"] {
        connect(&tokens, id).await;
    }
    let redirect = consents.start(None, "a test").await.unwrap();
    secrets.extend([redirect.state.expose_secret().to_owned(), redirect.cookie.expose_secret().to_owned()]);
    let query = format!("code=canary-code&state={}", redirect.state.expose_secret());
    let outcome = consents.finish(&query, Some(&redirect.cookie)).await;
    let _ = writeln!(
        printed,
        "{redirect:?} {outcome:?} {consents:?} {tokens:?} {:?} {:?}",
        ring(),
        tokens.provider()
    );
    let (ok, faults) = (
        tokens.access_token(&customer("c1")).await,
        [Fault::CutAfter(20), Fault::FailBefore, Fault::Limited],
    );
    let _ = writeln!(printed, "{ok:?}");
    fake.fault(Fault::CutAfter(60));
    let lost = tokens.access_token(&customer("c2")).await.unwrap_err();
    assert_eq!(lost, TokenError::NeedsConsent { customer: customer("c2"), reason: Reason::LostRotation });
    fake.revoke("c3");
    for fault in faults {
        fake.fault(fault);
        let failed = tokens.access_token(&customer("c3")).await;
        let _ = writeln!(printed, "{lost} {lost:?} {failed:?}");
    }
    fake.expires_in("\"canary\"");
    let _ = writeln!(printed, "{:?}", tokens.access_token(&customer("c4")).await);
    let organisation = OrganisationTokens::new(provider(&fake.base), clock(), options()).unwrap();
    let _ = writeln!(printed, "{:?} {organisation:?}", organisation.access_token().await);
    if let Place::Postgres(url) = &database.place {
        let nowhere = url.replace("/test", "/missing").into();
        let nowhere = Store::postgres(&nowhere, "home".parse().unwrap(), ring()).await;
        let _ = writeln!(printed, "{nowhere:?}");
        assert!(nowhere.is_err());
    }
    let wrong =
        database.place.open(KeyRing::new(&[("k1".into(), hex::encode([8; 32]).into())]).unwrap()).await;
    let error = crate::support::tokens(&wrong, &fake.base, options()).access_token(&customer("c1")).await;
    let _ = writeln!(printed, "{error:?} {wrong:?} {:?}", tokens.store().kept_bodies().await);
    let bytes = database.bytes();
    let held = String::from_utf8_lossy(&bytes);
    for secret in secrets.iter() {
        assert!(!held.contains(secret.as_str()), "the database holds {secret}");
        assert!(!held.contains(&hex::encode(secret)), "the database holds {secret} in hex");
    }
}
