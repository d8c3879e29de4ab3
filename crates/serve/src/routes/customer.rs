//! One customer: state, a link to connect again, devices, disconnecting.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use offpeak_consent::{Consent, CustomerId};
use serde::Deserialize;

use super::operator::link;
use crate::app::App;
use crate::failure::Failure;
use crate::invitation;
use crate::pages;
use crate::session::Operator;

#[derive(Deserialize)]
pub(crate) struct Change {
    csrf: String,
    #[serde(default)]
    label: String,
}

async fn consent(app: &App, id: &str) -> Result<Consent, Failure> {
    let customer: CustomerId = id.parse().map_err(|_| Failure::Missing)?;
    app.store.consent(app.provider(), &customer).await?.ok_or(Failure::Missing)
}

fn back(id: &CustomerId) -> Response {
    Redirect::to(&format!("/operator/customers/{id}")).into_response()
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let consent = consent(&app, &id).await?;
    let devices = app.store.devices(&consent.customer).await?;
    Ok(pages::customer(&app.provider_name, &operator.csrf, &consent, &devices))
}

/// A link to connect again; good until the customer does.
pub(crate) async fn invite(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(id): Path<String>,
    Form(form): Form<Change>,
) -> Result<Response, Failure> {
    operator.check(&form.csrf)?;
    let consent = consent(&app, &id).await?;
    link(&app, consent.customer.as_str(), &consent.label, consent.granted_at.timestamp_millis()).await
}

pub(crate) async fn disconnect(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(id): Path<String>,
    Form(form): Form<Change>,
) -> Result<Response, Failure> {
    operator.check(&form.csrf)?;
    let consent = consent(&app, &id).await?;
    app.consents.disconnect(&consent.customer).await?;
    Ok(back(&consent.customer))
}

/// Takes the verdict back that a customer must consent anew.
pub(crate) async fn reinstate(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(id): Path<String>,
    Form(form): Form<Change>,
) -> Result<Response, Failure> {
    operator.check(&form.csrf)?;
    let customer = consent(&app, &id).await?.customer;
    if app.store.reinstate(app.provider(), &customer).await? {
        app.store.audit(app.now(), "operator", "consent.reinstated", Some(&customer), "").await?;
    }
    Ok(back(&customer))
}

pub(crate) async fn add_device(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(id): Path<String>,
    Form(form): Form<Change>,
) -> Result<Response, Failure> {
    operator.check(&form.csrf)?;
    let customer = consent(&app, &id).await?.customer;
    let label = invitation::label(&form.label);
    let (device, token) = app.store.add_device(&customer, &label, app.now()).await?;
    app.store.audit(app.now(), "operator", "device.added", Some(&customer), &device.id).await?;
    Ok(pages::device(&app.origin, &device, &token))
}

pub(crate) async fn revoke_device(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path((id, device)): Path<(String, String)>,
    Form(form): Form<Change>,
) -> Result<Response, Failure> {
    operator.check(&form.csrf)?;
    let customer = consent(&app, &id).await?.customer;
    let is_theirs = app.store.devices(&customer).await?.iter().any(|known| known.id == device);
    if !is_theirs {
        return Err(Failure::Missing);
    }
    app.store.revoke_device(&device, app.now()).await?;
    app.store.audit(app.now(), "operator", "device.revoked", Some(&customer), &device).await?;
    Ok(back(&customer))
}
