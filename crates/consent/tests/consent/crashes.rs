//! `kill -9` at every step of a refresh, on both engines, and at any moment.

use std::time::Duration;

use futures::future::join_all;
use offpeak_consent::{Options, Reason, Step, Timing, TokenError, Tokens};

use crate::support::databases::Database;
use crate::support::fake::{Fake, Fault};
use crate::support::{child, connect, customer, options, quick, tokens};

/// A fleet of customers whose tokens have ended, named `c0`, `c1` and so on.
async fn fleet(database: &Database, count: usize) -> (Fake, Tokens, Vec<String>) {
    let fake = Fake::start().await;
    fake.expires_in("1");
    // A storm is tested elsewhere: here many are lost on purpose.
    let tokens = tokens(&database.open().await, &fake.base, Options { storm: 100_000, ..options() });
    let ids: Vec<String> = (0..count).map(|index| format!("c{index}")).collect();
    for id in &ids {
        connect(&tokens, id).await;
    }
    fake.expires_in("3600");
    (fake, tokens, ids)
}

/// Whether the customer can be refreshed from what is stored now.
async fn refreshable(fake: &Fake, like: &Tokens, id: &str) -> Result<(), TokenError> {
    let timing = Timing { skew: Duration::from_hours(2), ..quick() };
    let rotating = tokens(like.store(), &fake.base, Options { timing, storm: 100_000, ..options() });
    rotating.access_token(&customer(id)).await.map(drop)
}

async fn killed_at_every_step(database: Database, rounds: usize) {
    let (fake, tokens, ids) = fleet(&database, rounds * Step::ALL.len()).await;
    let steps: Vec<(Step, &String)> = Step::ALL.into_iter().cycle().zip(&ids).collect();
    for (step, id) in &steps {
        let (place, base, id, step) = (database.place.clone(), fake.base.clone(), (*id).clone(), *step);
        let run = move || child::output(child::spawn(&place, &base, &id, Some(step)));
        let output = tokio::task::spawn_blocking(run).await.unwrap();
        assert!(!output.contains("canary"), "the child was to die before it had a token: {output}");
    }
    let before: Vec<usize> = ids.iter().map(|id| fake.rotations(id)).collect();
    let recovered = join_all(ids.iter().map(|id| {
        let (tokens, customer) = (tokens.clone(), customer(id));
        async move { tokens.access_token(&customer).await }
    }))
    .await;
    for (((step, id), recovered), before) in steps.iter().zip(recovered).zip(before) {
        let place = format!("{step:?} {id}");
        match step {
            Step::Started | Step::Leased | Step::Sending => {
                assert_eq!(before, 0, "{place}: nothing was sent");
                assert!(recovered.is_ok(), "{place}: {recovered:?}");
            }
            Step::Answered => {
                assert_eq!(before, 1, "{place}");
                let (customer, reason) = (customer(id), Reason::LostRotation);
                assert_eq!(recovered.unwrap_err(), TokenError::NeedsConsent { customer, reason }, "{place}");
                continue;
            }
            Step::Kept | Step::Settled => {
                assert_eq!((before, fake.rotations(id)), (1, 1), "{place}: a restart repeats no rotation");
                assert!(recovered.is_ok(), "{place}: {recovered:?}");
            }
        }
        assert_eq!(refreshable(&fake, &tokens, id).await, Ok(()), "{place}: the consent was lost");
    }
    assert!(tokens.store().kept_bodies().await.unwrap().is_empty(), "every kept answer was used");
}

/// Kills children at any moment. A consent may be lost only if the server had rotated and the answer died with the child.
async fn killed_at_any_moment(database: Database, rounds: usize) {
    let (fake, tokens, ids) = fleet(&database, rounds).await;
    for (round, id) in ids.iter().enumerate() {
        if round % 2 == 0 {
            fake.fault(Fault::Slow(Duration::from_millis(20)));
        }
        let mut child = child::spawn(&database.place, &fake.base, id, None);
        tokio::time::sleep(Duration::from_millis(5 + (round as u64 * 7) % 140)).await;
        let _ = child.kill();
        tokio::task::spawn_blocking(move || child::output(child)).await.unwrap();
        fake.lock().faults.clear();
    }
    let before: Vec<usize> = ids.iter().map(|id| fake.rotations(id)).collect();
    let recovered = join_all(ids.iter().map(|id| {
        let (tokens, customer) = (tokens.clone(), customer(id));
        async move { tokens.access_token(&customer).await }
    }))
    .await;
    let mut lost = 0;
    for ((id, recovered), before) in ids.iter().zip(recovered).zip(before) {
        match recovered {
            Ok(_) => assert_eq!(refreshable(&fake, &tokens, id).await, Ok(()), "{id}: the consent was lost"),
            Err(TokenError::NeedsConsent { reason: Reason::LostRotation, .. }) => {
                assert_eq!(before, 1, "{id}: lost without a rotation");
                lost += 1;
            }
            Err(other) => panic!("{id}: {other:?}"),
        }
    }
    println!("killed at any moment: {rounds} runs, {lost} answers died with their process");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_at_any_step_loses_a_consent_only_with_the_answer_itself_sqlite() {
    killed_at_every_step(Database::sqlite(), 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_at_any_step_loses_a_consent_only_with_the_answer_itself_postgres() {
    killed_at_every_step(Database::postgres(), 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_at_any_moment_loses_a_consent_only_with_the_answer_itself() {
    for database in Database::both() {
        killed_at_any_moment(database, 20).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "some minutes: hundreds of killed processes on each engine"]
async fn hundreds_of_killed_processes_lose_no_consent_but_with_the_answer_itself() {
    for database in Database::both() {
        killed_at_every_step(database, 40).await;
    }
    for database in Database::both() {
        killed_at_any_moment(database, 200).await;
    }
}
