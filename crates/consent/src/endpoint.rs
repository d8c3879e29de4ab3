//! One request to a provider's token endpoint: what was sent, and whether its answer is certain.
//!
//! `oauth2` forms the requests; the answer is taken before it can parse it, since its errors carry the body.

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::{
    AsyncHttpClient, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    Scope, TokenUrl,
};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Response, Url};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::answer::{error_code, plain_word};
use crate::provider::is_loopback;
use crate::{ConfigError, ProviderConfig};

const LARGEST_BODY: usize = 64 * 1024;
const LONGEST_WAIT_S: u64 = 3600;

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A 2xx answer, perhaps cut.
pub(crate) struct Answer {
    pub(crate) body: Zeroizing<Vec<u8>>,
    pub(crate) request_id: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nothing was sent.
    Unsent(String),
    /// Something was sent; what became of it is unknown.
    Lost(String),
    /// The provider said no.
    Refused(Refusal),
}

/// A definite no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after_s: Option<u64>,
}

/// A provider's token endpoint and how to reach it.
pub(crate) struct Endpoint {
    pub(crate) config: ProviderConfig,
    http: reqwest::Client,
    oauth: Client,
}

impl Endpoint {
    pub(crate) fn new(config: ProviderConfig, timeout: Duration) -> Result<Self, ConfigError> {
        let config = config.checked()?;
        let http = http_client(&config, timeout)?;
        let oauth = BasicClient::new(ClientId::new(config.client_id.clone()))
            .set_client_secret(ClientSecret::new(config.client_secret.expose_secret().to_owned()))
            .set_auth_uri(AuthUrl::from_url(config.authorize_url.clone()))
            .set_token_uri(TokenUrl::from_url(config.token_url.clone()))
            .set_redirect_uri(RedirectUrl::from_url(config.redirect_uri.clone()));
        Ok(Self { config, http, oauth })
    }

    /// Where to send the browser, and the verifier that belongs to it.
    pub(crate) fn authorize_url(&self, state: &SecretString) -> (Url, SecretString) {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = CsrfToken::new(state.expose_secret().to_owned());
        let request = self.oauth.authorize_url(|| state).set_pkce_challenge(challenge);
        let scopes = self.config.scope.split_whitespace().map(|scope| Scope::new(scope.to_owned()));
        let (url, _) = request.add_scopes(scopes).url();
        (url, SecretString::from(verifier.into_secret()))
    }

    pub(crate) async fn exchange(
        &self,
        code: &SecretString,
        verifier: &SecretString,
    ) -> Result<Answer, Failure> {
        let verifier = PkceCodeVerifier::new(verifier.expose_secret().to_owned());
        let code = AuthorizationCode::new(code.expose_secret().to_owned());
        let call = Call::new(&self.http);
        let _ = self.oauth.exchange_code(code).set_pkce_verifier(verifier).request_async(&call).await;
        call.outcome()
    }

    pub(crate) async fn refresh(&self, token: &SecretString) -> Result<Answer, Failure> {
        let token = RefreshToken::new(token.expose_secret().to_owned());
        let call = Call::new(&self.http);
        let _ = self.oauth.exchange_refresh_token(&token).request_async(&call).await;
        call.outcome()
    }

    /// A token of our own client.
    pub(crate) async fn client_credentials(&self) -> Result<Answer, Failure> {
        let call = Call::new(&self.http);
        let scopes = self.config.scope.split_whitespace().map(|scope| Scope::new(scope.to_owned()));
        let _ = self.oauth.exchange_client_credentials().add_scopes(scopes).request_async(&call).await;
        call.outcome()
    }
}

fn http_client(config: &ProviderConfig, timeout: Duration) -> Result<reqwest::Client, ConfigError> {
    let bad = |cause: &dyn std::fmt::Display| ConfigError::Http(cause.to_string());
    let mut headers = HeaderMap::new();
    if let Some((name, value)) = &config.version_header {
        let name = name.parse::<HeaderName>().map_err(|cause| bad(&cause))?;
        headers.insert(name, value.parse::<HeaderValue>().map_err(|cause| bad(&cause))?);
    }
    reqwest::Client::builder()
        .default_headers(headers)
        .user_agent(concat!("offpeak/", env!("CARGO_PKG_VERSION")))
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .https_only(!is_loopback(&config.token_url))
        // A kept connection that the server closes just as a request goes out leaves that request in doubt.
        .pool_max_idle_per_host(0)
        .http1_only()
        .no_proxy()
        .referer(false)
        .build()
        .map_err(|cause| bad(&cause.without_url()))
}

/// Sends one request and keeps its outcome from `oauth2`.
struct Call<'a> {
    http: &'a reqwest::Client,
    outcome: Mutex<Option<Result<Answer, Failure>>>,
}

/// All that `oauth2` learns.
#[derive(Debug, Error)]
#[error("the answer was taken")]
struct Taken;

impl<'a> Call<'a> {
    fn new(http: &'a reqwest::Client) -> Self {
        Self { http, outcome: Mutex::new(None) }
    }

    fn outcome(self) -> Result<Answer, Failure> {
        let outcome = self.outcome.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        outcome.unwrap_or_else(|| Err(Failure::Unsent("the request could not be formed".to_owned())))
    }
}

impl<'c> AsyncHttpClient<'c> for Call<'_> {
    type Error = Taken;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Taken>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let outcome = send(self.http, request).await;
            *self.outcome.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(outcome);
            Err(Taken)
        })
    }
}

async fn send(http: &reqwest::Client, mut request: HttpRequest) -> Result<Answer, Failure> {
    if let Some(basic) = request.headers_mut().get_mut(AUTHORIZATION) {
        basic.set_sensitive(true);
    }
    let request = reqwest::Request::try_from(request).map_err(|cause| unsent(&cause.without_url()))?;
    let response = http.execute(request).await.map_err(|cause| {
        let nothing_sent = cause.is_connect() || cause.is_builder();
        let cause = cause.without_url();
        if nothing_sent { unsent(&cause) } else { Failure::Lost(chain(&cause)) }
    })?;
    let status = response.status();
    let header = |name: &str| response.headers().get(name)?.to_str().ok().map(str::to_owned);
    let request_id = header("x-request-id").or_else(|| header("request-id"));
    let retry_after_s = header(RETRY_AFTER.as_str()).and_then(|text| text.trim().parse::<u64>().ok());
    let body = capped_body(response).await;
    if status.is_success() {
        let request_id = request_id.as_deref().and_then(plain_word);
        return if body.is_empty() {
            Err(Failure::Lost("empty answer".to_owned()))
        } else {
            Ok(Answer { body, request_id })
        };
    }
    let (code, inner_id) = error_code(&body);
    if status.is_server_error() || status.as_u16() == 408 {
        // It may have rotated the token before it failed.
        return Err(Failure::Lost(format!("status {}", status.as_u16())));
    }
    Err(Failure::Refused(Refusal {
        status: status.as_u16(),
        code: code.unwrap_or_else(|| format!("HTTP_{}", status.as_u16())),
        request_id: inner_id.or_else(|| request_id.as_deref().and_then(plain_word)),
        retry_after_s: retry_after_s.map(|seconds| seconds.min(LONGEST_WAIT_S)),
    }))
}

/// What came of the body until it ended, broke off or grew too large: even a part may hold the tokens.
async fn capped_body(mut response: Response) -> Zeroizing<Vec<u8>> {
    let mut body = Zeroizing::new(Vec::with_capacity(LARGEST_BODY));
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = LARGEST_BODY - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == LARGEST_BODY {
            break;
        }
    }
    body
}

fn unsent(cause: &reqwest::Error) -> Failure {
    Failure::Unsent(chain(cause))
}

/// An error and its causes in one line.
fn chain(cause: &dyn std::error::Error) -> String {
    let mut text = cause.to_string();
    let mut next = cause.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
