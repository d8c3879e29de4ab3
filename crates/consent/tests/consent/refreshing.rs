//! What each kind of answer does to a customer.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use offpeak_consent::{ConsentState, Options, OrganisationTokens, Reason, Timing, TokenError, Tokens};
use secrecy::ExposeSecret;

use crate::support::databases::Database;
use crate::support::fake::{Fake, Fault};
use crate::support::{ahead, clock, connect, customer, options, provider, quick, tokens};

/// A customer whose access token has ended, at a fresh server.
pub(crate) async fn stale(database: &Database) -> (Fake, Tokens) {
    let fake = Fake::start().await;
    fake.expires_in("1");
    let tokens = tokens(&database.open().await, &fake.base, options());
    connect(&tokens, "c1").await;
    fake.expires_in("3600.0");
    (fake, tokens)
}

pub(crate) async fn state(tokens: &Tokens, id: &str) -> ConsentState {
    let consent = tokens.store().consent(&tokens.provider().id, &customer(id)).await.unwrap();
    consent.unwrap().state
}

/// A service that counts every token as ended: each call rotates.
pub(crate) fn rotating(like: &Tokens, fake: &Fake) -> Tokens {
    let timing = Timing { skew: Duration::from_hours(2), ..quick() };
    tokens(like.store(), &fake.base, Options { timing, ..Options::default() })
}

#[tokio::test]
async fn a_live_token_is_handed_out_again_and_an_ended_one_is_refreshed_once() {
    for database in Database::both() {
        let (fake, tokens) = stale(&database).await;
        let first = tokens.access_token(&customer("c1")).await.unwrap();
        let second = tokens.access_token(&customer("c1")).await.unwrap();
        assert_eq!(first.secret.expose_secret(), second.secret.expose_secret());
        assert_eq!(fake.lock().refreshes, 1);
        assert!(tokens.store().kept_bodies().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_hundred_rotations_in_a_row_keep_the_consent() {
    let database = Database::sqlite();
    let (fake, tokens) = stale(&database).await;
    let rotating = rotating(&tokens, &fake);
    for _ in 0..100 {
        rotating.access_token(&customer("c1")).await.unwrap();
    }
    assert_eq!(fake.rotations("c1"), 100);
}

#[tokio::test]
async fn a_hundred_callers_at_once_cause_one_refresh() {
    let database = Database::sqlite();
    let (fake, tokens) = stale(&database).await;
    let customer = customer("c1");
    let calls = (0..100).map(|_| tokens.access_token(&customer));
    let all = futures::future::join_all(calls).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(fake.lock().refreshes, 1);
}

#[tokio::test]
async fn a_caller_that_leaves_takes_no_rotation_with_it() {
    let database = Database::sqlite();
    let (fake, tokens) = stale(&database).await;
    fake.fault(Fault::Slow(Duration::from_millis(300)));
    let early = tokio::time::timeout(Duration::from_millis(100), tokens.access_token(&customer("c1"))).await;
    assert!(early.is_err(), "the caller left before the answer came");
    tokens.shutdown().await;
    assert_eq!(state(&tokens, "c1").await, ConsentState::Active);
    rotating(&tokens, &fake).access_token(&customer("c1")).await.unwrap();
    let refused = tokens.access_token(&customer("c1")).await;
    assert!(refused.is_ok() || matches!(refused, Err(TokenError::Stopped(_))));
}

#[tokio::test]
async fn after_shutdown_nothing_is_refreshed() {
    let database = Database::sqlite();
    let (fake, tokens) = stale(&database).await;
    tokens.shutdown().await;
    let refused = tokens.access_token(&customer("c1")).await;
    assert!(matches!(refused, Err(TokenError::Stopped(_))), "{refused:?}");
    assert_eq!(fake.lock().refreshes, 0);
}

#[tokio::test]
async fn an_answer_lost_before_the_rotation_is_healed_by_one_retry() {
    let database = Database::sqlite();
    let (fake, tokens) = stale(&database).await;
    fake.fault(Fault::FailBefore);
    tokens.access_token(&customer("c1")).await.unwrap();
    let rotations = fake.rotations("c1");
    assert_eq!((fake.lock().refreshes, rotations), (2, 1));
}

#[tokio::test]
async fn an_answer_lost_after_the_rotation_is_named_as_that_and_not_as_a_customer_who_left() {
    for fault in [Fault::FailAfter, Fault::Slow(Duration::from_secs(4)), Fault::CutAfter(20)] {
        let database = Database::sqlite();
        let (fake, tokens) = stale(&database).await;
        fake.fault(fault);
        let error = tokens.access_token(&customer("c1")).await.unwrap_err();
        let reason = Reason::LostRotation;
        assert_eq!(error, TokenError::NeedsConsent { customer: customer("c1"), reason }, "{fault:?}");
        assert_eq!(fake.lock().refreshes, 2, "the same token is sent once more, and once alone");
    }
}

#[tokio::test]
async fn while_the_provider_is_down_nobody_is_marked_and_each_call_sends_little() {
    let database = Database::sqlite();
    let (fake, like) = stale(&database).await;
    let ms = Arc::new(AtomicI64::new(0));
    let timing = Timing { doubt_wait: Duration::from_mins(1), ..quick() };
    let options = Options { timing, ..options() };
    let tokens = Tokens::new(like.store().clone(), provider(&fake.base), ahead(&ms), options).unwrap();
    for _ in 0..3 {
        fake.fault(Fault::FailBefore);
    }
    // What each call finds that many minutes on, and how many requests were sent by then.
    for (minutes, sent) in [(0, 2), (0, 2), (2, 3), (2, 3)] {
        ms.store(minutes * 60_000, Ordering::SeqCst);
        let error = tokens.access_token(&customer("c1")).await.unwrap_err();
        assert!(matches!(error, TokenError::InDoubt { .. }), "{error:?}");
        assert_eq!(fake.lock().refreshes, sent, "not before its time");
    }
    ms.store(6 * 60_000, Ordering::SeqCst);
    tokens.access_token(&customer("c1")).await.unwrap();
}

#[tokio::test]
async fn a_body_cut_after_its_refresh_token_loses_nothing() {
    let database = Database::sqlite();
    let (fake, tokens) = stale(&database).await;
    fake.fault(Fault::CutAfter(110));
    tokens.access_token(&customer("c1")).await.unwrap();
    rotating(&tokens, &fake).access_token(&customer("c1")).await.unwrap();
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_changes_nothing() {
    let database = Database::sqlite();
    let (_, healthy) = stale(&database).await;
    let nobody = tokens(healthy.store(), "http://127.0.0.1:9", options());
    let error = nobody.access_token(&customer("c1")).await.unwrap_err();
    assert!(matches!(error, TokenError::Unreachable(_)), "{error:?}");
    assert_eq!(state(&healthy, "c1").await, ConsentState::Active);
    healthy.access_token(&customer("c1")).await.unwrap();
}

#[tokio::test]
async fn a_limit_and_a_redirect_are_passed_on_and_change_nothing() {
    let database = Database::sqlite();
    let (fake, tokens) = stale(&database).await;
    fake.fault(Fault::Limited);
    let error = tokens.access_token(&customer("c1")).await.unwrap_err();
    assert_eq!(error, TokenError::RateLimited { retry_after_s: Some(7) });
    fake.fault(Fault::Redirect);
    let error = tokens.access_token(&customer("c1")).await.unwrap_err();
    assert!(matches!(error, TokenError::Refused { status: 307, .. }), "{error:?}");
    tokens.access_token(&customer("c1")).await.unwrap();
}

#[tokio::test]
async fn a_token_refused_by_a_reader_is_refreshed_once_and_a_fresh_one_is_not() {
    let database = Database::sqlite();
    let (fake, tokens) = stale(&database).await;
    let token = tokens.access_token(&customer("c1")).await.unwrap();
    let error = tokens.reject(&customer("c1"), &token).await.unwrap_err();
    assert_eq!(error, TokenError::StillRejected(customer("c1")));
    // Another worker's token, long replaced: the stored one is handed out.
    let mut other = token.clone();
    other.secret = "older".into();
    let same = tokens.reject(&customer("c1"), &other).await.unwrap();
    assert_eq!(same.secret.expose_secret(), token.secret.expose_secret());
    assert_eq!(fake.lock().refreshes, 1);
}

#[tokio::test]
async fn a_disconnected_customer_has_no_token_and_is_not_asked_for() {
    for database in Database::both() {
        let (fake, tokens) = stale(&database).await;
        let consents = offpeak_consent::Consents::new(&tokens);
        assert!(consents.disconnect(&customer("c1")).await.unwrap());
        let error = tokens.access_token(&customer("c1")).await.unwrap_err();
        assert_eq!(error, TokenError::Disconnected(customer("c1")));
        assert_eq!(
            tokens.access_token(&customer("c2")).await.unwrap_err(),
            TokenError::Unknown(customer("c2"))
        );
        assert_eq!(fake.lock().refreshes, 0);
    }
}

#[tokio::test]
async fn a_customer_disconnected_during_a_refresh_stays_so_and_leaves_no_answer_behind() {
    for database in Database::both() {
        let (fake, tokens) = stale(&database).await;
        fake.fault(Fault::Slow(Duration::from_millis(300)));
        let consents = offpeak_consent::Consents::new(&tokens);
        let c1 = customer("c1");
        let (refreshed, _) = tokio::join!(tokens.access_token(&c1), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            consents.disconnect(&customer("c1")).await.unwrap()
        });
        assert_eq!(refreshed.unwrap_err(), TokenError::Disconnected(customer("c1")));
        assert!(tokens.store().kept_bodies().await.unwrap().is_empty());
        assert_eq!(state(&tokens, "c1").await, ConsentState::RevokedLocal);
    }
}

#[tokio::test]
async fn an_organisation_has_one_token_for_all_and_a_new_one_when_it_is_refused() {
    let fake = Fake::start().await;
    let organisation = OrganisationTokens::new(provider(&fake.base), clock(), options()).unwrap();
    let (a, b) = (organisation.access_token().await.unwrap(), organisation.access_token().await.unwrap());
    assert_eq!(a.secret.expose_secret(), b.secret.expose_secret());
    let c = organisation.reject(&a).await.unwrap();
    assert_ne!(a.secret.expose_secret(), c.secret.expose_secret());
    assert_eq!(fake.lock().probes, 2);
}
