//! Who asks.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::answer::Failure;
use crate::oauth::grants::Bearer;
use crate::state::State;
use crate::world::customer::Subscription;

impl FromRequestParts<Arc<State>> for Bearer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<State>) -> Result<Self, Failure> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
        });
        let token = token.ok_or_else(|| Failure::unauthorized("Missing bearer token"))?;
        let bearer = state.grants.bearer(token, state.now().timestamp());
        let bearer = bearer
            .map_err(|refused| Failure::unauthorized(format!("Invalid token: {}", refused.reason())))?;
        state.limit(bearer.client)?;
        Ok(bearer)
    }
}

impl Bearer {
    /// Whether a customer's things may be seen.
    pub(crate) fn sees(&self, customer: u32) -> bool {
        self.customer.is_none_or(|own| own == customer)
    }

    /// The subscription of an id, where it may be seen; one of somebody else is as good as none.
    pub(crate) fn subscription(&self, id: &str, state: &State) -> Result<Subscription, Failure> {
        Subscription::of(id, state.customers)
            .filter(|one| self.sees(one.customer))
            .ok_or_else(Failure::not_found)
    }

    /// Refuses customers: this is for the organisation.
    pub(crate) fn organisation(&self) -> Result<(), Failure> {
        match self.customer {
            None => Ok(()),
            Some(_) => Err(Failure::forbidden("A customer's token reads that customer's supply only")),
        }
    }

    /// Refuses whoever may not write.
    pub(crate) fn writer(&self) -> Result<(), Failure> {
        if self.may_write { Ok(()) } else { Err(Failure::forbidden("The token has no scope write:*")) }
    }
}
