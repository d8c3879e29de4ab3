//! Whose fault a refusal is: a customer who left is marked, our own wrong secret marks nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use offpeak_consent::{ConsentState, Options, Reason, Timing, TokenError, Tokens};

use crate::refreshing::{rotating, stale, state};
use crate::support::databases::Database;
use crate::support::fake::{Fake, Fault};
use crate::support::{ahead, clock, connect, customer, options, provider, quick, tokens};

#[tokio::test]
async fn a_customer_who_left_is_marked_and_only_with_proof_that_our_client_is_accepted() {
    let database = Database::sqlite();
    let (fake, tokens) = stale(&database).await;
    fake.revoke("c1");
    let error = tokens.access_token(&customer("c1")).await.unwrap_err();
    assert_eq!(error, TokenError::NeedsConsent { customer: customer("c1"), reason: Reason::Refused });
    assert_eq!(fake.lock().probes, 1);
    let again = tokens.access_token(&customer("c1")).await.unwrap_err();
    assert!(matches!(again, TokenError::NeedsConsent { .. }));
    assert_eq!(fake.lock().refreshes, 1, "a marked customer is not asked for again");
}

#[tokio::test]
async fn our_own_wrong_secret_marks_nobody_and_halts_the_fleet() {
    let fake = Fake::start().await;
    fake.expires_in("1");
    let database = Database::sqlite();
    let ms = Arc::new(AtomicI64::new(0));
    let timing = Timing { halt: Duration::from_mins(5), ..quick() };
    let options = Options { storm: 5, timing, ..options() };
    let tokens = Tokens::new(database.open().await, provider(&fake.base), ahead(&ms), options).unwrap();
    let ids: Vec<_> = (0..12).map(|index| format!("c{index}")).collect();
    for id in &ids {
        connect(&tokens, id).await;
    }
    fake.expires_in("3600");
    fake.accept_client(false);
    for id in &ids {
        let error = tokens.access_token(&customer(id)).await.unwrap_err();
        assert!(matches!(error, TokenError::Unconfirmed(_) | TokenError::Halted { .. }), "{error:?}");
    }
    assert_eq!(fake.lock().refreshes, 5, "after five in a row nothing is sent");
    fake.accept_client(true);
    ms.store(5 * 60_000, Ordering::SeqCst);
    for id in &ids {
        tokens.access_token(&customer(id)).await.unwrap();
    }
}

#[tokio::test]
async fn a_storm_of_refusals_takes_back_its_first_verdicts() {
    let fake = Fake::start().await;
    fake.expires_in("1");
    let database = Database::sqlite();
    let tokens = tokens(&database.open().await, &fake.base, Options { storm: 3, ..options() });
    for id in ["c1", "c2", "c3"] {
        connect(&tokens, id).await;
    }
    // Our client is accepted, so each verdict stands on proof; three in a row are too many all the same.
    for (index, id) in ["c1", "c2", "c3"].into_iter().enumerate() {
        fake.fault(Fault::Unauthorized);
        let error = tokens.access_token(&customer(id)).await.unwrap_err();
        let halted = matches!(error, TokenError::Halted { .. });
        assert_eq!(halted, index == 2, "{error:?}");
    }
    for id in ["c1", "c2", "c3"] {
        assert_eq!(state(&tokens, id).await, ConsentState::Active, "{id}");
    }
}

#[tokio::test]
async fn a_second_storm_of_the_same_customers_long_after_the_first_marks_them() {
    let fake = Fake::start().await;
    fake.expires_in("1");
    let database = Database::sqlite();
    let timing = Timing { halt: Duration::from_millis(50), ..quick() };
    let tokens = tokens(&database.open().await, &fake.base, Options { storm: 2, timing, ..options() });
    for id in ["c1", "c2", "c3"] {
        connect(&tokens, id).await;
        fake.revoke(id);
    }
    tokens.access_token(&customer("c1")).await.unwrap_err();
    let error = tokens.access_token(&customer("c2")).await.unwrap_err();
    assert!(matches!(error, TokenError::Halted { refused: 2, .. }), "{error:?}");
    tokio::time::sleep(timing.halt * 13).await;
    for id in ["c1", "c2", "c3"] {
        let error = tokens.access_token(&customer(id)).await.unwrap_err();
        assert_eq!(error, TokenError::NeedsConsent { customer: customer(id), reason: Reason::Refused });
    }
}

#[tokio::test]
async fn without_client_credentials_a_success_between_two_refusals_is_the_proof() {
    let database = Database::sqlite();
    let (fake, like) = stale(&database).await;
    let mut config = provider(&fake.base);
    config.client_credentials = false;
    let timing = Timing { skew: Duration::from_hours(2), ..quick() };
    let options = Options { timing, ..options() };
    let tokens = Tokens::new(like.store().clone(), config, clock(), options).unwrap();
    connect(&like, "c2").await;
    fake.revoke("c1");
    let unconfirmed = TokenError::Unconfirmed(customer("c1"));
    for _ in 0..2 {
        assert_eq!(tokens.access_token(&customer("c1")).await.unwrap_err(), unconfirmed);
    }
    assert_eq!(state(&tokens, "c1").await, ConsentState::Active);
    tokens.access_token(&customer("c2")).await.unwrap();
    let error = tokens.access_token(&customer("c1")).await.unwrap_err();
    assert_eq!(error, TokenError::NeedsConsent { customer: customer("c1"), reason: Reason::Refused });
    assert_eq!(fake.lock().probes, 0);
}

#[tokio::test]
async fn a_provider_that_names_our_client_as_wrong_marks_nobody_and_is_left_alone() {
    let fake = Fake::start().await;
    fake.expires_in("1");
    let database = Database::sqlite();
    let timing = Timing { halt: Duration::from_mins(5), ..quick() };
    let tokens = tokens(&database.open().await, &fake.base, Options { storm: 2, timing, ..options() });
    for id in ["c1", "c2", "c3"] {
        connect(&tokens, id).await;
        fake.fault(Fault::InvalidClient);
    }
    let error = tokens.access_token(&customer("c1")).await.unwrap_err();
    assert!(matches!(error, TokenError::ClientRefused { status: 401, .. }), "{error:?}");
    for id in ["c2", "c3"] {
        let error = tokens.access_token(&customer(id)).await.unwrap_err();
        assert!(matches!(error, TokenError::Halted { .. }), "{error:?}");
    }
    assert_eq!(fake.lock().refreshes, 2);
    assert_eq!(state(&tokens, "c1").await, ConsentState::Active);
}

#[tokio::test]
async fn a_customer_that_was_marked_in_error_goes_on_when_it_is_reinstated() {
    for database in Database::both() {
        let (fake, tokens) = stale(&database).await;
        fake.fault(Fault::Unauthorized);
        let c1 = customer("c1");
        let error = tokens.access_token(&c1).await.unwrap_err();
        assert!(matches!(error, TokenError::NeedsConsent { .. }), "{error:?}");
        assert!(tokens.store().reinstate(&tokens.provider().id, &c1).await.unwrap());
        tokens.access_token(&c1).await.unwrap();
        assert!(!tokens.store().reinstate(&tokens.provider().id, &c1).await.unwrap());
        rotating(&tokens, &fake).access_token(&c1).await.unwrap();
        let actions: Vec<_> = tokens.store().audited(10).await.unwrap();
        assert!(actions.iter().any(|row| row.action == "consent.ended" && row.detail == "refused"));
    }
}
