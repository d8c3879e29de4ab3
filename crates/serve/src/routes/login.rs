//! The operator signs in and out.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Form;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;

use crate::app::App;
use crate::cookies::OPERATOR;
use crate::failure::Failure;
use crate::session::{HOURS, Operator};
use crate::{origin, pages};

#[derive(Deserialize)]
pub(crate) struct Login {
    secret: SecretString,
}

#[derive(Deserialize)]
pub(crate) struct Logout {
    csrf: String,
}

pub(crate) async fn show() -> Response {
    pages::login(StatusCode::OK, false)
}

pub(crate) async fn open(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(login): Form<Login>,
) -> Result<Response, Failure> {
    if !origin::is_own(&headers, &app.origin) {
        return Err(Failure::Forged);
    }
    if !app.limits.login(peer.ip()) {
        app.metrics.login("too_often");
        return Err(Failure::TooOften);
    }
    if !app.is_operator(&login.secret) {
        app.metrics.login("refused");
        app.store.audit(app.now(), "browser", "operator.refused", None, "").await?;
        return Ok(pages::login(StatusCode::UNAUTHORIZED, true));
    }
    app.store.audit(app.now(), "operator", "operator.signed_in", None, "").await?;
    app.metrics.login("signed_in");
    let cookie = app.sessions.open(app.now())?;
    let seconds = u32::try_from(HOURS * 3600).unwrap_or_default();
    let cookie = app.cookies.set(OPERATOR, &cookie, seconds, "Strict");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/operator")).into_response())
}

pub(crate) async fn close(
    State(app): State<Arc<App>>,
    operator: Operator,
    headers: HeaderMap,
    Form(form): Form<Logout>,
) -> Result<Response, Failure> {
    operator.check(&form.csrf)?;
    if let Some(cookie) = app.cookies.get(&headers, OPERATOR) {
        app.sessions.close(&cookie);
    }
    let cookie = app.cookies.clear(OPERATOR, "Strict");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/operator/login")).into_response())
}
