//! The operator's list of customers, invitations for new ones, and what happened last.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use offpeak_consent::{Consent, ConsentState, CustomerId, random_secret};
use secrecy::ExposeSecret;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::failure::Failure;
use crate::invitation;
use crate::pages;
use crate::session::Operator;

const PAGE: usize = 25;
const BATCH: u32 = 1000;
/// How many customers one request looks through for the few that match.
const LOOK_THROUGH: usize = 20_000;
const EVENTS: u32 = 100;

#[derive(Deserialize, Default)]
pub(crate) struct Search {
    /// Part of an id or a label.
    #[serde(default)]
    pub(crate) q: String,
    /// A state by its stored name.
    #[serde(default)]
    pub(crate) state: String,
    /// The last customer of the page before.
    #[serde(default)]
    pub(crate) after: String,
}

/// Some customers that match, and where to go on.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) consents: Vec<Consent>,
    pub(crate) next: Option<CustomerId>,
}

#[derive(Deserialize)]
pub(crate) struct NewInvitation {
    csrf: String,
    #[serde(default)]
    label: String,
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    operator: Operator,
    Query(search): Query<Search>,
) -> Result<Response, Failure> {
    let found = find(&app, &search).await?;
    let counts = app.store.counts(app.provider()).await?;
    Ok(pages::list(&app.provider_name, &operator.csrf, &search, &found, &counts))
}

/// Reads on until the page is full, nobody is left, or enough were looked at.
async fn find(app: &App, search: &Search) -> Result<Found, Failure> {
    let mut found = Found { consents: Vec::new(), next: search.after.parse().ok() };
    let mut looked_at = 0;
    loop {
        let batch = app.consents.list(found.next.as_ref(), BATCH).await?;
        let is_last = batch.len() < BATCH as usize;
        for consent in batch {
            if found.consents.len() == PAGE {
                return Ok(found);
            }
            found.next = Some(consent.customer.clone());
            looked_at += 1;
            if search.matches(&consent) {
                found.consents.push(consent);
            }
        }
        if is_last {
            return Ok(Found { next: None, ..found });
        }
        if looked_at >= LOOK_THROUGH {
            return Ok(found);
        }
    }
}

impl Search {
    fn matches(&self, consent: &Consent) -> bool {
        let wanted = self.q.trim().to_lowercase();
        let state = self.state.is_empty() || self.state == state_name(consent.state);
        state
            && (consent.customer.as_str().to_lowercase().contains(&wanted)
                || consent.label.to_lowercase().contains(&wanted))
    }
}

/// A state by its stored name.
pub(crate) fn state_name(state: ConsentState) -> &'static str {
    match state {
        ConsentState::Active => "active",
        ConsentState::Refreshing => "refreshing",
        ConsentState::NeedsConsent(_) => "needs_consent",
        ConsentState::RevokedLocal => "revoked_local",
    }
}

/// A link for a customer who was never connected.
pub(crate) async fn invite(
    State(app): State<Arc<App>>,
    operator: Operator,
    Form(form): Form<NewInvitation>,
) -> Result<Response, Failure> {
    operator.check(&form.csrf)?;
    let random: [u8; 32] = Sha256::digest(random_secret()?.expose_secret()).into();
    let customer = format!("cus_{}", hex::encode(&random[..12]));
    link(&app, &customer, &form.label, 0).await
}

/// The page with a link, shown this once.
pub(crate) async fn link(
    app: &App,
    customer: &str,
    label: &str,
    granted_at: i64,
) -> Result<Response, Failure> {
    let label = invitation::label(label);
    let invite = app.invitations.make(customer, &label, granted_at, app.now());
    let id: CustomerId = customer.parse().map_err(|_| Failure::Missing)?;
    app.store.audit(app.now(), "operator", "consent.invited", Some(&id), "").await?;
    Ok(pages::invitation(&app.origin, customer, &label, &invite))
}

pub(crate) async fn events(State(app): State<Arc<App>>, operator: Operator) -> Result<Response, Failure> {
    let (rows, kept) = (app.store.audited(EVENTS).await?, app.store.kept_bodies().await?);
    Ok(pages::events(&operator.csrf, &rows, &kept))
}
