//! A customer connects: the page before, the way to the provider, the way back, the page after.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Form;
use axum::extract::{ConnectInfo, Query, RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use offpeak_consent::CustomerId;
use serde::Deserialize;

use crate::app::App;
use crate::cookies::{CONSENT, OUTCOME};
use crate::failure::Failure;
use crate::pages::{self, Told};
use crate::{invitation::Invitation, origin};

const CONSENT_S: u32 = 600;
const OUTCOME_S: u32 = 300;

#[derive(Deserialize)]
pub(crate) struct Invite {
    #[serde(default)]
    invite: String,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Query(query): Query<Invite>,
) -> Result<Response, Failure> {
    invited(&app, &query.invite).await?;
    Ok(pages::connect(&app.name, &app.provider_name, &query.invite))
}

/// Only a form of our own page starts a consent: a link elsewhere cannot make a browser start one.
pub(crate) async fn start(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(form): Form<Invite>,
) -> Result<Response, Failure> {
    if !origin::is_own(&headers, &app.origin) {
        return Err(Failure::Forged);
    }
    if !app.limits.start(peer.ip()) {
        return Err(Failure::TooOften);
    }
    let started = match invited(&app, &form.invite).await? {
        Some((customer, invitation)) => app.consents.start(Some(customer), &invitation.label).await?,
        None => app.consents.start(None, "came by themselves").await?,
    };
    let cookie = app.cookies.set(CONSENT, &started.cookie, CONSENT_S, "Lax");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(started.url.as_str())).into_response())
}

/// Redeems what the browser brings, then leads it to a page whose address holds no code.
pub(crate) async fn callback(
    State(app): State<Arc<App>>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    // Whoever only looks ahead would use the state up.
    if method != Method::GET {
        return Ok(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    let cookie = app.cookies.get(&headers, CONSENT);
    let outcome = app.consents.finish(&query.unwrap_or_default(), cookie.as_ref()).await?;
    let told = Told::of(&outcome);
    app.metrics.callback(told.name());
    let outcome = app.cookies.set(OUTCOME, &told.cookie(), OUTCOME_S, "Lax");
    let mut response = Redirect::to("/connect/outcome").into_response();
    let set = response.headers_mut();
    set.append(header::SET_COOKIE, outcome);
    // Another browser's callback leaves this one's own consent alone.
    if told.is_over() {
        set.append(header::SET_COOKIE, app.cookies.clear(CONSENT, "Lax"));
    }
    Ok(response)
}

pub(crate) async fn outcome(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let told = app.cookies.get(&headers, OUTCOME).and_then(|cookie| Told::read(&cookie));
    pages::outcome(&app.name, &app.provider_name, told.as_ref(), app.self_service)
}

/// Whom an invitation is for; none without one, where customers may come by themselves.
async fn invited(app: &App, invite: &str) -> Result<Option<(CustomerId, Invitation)>, Failure> {
    if invite.is_empty() {
        return if app.self_service { Ok(None) } else { Err(Failure::Invitation) };
    }
    let invitation = app.invitations.read(invite, app.now()).ok_or(Failure::Invitation)?;
    let customer: CustomerId = invitation.customer.parse().map_err(|_| Failure::Invitation)?;
    let consent = app.store.consent(app.provider(), &customer).await?;
    let granted_at = consent.map_or(0, |consent| consent.granted_at.timestamp_millis());
    if granted_at == invitation.granted_at {
        Ok(Some((customer, invitation)))
    } else {
        Err(Failure::Invitation)
    }
}
