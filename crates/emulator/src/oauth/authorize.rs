//! `GET /oauth/authorize`, and what the customer answers on the page that it leads to.

use std::sync::Arc;

use axum::extract::{RawQuery, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::consent_page::page;
use super::grants::CodeRequest;
use crate::config::{Client, Denial};
use crate::http::answer::{Answer, Failure};
use crate::http::params::Params;
use crate::state::State;

/// What an application asks for, checked.
pub(crate) struct Request {
    client: u32,
    pub(crate) client_id: String,
    redirect_uri: String,
    state: Option<String>,
    challenge: Option<(bool, String)>,
}

/// Leads to the consent page, or straight back where somebody always consents.
pub(crate) async fn authorize(
    Shared(state): Shared<Arc<State>>,
    RawQuery(query): RawQuery,
    params: Params,
) -> Answer {
    let request = Request::of(&params, &state)?;
    match state.config.auto_consent {
        Some(customer) => Ok(request.allowed(customer, &state)),
        None => redirect(StatusCode::FOUND, &format!("/__consent?{}", query.unwrap_or_default())),
    }
}

/// The page; it holds the same parameters, so nothing need be remembered until the customer answers.
pub(crate) async fn show(
    Shared(state): Shared<Arc<State>>,
    RawQuery(query): RawQuery,
    params: Params,
) -> Answer {
    let request = Request::of(&params, &state)?;
    Ok(page(&request, &query.unwrap_or_default(), state.customers))
}

/// The answer: `decision` and `customer` of the form.
pub(crate) async fn decide(
    Shared(state): Shared<Arc<State>>,
    params: Params,
    body: axum::body::Bytes,
) -> Answer {
    let request = Request::of(&params, &state)?;
    let form = Params::read(&body);
    if form.get("decision") != Some("allow") {
        return request.denied(&state);
    }
    let number = form.get("customer").and_then(|text| text.parse().ok());
    let number = number.filter(|number| (1..=state.customers).contains(number));
    let wrong =
        || Failure::invalid("invalid_value", "customer", &format!("must be 1 to {}", state.customers));
    Ok(request.allowed(number.ok_or_else(wrong)?, &state))
}

impl Request {
    fn of(params: &Params, state: &State) -> Result<Self, Failure> {
        let needed =
            |name: &str| params.get(name).ok_or_else(|| Failure::invalid("invalid_type", name, "Required"));
        let (id, uri) = (needed("client_id")?, needed("redirect_uri")?);
        let unknown = || Failure::invalid("invalid_value", "client_id", "is not registered");
        let (client, registered) = state.client(id).ok_or_else(unknown)?;
        if !is_registered(registered, uri) {
            return Err(Failure::invalid("invalid_value", "redirect_uri", "is not registered"));
        }
        if needed("response_type")? != "code" {
            return Err(Failure::invalid("invalid_value", "response_type", "must be code"));
        }
        if params.get("flow_type").is_some_and(|kind| !matches!(kind, "login" | "signup")) {
            return Err(Failure::invalid("invalid_value", "flow_type", "must be login or signup"));
        }
        Ok(Self {
            client,
            client_id: id.to_owned(),
            redirect_uri: uri.to_owned(),
            state: params.get("state").map(str::to_owned),
            challenge: challenge(params)?,
        })
    }

    /// Back with a code.
    fn allowed(&self, customer: u32, state: &State) -> Response {
        let request = CodeRequest {
            client: self.client,
            customer,
            redirect_uri: self.redirect_uri.clone(),
            challenge: self.challenge.clone(),
        };
        let code = state.grants.code(request, state.now().timestamp());
        self.back(&[("code", &code)])
    }

    fn denied(&self, state: &State) -> Answer {
        match state.config.denial {
            Denial::Redirect => Ok(self.back(&[("error", "access_denied")])),
            Denial::Envelope => Err(Failure::forbidden("The customer denied access")),
        }
    }

    /// The origin of the redirect URI, which the page's form may lead to.
    pub(crate) fn origin(&self) -> String {
        Url::parse(&self.redirect_uri).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }

    fn back(&self, pairs: &[(&str, &str)]) -> Response {
        let state = self.state.as_deref().map(|state| ("state", state));
        let Ok(mut url) = Url::parse(&self.redirect_uri) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        url.query_pairs_mut().extend_pairs(pairs.iter().copied().chain(state));
        redirect(StatusCode::FOUND, url.as_str()).unwrap_or_else(IntoResponse::into_response)
    }
}

/// The challenge, and whether it is S256; `plain` is what RFC 7636 takes where no method is named.
fn challenge(params: &Params) -> Result<Option<(bool, String)>, Failure> {
    let is_s256 = match params.get("code_challenge_method") {
        Some("S256") => true,
        Some("plain") | None => false,
        Some(_) => {
            return Err(Failure::invalid("invalid_value", "code_challenge_method", "must be S256 or plain"));
        }
    };
    Ok(params.get("code_challenge").map(|challenge| (is_s256, challenge.to_owned())))
}

/// A registered URI itself, or a path below it.
fn is_registered(client: &Client, uri: &str) -> bool {
    let below = |base: &String| {
        uri.strip_prefix(base.as_str()).is_some_and(|rest| rest.starts_with('/') || rest.is_empty())
    };
    Url::parse(uri).is_ok_and(|url| url.fragment().is_none()) && client.redirect_uris.iter().any(below)
}

fn redirect(status: StatusCode, to: &str) -> Answer {
    let place = HeaderValue::from_str(to)
        .map_err(|_| Failure::invalid("invalid_format", "state", "must be ASCII"))?;
    Ok((status, [(header::LOCATION, place)]).into_response())
}
