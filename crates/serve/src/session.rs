//! The operator's sessions, in memory: a restart ends them all.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, TimeDelta, Utc};
use offpeak_consent::random_secret;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::cookies::OPERATOR;
use crate::failure::Failure;
use crate::origin;

pub(crate) const HOURS: i64 = 8;
const MOST: usize = 100;

/// By the hash of the cookie, so that looking one up tells nothing about another.
#[derive(Default)]
pub(crate) struct Sessions {
    open: Mutex<BTreeMap<[u8; 32], Session>>,
}

#[derive(Clone)]
struct Session {
    until: DateTime<Utc>,
    csrf: SecretString,
}

/// A request by the operator.
pub(crate) struct Operator {
    /// Stands in every form.
    pub(crate) csrf: SecretString,
}

impl Sessions {
    /// Opens one; the cookie's value.
    pub(crate) fn open(&self, now: DateTime<Utc>) -> Result<SecretString, getrandom::Error> {
        let (cookie, csrf) = (random_secret()?, random_secret()?);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| session.until > now);
        if open.len() >= MOST {
            open.clear();
        }
        open.insert(hash(&cookie), Session { until: now + TimeDelta::hours(HOURS), csrf });
        Ok(cookie)
    }

    pub(crate) fn close(&self, cookie: &SecretString) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash(cookie));
    }

    fn of(&self, cookie: &SecretString, now: DateTime<Utc>) -> Option<Session> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(&hash(cookie)).filter(|session| session.until > now).cloned()
    }
}

impl Operator {
    /// Whether a form comes from one of our pages of this very session.
    pub(crate) fn check(&self, csrf: &str) -> Result<(), Failure> {
        let same: bool = csrf.as_bytes().ct_eq(self.csrf.expose_secret().as_bytes()).into();
        if same { Ok(()) } else { Err(Failure::Forged) }
    }
}

impl FromRequestParts<Arc<App>> for Operator {
    type Rejection = Response;

    /// Whoever has no session is led to the page that opens one; a form of another site is refused.
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        if !parts.method.is_safe() && !origin::is_own(&parts.headers, &app.origin) {
            return Err(Failure::Forged.into_response());
        }
        let cookie = app.cookies.get(&parts.headers, OPERATOR);
        let session = cookie.and_then(|cookie| app.sessions.of(&cookie, app.now()));
        let session = session.ok_or_else(|| Redirect::to("/operator/login").into_response())?;
        Ok(Self { csrf: session.csrf })
    }
}

fn hash(cookie: &SecretString) -> [u8; 32] {
    Sha256::digest(cookie.expose_secret()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_after_its_hours_or_when_closed() {
        let sessions = Sessions::default();
        let now = DateTime::UNIX_EPOCH;
        let (one, other) = (sessions.open(now).unwrap(), sessions.open(now).unwrap());
        assert!(sessions.of(&one, now + TimeDelta::minutes(HOURS * 60 - 1)).is_some());
        assert!(sessions.of(&one, now + TimeDelta::hours(HOURS)).is_none());
        sessions.close(&one);
        assert!(sessions.of(&one, now).is_none() && sessions.of(&other, now).is_some());
        assert!(sessions.of(&"made up".into(), now).is_none());
    }
}
