//! What a store must do, the same on both engines.

use chrono::{DateTime, Utc};
use offpeak_consent::{ConsentState, KeyRing, Store, WebhookEvent};
use secrecy::ExposeSecret;

use crate::support::databases::{Database, Place};
use crate::support::fake::Fake;
use crate::support::{connect, customer, keys, options, tokens};

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

#[tokio::test]
async fn an_event_is_kept_once_listed_until_done_and_dropped_when_old() {
    for database in Database::both() {
        let store = database.open().await;
        let event = WebhookEvent { id: "evt_1".into(), received_at: at(100), body: b"{\"a\":1}".to_vec() };
        assert!(store.keep_event(&event).await.unwrap());
        let replay = WebhookEvent { body: b"other".to_vec(), ..event.clone() };
        assert!(!store.keep_event(&replay).await.unwrap());
        assert_eq!(store.open_events(10).await.unwrap(), std::slice::from_ref(&event));
        let other = store.for_tenant("away".parse().unwrap());
        assert!(other.open_events(10).await.unwrap().is_empty());
        assert!(other.keep_event(&event).await.unwrap(), "ids are another tenant's own");
        assert_eq!(store.prune_events(at(200)).await.unwrap(), 0, "what nobody has worked on stays");
        store.close_event("evt_1", at(150)).await.unwrap();
        assert!(store.open_events(10).await.unwrap().is_empty());
        assert!(!store.keep_event(&event).await.unwrap(), "a replay of a done event is still known");
        assert_eq!(store.prune_events(at(100)).await.unwrap(), 0);
        assert_eq!(store.prune_events(at(101)).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_device_is_known_by_its_token_alone_until_it_is_revoked() {
    for database in Database::both() {
        let store = database.open().await;
        let (device, token) = store.add_device(&customer("c1"), "wallbox", at(5)).await.unwrap();
        assert_eq!(store.device_of(&token).await.unwrap().as_ref(), Some(&device));
        assert_eq!(store.device_of(&"guess".into()).await.unwrap(), None);
        assert_eq!(store.for_tenant("away".parse().unwrap()).device_of(&token).await.unwrap(), None);
        assert!(!String::from_utf8_lossy(&database.bytes()).contains(token.expose_secret()));
        assert!(store.revoke_device(&device.id, at(9)).await.unwrap());
        assert!(!store.revoke_device(&device.id, at(10)).await.unwrap());
        assert_eq!(store.device_of(&token).await.unwrap(), None);
        assert_eq!(store.devices(&customer("c1")).await.unwrap()[0].revoked_at, Some(at(9)));
    }
}

#[tokio::test]
async fn what_was_done_is_listed_newest_first() {
    for database in Database::both() {
        let store = database.open().await;
        store.audit(at(1), "operator", "consent.started", Some(&customer("c1")), "x").await.unwrap();
        store.audit(at(1), "dev", "token.handed_out", None, "").await.unwrap();
        let actions: Vec<_> = store.audited(10).await.unwrap().into_iter().map(|row| row.action).collect();
        assert_eq!(actions, ["token.handed_out", "consent.started"]);
        assert_eq!(store.audited(1).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn customers_are_listed_page_by_page_and_counted_by_state() {
    for database in Database::both() {
        let fake = Fake::start().await;
        let tokens = tokens(&database.open().await, &fake.base, options());
        for index in 0..25 {
            connect(&tokens, &format!("c{index:02}")).await;
        }
        let (store, provider) = (tokens.store(), &tokens.provider().id);
        store.disconnect(provider, &customer("c07")).await.unwrap();
        let mut seen: Vec<String> = Vec::new();
        loop {
            let after = seen.last().map(|id| customer(id));
            let page = store.list(provider, after.as_ref(), 10).await.unwrap();
            if page.is_empty() {
                break;
            }
            seen.extend(page.into_iter().map(|consent| consent.customer.as_str().to_owned()));
        }
        assert_eq!(seen, (0..25).map(|index| format!("c{index:02}")).collect::<Vec<_>>());
        let connected = tokens.customers(Some(&customer("c05")), 2).await.unwrap();
        assert_eq!(connected, [customer("c06"), customer("c08")], "a disconnected customer is passed over");
        assert_eq!(tokens.customers(Some(&customer("c24")), 2).await.unwrap(), []);
        assert_eq!(tokens.count().await.unwrap(), 24);
        let counts = store.counts(provider).await.unwrap();
        assert_eq!(counts, [("active".to_owned(), 24), ("revoked_local".to_owned(), 1)]);
        assert!(store.list(&"other".parse().unwrap(), None, 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn customers_are_in_the_order_of_their_bytes_whatever_the_language_of_the_server() {
    for database in Database::both() {
        let fake = Fake::start().await;
        let tokens = tokens(&database.open().await, &fake.base, options());
        let mut ids = ["b", "B", "a_1", "a1", "a-1", "A.1", "a.1", "Z_", "10", "9"].map(str::to_owned);
        for id in &ids {
            connect(&tokens, id).await;
        }
        ids.sort_unstable();
        let listed = tokens.customers(None, 100).await.unwrap();
        assert_eq!(listed, ids.map(|id| customer(&id)));
    }
}

#[tokio::test]
async fn a_customer_who_consents_again_keeps_its_id_and_goes_on_with_the_new_tokens() {
    for database in Database::both() {
        let fake = Fake::start().await;
        let tokens = tokens(&database.open().await, &fake.base, options());
        let c1 = connect(&tokens, "c1").await;
        let old = tokens.access_token(&c1).await.unwrap();
        tokens.store().disconnect(&tokens.provider().id, &c1).await.unwrap();
        connect(&tokens, "c1").await;
        let new = tokens.access_token(&c1).await.unwrap();
        assert_ne!(old.secret.expose_secret(), new.secret.expose_secret());
        let consent = tokens.store().consent(&tokens.provider().id, &c1).await.unwrap().unwrap();
        assert_eq!(consent.state, ConsentState::Active);
        assert_eq!((consent.label.as_str(), consent.scope.as_deref()), ("a test", Some("read:*")));
        assert!(consent.version >= 3, "versions are never used twice: {}", consent.version);
    }
}

#[tokio::test]
async fn another_tenant_sees_nothing() {
    for database in Database::both() {
        let fake = Fake::start().await;
        let ours = tokens(&database.open().await, &fake.base, options());
        let c1 = connect(&ours, "c1").await;
        let theirs = tokens(&ours.store().for_tenant("away".parse().unwrap()), &fake.base, options());
        assert!(theirs.access_token(&c1).await.is_err());
        assert!(!theirs.store().disconnect(&theirs.provider().id, &c1).await.unwrap());
        ours.access_token(&c1).await.unwrap();
    }
}

#[tokio::test]
async fn tokens_swapped_between_two_rows_or_columns_do_not_open() {
    for swap in [
        "UPDATE consents SET access_ct = (SELECT access_ct FROM consents WHERE customer = 'c2') WHERE customer = 'c1'",
        "UPDATE consents SET access_ct = refresh_ct WHERE customer = 'c1'",
        "UPDATE consents SET version = version + 1 WHERE customer = 'c1'",
        "UPDATE consents SET customer = 'c3' WHERE customer = 'c2'; UPDATE consents SET customer = 'c2' \
         WHERE customer = 'c1'; UPDATE consents SET customer = 'c1' WHERE customer = 'c3'",
    ] {
        for database in Database::both() {
            if swap.contains(';') && matches!(database.place, Place::Postgres(_)) {
                continue; // One prepared statement there.
            }
            let fake = Fake::start().await;
            let tokens = tokens(&database.open().await, &fake.base, options());
            let c1 = connect(&tokens, "c1").await;
            connect(&tokens, "c2").await;
            database.place.behind(swap).await;
            let error = tokens.access_token(&c1).await.unwrap_err().to_string();
            assert!(error.contains("of c1: does not open with key k1"), "{swap}: {error}");
        }
    }
}

#[tokio::test]
async fn after_a_change_of_keys_the_old_key_opens_nothing_and_is_needed_for_nothing() {
    for database in Database::both() {
        let fake = Fake::start().await;
        let before = tokens(&database.open().await, &fake.base, options());
        for index in 0..60 {
            connect(&before, &format!("c{index}")).await;
        }
        before.store().close().await;

        let both = database.place.open(keys(&[("k2", 9), ("k1", 7)])).await;
        let resealed = both.reseal().await.unwrap();
        assert_eq!((resealed.consents, resealed.bodies), (60, 0));
        assert_eq!(both.reseal().await.unwrap().consents, 0, "a second run finds nothing to do");
        both.close().await;

        let open_with = async |ring: KeyRing| -> (Store, bool) {
            let store = database.place.open(ring).await;
            let opened = tokens(&store, &fake.base, options()).access_token(&customer("c59")).await.is_ok();
            (store, opened)
        };
        assert!(open_with(keys(&[("k2", 9)])).await.1);
        assert!(!open_with(keys(&[("k1", 7)])).await.1);
        assert!(!open_with(keys(&[("k2", 8)])).await.1, "another key under the same id");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_files_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let database = Database::sqlite();
    let Place::Sqlite(path) = &database.place else { unreachable!() };
    std::fs::write(path, "").unwrap();
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o644)).unwrap();
    let store = database.open().await;
    store.audit(at(1), "a", "b", None, "").await.unwrap();
    for file in std::fs::read_dir(path.parent().unwrap()).unwrap().flatten() {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.path());
    }
}
