//! Which path is answered by whom.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, patch, post};

use super::unplayed::write;
use super::{
    common, grid_fee_reductions, invoices, load_forecasts, meter_readings, organisation, subscriptions,
};
use crate::admin::handlers as admin;
use crate::fault::strike;
use crate::oauth::{authorize, metadata, token};
use crate::state::State;

/// Most bytes of a request.
const LARGEST_REQUEST: usize = 1 << 20;

/// The provider's 33 operations, its metadata and consent page, and the steering paths, on which no fault strikes.
pub(crate) fn router(state: &Arc<State>) -> Router {
    Router::new()
        .merge(resources())
        .merge(oauth())
        .layer(from_fn_with_state(state.clone(), strike))
        .merge(steering())
        .fallback(common::not_found)
        .method_not_allowed_fallback(common::no_method)
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(from_fn_with_state(state.clone(), common::dress))
        .with_state(state.clone())
}

fn resources() -> Router<Arc<State>> {
    Router::new()
        .route("/subscriptions", get(subscriptions::list).post(write))
        .route("/subscriptions/{id}", get(subscriptions::one).patch(write))
        .route("/subscriptions/{id}/terminate", post(write))
        .route("/subscriptions/{id}/prices", get(subscriptions::prices))
        .route("/subscriptions/{id}/usage", get(subscriptions::usage))
        .route("/invoices", get(invoices::list))
        .route("/invoices/{id}", get(invoices::one))
        .route("/invoices/{id}/file", get(invoices::file))
        .route("/grid-fee-reductions", get(grid_fee_reductions::list).post(write))
        .route("/grid-fee-reductions/{id}", get(grid_fee_reductions::one))
        .route("/meter-readings", get(meter_readings::list).post(write))
        .route("/load-forecasts", post(load_forecasts::create))
        .route("/plans", get(organisation::plans))
        .route("/plans/{id}", get(organisation::one_plan))
        .route("/plans/{id}/quote", get(organisation::quote))
        .route("/leads", get(organisation::empty).post(write))
        .route("/leads/{id}", get(organisation::none))
        .route("/customers", get(organisation::customers))
        .route("/customers/{id}", patch(write).get(organisation::one_customer))
        .route("/meter-orders", get(organisation::empty).post(write))
        .route("/meter-orders/{id}", get(organisation::none))
        .route("/market-partners", get(organisation::market_partners))
        .route("/events/{id}", get(organisation::event))
        .route("/admin/magic_link", post(write))
}

fn oauth() -> Router<Arc<State>> {
    Router::new()
        .route("/.well-known/oauth-authorization-server", get(metadata::metadata))
        .route("/oauth/authorize", get(authorize::authorize))
        .route("/oauth/token", post(token::token))
        .route("/__consent", get(authorize::show).post(authorize::decide))
        .route("/__storage/{name}", get(invoices::storage))
}

fn steering() -> Router<Arc<State>> {
    Router::new()
        .route("/__stats", get(admin::stats).delete(admin::reset_stats))
        .route("/__fault", delete(admin::clear_faults))
        .route("/__fault/{kind}", post(admin::add_fault))
        .route("/__clock", get(admin::clock).post(admin::set_clock))
        .route("/__grants", post(admin::grants))
        .route("/__revoke", post(admin::revoke))
        .route("/__subscriptions/{id}/status", post(admin::set_status))
        .route("/__webhook", post(admin::webhook))
}
