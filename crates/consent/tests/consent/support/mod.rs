//! What the tests share: databases, a strict token server, children that die.

pub(crate) mod child;
pub(crate) mod databases;
pub(crate) mod fake;
pub(crate) mod oidc;
pub(crate) mod postgres;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use offpeak_consent::{
    Clock, Consents, CustomerId, KeyRing, Options, Outcome, ProviderConfig, Store, Timing, Tokens,
};
use secrecy::SecretString;

/// The wall clock.
pub(crate) fn clock() -> Arc<dyn Clock> {
    #[expect(clippy::disallowed_methods, reason = "a test stands where the command line does")]
    let now = || DateTime::<Utc>::from(SystemTime::now());
    Arc::new(now)
}

/// The wall clock and so many milliseconds more.
pub(crate) fn ahead(ms: &Arc<AtomicI64>) -> Arc<dyn Clock> {
    let (ms, wall) = (Arc::clone(ms), clock());
    Arc::new(move || -> DateTime<Utc> { wall.now() + TimeDelta::milliseconds(ms.load(Ordering::SeqCst)) })
}

/// Times short enough for tests, in the same order as the real ones.
pub(crate) fn quick() -> Timing {
    Timing {
        skew: Duration::from_secs(90),
        request: Duration::from_secs(2),
        lease: Duration::from_secs(5),
        certainly_dead: Duration::from_millis(2200),
        poll: Duration::from_millis(20),
        doubt_wait: Duration::from_millis(200),
        halt: Duration::from_millis(300),
    }
}

pub(crate) fn options() -> Options {
    Options { timing: quick(), ..Options::default() }
}

pub(crate) fn keys(ids: &[(&str, u8)]) -> KeyRing {
    let key = |byte: &u8| SecretString::from(hex::encode([*byte; 32]));
    let keys: Vec<_> = ids.iter().map(|(id, byte)| ((*id).to_owned(), key(byte))).collect();
    KeyRing::new(&keys).unwrap()
}

pub(crate) fn ring() -> KeyRing {
    keys(&[("k1", 7)])
}

/// A client at a server whose endpoints are `base`/authorize and `base`/token.
pub(crate) fn provider(base: &str) -> ProviderConfig {
    ProviderConfig {
        id: "nomos".parse().unwrap(),
        authorize_url: format!("{base}/oauth/authorize").parse().unwrap(),
        token_url: format!("{base}/oauth/token").parse().unwrap(),
        client_id: "fleet".to_owned(),
        client_secret: "s3cr3t-of-fleet".into(),
        redirect_uri: "http://127.0.0.1:8099/oauth/callback".parse().unwrap(),
        scope: "read:*".to_owned(),
        version_header: Some(("x-api-version".to_owned(), "2026-05-27.curie".to_owned())),
        issuer: None,
        client_credentials: true,
    }
}

pub(crate) fn tokens(store: &Store, base: &str, options: Options) -> Tokens {
    Tokens::new(store.clone(), provider(base), clock(), options).unwrap()
}

pub(crate) fn customer(id: &str) -> CustomerId {
    id.parse().unwrap()
}

/// Connects a customer through the whole flow; the fake server takes any code `code-<family>`.
pub(crate) async fn connect(tokens: &Tokens, id: &str) -> CustomerId {
    let consents = Consents::new(tokens);
    let redirect = consents.start(Some(customer(id)), "a test").await.unwrap();
    let query = format!("code=code-{id}&state={}", secrecy::ExposeSecret::expose_secret(&redirect.state));
    let outcome = consents.finish(&query, Some(&redirect.cookie)).await.unwrap();
    assert!(matches!(outcome, Outcome::Connected { .. }), "{outcome:?}");
    redirect.customer
}
