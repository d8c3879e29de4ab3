//! A process or a database that is held up at the worst moment.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use offpeak_consent::{ConfigError, Consents, Gate, Options, Step, Timing, TokenError, Tokens};
use secrecy::ExposeSecret;

use crate::refreshing::{rotating, stale};
use crate::support::databases::{Database, Place};
use crate::support::fake::Fault;
use crate::support::{ahead, clock, connect, customer, options, provider, quick};

#[tokio::test]
async fn a_process_that_was_held_up_past_its_lease_sends_nothing_and_takes_a_new_one() {
    let database = Database::sqlite();
    let (fake, like) = stale(&database).await;
    let (ms, leases) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicUsize::new(0)));
    let (jump, counted) = (Arc::clone(&ms), Arc::clone(&leases));
    let on_step = Arc::new(move |step| {
        if step == Step::Leased && counted.fetch_add(1, Ordering::SeqCst) == 0 {
            jump.store(3_500, Ordering::SeqCst);
        }
    });
    let options = Options { on_step: Some(on_step), ..options() };
    let tokens = Tokens::new(like.store().clone(), provider(&fake.base), ahead(&ms), options).unwrap();
    tokens.access_token(&customer("c1")).await.unwrap();
    assert_eq!((leases.load(Ordering::SeqCst), fake.lock().refreshes), (2, 1));
}

#[tokio::test]
async fn each_refresh_waits_for_the_budget_before_it_takes_a_lease() {
    let database = Database::sqlite();
    let (fake, like) = stale(&database).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (asked, stepped) = (Arc::clone(&seen), Arc::clone(&seen));
    let gate: Gate = Arc::new(move || {
        asked.lock().unwrap().push("budget".to_owned());
        // Longer than the lease.
        tokio::time::sleep(Duration::from_secs(6)).boxed()
    });
    let on_step = Arc::new(move |step: Step| stepped.lock().unwrap().push(format!("{step:?}")));
    let options = Options { before_refresh: Some(gate), on_step: Some(on_step), ..options() };
    let tokens = Tokens::new(like.store().clone(), provider(&fake.base), clock(), options).unwrap();
    tokens.access_token(&customer("c1")).await.unwrap();
    tokens.access_token(&customer("c1")).await.unwrap();
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen, ["budget", "Started", "Leased", "Sending", "Answered", "Kept", "Settled"]);
}

#[tokio::test]
async fn a_host_whose_clock_is_not_the_databases_refreshes_nothing() {
    let database = Database::postgres();
    let (fake, like) = stale(&database).await;
    for off in [-5_000, 5_000] {
        let clock = ahead(&Arc::new(AtomicI64::new(off)));
        let tokens = Tokens::new(like.store().clone(), provider(&fake.base), clock, options()).unwrap();
        let error = tokens.access_token(&customer("c1")).await.unwrap_err();
        assert!(error.to_string().starts_with("clock: differs from the database's by"), "{error}");
    }
    assert_eq!(fake.lock().refreshes, 0);
    like.access_token(&customer("c1")).await.unwrap();
}

#[tokio::test]
async fn times_that_let_two_processes_use_one_token_are_refused() {
    let database = Database::sqlite();
    let store = database.open().await;
    let short = Duration::from_millis(700);
    for timing in [
        Timing { lease: short, ..quick() },
        Timing { certainly_dead: short, ..quick() },
        Timing { poll: Duration::ZERO, ..quick() },
    ] {
        let options = Options { timing, ..options() };
        let refused = Tokens::new(store.clone(), provider("http://127.0.0.1:1"), clock(), options);
        assert!(matches!(refused.unwrap_err(), ConfigError::Timing { .. }), "{timing:?}");
    }
    Tokens::new(store, provider("http://127.0.0.1:1"), clock(), Options::default()).unwrap();
}

/// What makes a database refuse to keep answers and tokens, and what ends that.
fn refusal(place: &Place) -> (Vec<&'static str>, Vec<&'static str>) {
    match place {
        Place::Sqlite(_) => (
            vec![
                "CREATE TRIGGER no_body BEFORE INSERT ON token_bodies BEGIN SELECT RAISE(ABORT, 'full'); END",
                "CREATE TRIGGER no_token BEFORE UPDATE ON consents WHEN NEW.version > OLD.version \
                 BEGIN SELECT RAISE(ABORT, 'full'); END",
            ],
            vec!["DROP TRIGGER no_body", "DROP TRIGGER no_token"],
        ),
        Place::Postgres(_) => (
            vec![
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$",
                "CREATE TRIGGER no_body BEFORE INSERT ON token_bodies FOR EACH ROW EXECUTE FUNCTION full_disk()",
                "CREATE TRIGGER no_token BEFORE UPDATE ON consents FOR EACH ROW WHEN (NEW.version > OLD.version) \
                 EXECUTE FUNCTION full_disk()",
            ],
            vec!["DROP TRIGGER no_body ON token_bodies", "DROP TRIGGER no_token ON consents"],
        ),
    }
}

#[tokio::test]
async fn a_database_that_refuses_to_write_for_a_while_after_the_answer_loses_nothing() {
    for database in Database::both() {
        let (fake, tokens) = stale(&database).await;
        let (refuse, relent) = refusal(&database.place);
        for statement in refuse {
            database.place.behind(statement).await;
        }
        let c1 = customer("c1");
        let (token, ()) = tokio::join!(tokens.access_token(&c1), async {
            tokio::time::sleep(Duration::from_millis(400)).await;
            for statement in relent {
                database.place.behind(statement).await;
            }
        });
        let again = tokens.access_token(&c1).await.unwrap();
        assert_eq!(token.unwrap().secret.expose_secret(), again.secret.expose_secret());
        assert_eq!(fake.lock().refreshes, 1);
        rotating(&tokens, &fake).access_token(&c1).await.unwrap();
    }
}

#[tokio::test]
async fn a_customer_who_consents_again_during_a_refresh_has_the_new_tokens_and_the_late_ones_are_set_aside() {
    for database in Database::both() {
        let (fake, tokens) = stale(&database).await;
        fake.fault(Fault::Slow(Duration::from_millis(400)));
        let c1 = customer("c1");
        let (token, _) = tokio::join!(tokens.access_token(&c1), async {
            tokio::time::sleep(Duration::from_millis(150)).await;
            connect(&tokens, "c1").await
        });
        let stored = tokens.access_token(&c1).await.unwrap();
        assert_eq!(token.unwrap().secret.expose_secret(), stored.secret.expose_secret());
        let kept = tokens.store().kept_bodies().await.unwrap();
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert_eq!(kept[0].orphaned_for.as_deref(), Some("late"));
    }
}

#[tokio::test]
async fn an_answer_that_came_for_a_disconnected_customer_and_outlived_its_process_is_deleted() {
    for database in Database::both() {
        let (_fake, tokens) = stale(&database).await;
        let consents = Consents::new(&tokens);
        consents.disconnect(&customer("c1")).await.unwrap();
        let left = "INSERT INTO token_bodies (attempt_id, tenant, provider, customer, version, body_ct, key_id, \
                    received_at) VALUES ('a', 'home', 'nomos', 'c1', 1, 'x', 'k1', 0)";
        database.place.behind(left).await;
        assert_eq!(tokens.store().kept_bodies().await.unwrap().len(), 1);
        consents.start(None, "another").await.unwrap();
        assert!(tokens.store().kept_bodies().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_answer_without_an_access_token_keeps_the_refresh_token_for_the_next_call() {
    for database in Database::both() {
        let (fake, tokens) = stale(&database).await;
        fake.fault(Fault::NoAccessToken);
        let error = tokens.access_token(&customer("c1")).await.unwrap_err();
        assert!(matches!(error, TokenError::Refused { status: 200, .. }), "{error:?}");
        let token = tokens.access_token(&customer("c1")).await.unwrap();
        assert!(token.secret.expose_secret().starts_with("canary-at-c1"));
        assert_eq!(fake.rotations("c1"), 2);
    }
}
