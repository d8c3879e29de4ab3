//! Many writes at once: each is answered for itself, whoever's commit it was in.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::join_all;
use offpeak_consent::ConsentState;

use crate::support::databases::Database;
use crate::support::fake::Fake;
use crate::support::{connect, customer, options, tokens};

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(43_200, 0).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writes_at_once_one_that_breaks_a_rule_fails_alone() {
    for database in Database::both() {
        let store = database.open().await;
        database.place.behind("CREATE UNIQUE INDEX once ON audit (detail)").await;
        let wrote = join_all((0..300).map(|index| {
            let store = store.clone();
            // Ten of them twice.
            let detail = format!("{}", if index < 290 { index } else { index - 290 });
            tokio::spawn(async move { store.audit(noon(), "a", "b", None, &detail).await })
        }))
        .await;
        let failed: Vec<_> = wrote.into_iter().filter_map(|one| one.unwrap().err()).collect();
        assert_eq!(failed.len(), 10, "{failed:?}");
        assert!(failed.iter().all(|error| error.to_string().contains("audit")), "{failed:?}");
        assert_eq!(store.audited(1000).await.unwrap().len(), 290);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_that_nobody_waits_for_any_more_take_none_of_the_others_with_them() {
    for database in Database::both() {
        let store = database.open().await;
        let writes = (0..200).map(|index| {
            let store = store.clone();
            async move {
                let detail = index.to_string();
                let write = store.audit(noon(), "a", "b", None, &detail);
                if index % 2 == 1 {
                    return write.await.is_ok();
                }
                // Leaves as soon as the write is under way.
                tokio::time::timeout(Duration::from_micros(10), write).await.is_ok()
            }
        });
        let written = join_all(writes).await;
        assert!(written.iter().skip(1).step_by(2).all(|written| *written));
        let found = store.audited(1000).await.unwrap().len();
        assert!((100..=200).contains(&found), "{found}");
        store.audit(noon(), "a", "b", None, "one more").await.unwrap();
    }
}

#[tokio::test]
async fn a_consent_that_two_browsers_bring_at_once_holds_the_tokens_of_one() {
    for database in Database::both() {
        let fake = Fake::start().await;
        let tokens = tokens(&database.open().await, &fake.base, options());
        join_all((0..8).map(|_| connect(&tokens, "c1"))).await;
        let consent = tokens.store().consent(&tokens.provider().id, &customer("c1")).await.unwrap().unwrap();
        assert_eq!((consent.version, consent.state), (8, ConsentState::Active), "each was written");
        assert!(tokens.store().kept_bodies().await.unwrap().is_empty());
        tokens.access_token(&customer("c1")).await.unwrap();
    }
}
