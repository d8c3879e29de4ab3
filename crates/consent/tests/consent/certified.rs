//! The whole protocol against `oidc-provider`: consent, rotation, reuse, denial, revocation, a lost answer.

use std::time::Duration;

use offpeak_consent::{Consents, Options, OrganisationTokens, Outcome, Reason, Timing, TokenError, Tokens};
use secrecy::ExposeSecret;

use crate::support::databases::Database;
use crate::support::oidc::{Browser, Oidc};
use crate::support::{clock, customer, options, provider, quick, tokens};

/// A service whose every call rotates, since it counts every token as ended.
async fn rotating(database: &Database, oidc: &Oidc) -> Tokens {
    let timing = Timing { skew: Duration::from_hours(2), request: Duration::from_secs(2), ..quick() };
    let timing =
        Timing { lease: Duration::from_secs(8), certainly_dead: Duration::from_millis(2500), ..timing };
    tokens(&database.open().await, &oidc.base, Options { timing, ..Options::default() })
}

async fn consent(tokens: &Tokens, account: &str, agree: bool) -> Outcome {
    let consents = Consents::new(tokens);
    let redirect = consents.start(Some(customer(account)), "a test").await.unwrap();
    let query = Browser::new().consent(&redirect.url, account, agree).await;
    consents.finish(&query, Some(&redirect.cookie)).await.unwrap()
}

#[tokio::test]
async fn a_customer_consents_and_is_refreshed_again_and_again() {
    let oidc = Oidc::start();
    for database in Database::both() {
        let tokens = rotating(&database, &oidc).await;
        let outcome = consent(&tokens, "cus_1", true).await;
        assert_eq!(outcome, Outcome::Connected { customer: customer("cus_1"), scope: Some("read:*".into()) });
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..10 {
            let token = tokens.access_token(&customer("cus_1")).await.unwrap();
            seen.insert(token.secret.expose_secret().to_owned());
        }
        assert_eq!(seen.len(), 10, "each refresh brings another token");
    }
}

#[tokio::test]
async fn a_customer_who_says_no_is_not_connected() {
    let (oidc, database) = (Oidc::start(), Database::sqlite());
    let tokens = rotating(&database, &oidc).await;
    assert_eq!(consent(&tokens, "cus_1", false).await, Outcome::Denied);
    assert_eq!(
        tokens.access_token(&customer("cus_1")).await.unwrap_err(),
        TokenError::Unknown(customer("cus_1"))
    );
}

#[tokio::test]
async fn a_code_is_good_with_its_own_verifier_alone() {
    let (oidc, database) = (Oidc::start(), Database::sqlite());
    let tokens = rotating(&database, &oidc).await;
    let consents = Consents::new(&tokens);
    let ours = consents.start(Some(customer("cus_1")), "a test").await.unwrap();
    let theirs = consents.start(Some(customer("cus_2")), "a test").await.unwrap();
    let query = Browser::new().consent(&theirs.url, "cus_2", true).await;
    // The attacker's code with the victim's state.
    let injected = query.replace(theirs.state.expose_secret(), ours.state.expose_secret());
    let outcome = consents.finish(&injected, Some(&ours.cookie)).await.unwrap();
    assert!(matches!(outcome, Outcome::ProviderError { .. }), "{outcome:?}");
    assert!(consents.list(None, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_customer_who_withdraws_is_marked_and_the_others_go_on() {
    let (oidc, database) = (Oidc::start(), Database::sqlite());
    let tokens = rotating(&database, &oidc).await;
    consent(&tokens, "cus_1", true).await;
    consent(&tokens, "cus_2", true).await;
    oidc.revoke("cus_1").await;
    let error = tokens.access_token(&customer("cus_1")).await.unwrap_err();
    assert_eq!(error, TokenError::NeedsConsent { customer: customer("cus_1"), reason: Reason::Refused });
    tokens.access_token(&customer("cus_2")).await.unwrap();
    // And is connected again by a fresh consent.
    consent(&tokens, "cus_1", true).await;
    tokens.access_token(&customer("cus_1")).await.unwrap();
}

#[tokio::test]
async fn an_answer_dropped_after_the_rotation_is_named_as_lost() {
    let (oidc, database) = (Oidc::start(), Database::sqlite());
    let tokens = rotating(&database, &oidc).await;
    consent(&tokens, "cus_1", true).await;
    oidc.drop_next_answer().await;
    let error = tokens.access_token(&customer("cus_1")).await.unwrap_err();
    assert_eq!(error, TokenError::NeedsConsent { customer: customer("cus_1"), reason: Reason::LostRotation });
}

#[tokio::test]
async fn sixty_four_callers_at_once_do_not_reuse_a_token() {
    let (oidc, database) = (Oidc::start(), Database::sqlite());
    let tokens = rotating(&database, &oidc).await;
    consent(&tokens, "cus_1", true).await;
    let c1 = customer("cus_1");
    for result in futures::future::join_all((0..64).map(|_| tokens.access_token(&c1))).await {
        result.unwrap();
    }
    // A reuse would have killed the grant.
    tokens.access_token(&c1).await.unwrap();
}

#[tokio::test]
async fn our_client_gets_a_token_of_its_own_and_a_wrong_secret_is_named() {
    let oidc = Oidc::start();
    let organisation = OrganisationTokens::new(provider(&oidc.base), clock(), options()).unwrap();
    organisation.access_token().await.unwrap();
    let mut wrong = provider(&oidc.base);
    wrong.client_secret = "wrong".into();
    let organisation = OrganisationTokens::new(wrong, clock(), options()).unwrap();
    let error = organisation.access_token().await.unwrap_err();
    assert!(matches!(error, TokenError::ClientRefused { status: 401, .. }), "{error:?}");
}

#[tokio::test]
async fn a_database_put_back_from_an_old_copy_reuses_a_token_and_the_provider_ends_the_consent() {
    let (oidc, database) = (Oidc::start(), Database::sqlite());
    let now = rotating(&database, &oidc).await;
    consent(&now, "cus_1", true).await;
    consent(&now, "cus_2", true).await;
    let copy = database.copied().await;
    now.access_token(&customer("cus_1")).await.unwrap();
    let old = rotating(&copy, &oidc).await;
    let refused = TokenError::NeedsConsent { customer: customer("cus_1"), reason: Reason::Refused };
    assert_eq!(old.access_token(&customer("cus_1")).await.unwrap_err(), refused);
    assert_eq!(
        now.access_token(&customer("cus_1")).await.unwrap_err(),
        refused,
        "the reuse ended the new one too"
    );
    old.access_token(&customer("cus_2")).await.unwrap();
}
