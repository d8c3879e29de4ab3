//! What the provider says of itself (RFC 8414).

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;
use serde_json::json;

use crate::http::answer::json_body;
use crate::state::State;

pub(crate) async fn metadata(Shared(state): Shared<Arc<State>>) -> Response {
    let base = &state.base_url;
    json_body(&json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/oauth/authorize"),
        "token_endpoint": format!("{base}/oauth/token"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "code_challenge_methods_supported": ["S256", "plain"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "scopes_supported": ["read:*", "write:*"],
    }))
}
