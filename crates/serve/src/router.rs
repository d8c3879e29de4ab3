//! Which path leads where.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::{get, post};
use tower_http::cors::CorsLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::failure::Failure;
use crate::routes::{assets, connect, customer, login, operator, status, token, webhook};
use crate::{Config, headers, request_id};

/// No form, webhook or request of ours is larger.
const LARGEST_BODY: usize = 64 * 1024;
/// Longer than a refresh may take.
const LONGEST: Duration = Duration::from_mins(1);

pub(crate) fn router(app: &Arc<App>, config: &Config) -> Router {
    let devices = Router::new()
        .route("/v1/customers/{id}/access-token", post(token::hand_out))
        .layer(cors(&config.serve.allowed_origins));
    let webhooks = format!("/webhooks/{}", app.provider());
    let router = Router::new()
        .route("/", get(|| async { Redirect::to("/operator") }))
        .route("/connect", get(connect::show).post(connect::start))
        .route("/connect/outcome", get(connect::outcome))
        .route(config.provider.redirect_uri.path(), get(connect::callback))
        .route("/operator", get(operator::list))
        .route("/operator/login", get(login::show).post(login::open))
        .route("/operator/logout", post(login::close))
        .route("/operator/invitations", post(operator::invite))
        .route("/operator/events", get(operator::events))
        .route("/operator/customers/{id}", get(customer::show))
        .route("/operator/customers/{id}/invitation", post(customer::invite))
        .route("/operator/customers/{id}/disconnect", post(customer::disconnect))
        .route("/operator/customers/{id}/reinstate", post(customer::reinstate))
        .route("/operator/customers/{id}/devices", post(customer::add_device))
        .route("/operator/customers/{id}/devices/{device}/revoke", post(customer::revoke_device))
        .route("/assets/style.css", get(assets::style))
        .route("/assets/icon.svg", get(assets::icon))
        .route("/healthz", get(status::health))
        .route("/metrics", get(status::metrics))
        .route(&webhooks, post(webhook::receive))
        .merge(devices)
        .fallback(|| async { Failure::Missing });
    router
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, LONGEST))
        .layer(from_fn_with_state(Arc::clone(app), headers::guard))
        .layer(from_fn(request_id::name))
        .with_state(Arc::clone(app))
}

/// Exactly the origins named, and no cookies.
fn cors(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::POST])
        .allow_headers([header::AUTHORIZATION])
}
