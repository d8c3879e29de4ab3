//! GET, carefully: within the budget, with a deadline and a size, no redirects, retries where they help.

mod answer;
mod retry;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, StatusCode, redirect, retry as protocol_retry};
use secrecy::{ExposeSecret as _, SecretString};
use tracing::debug;
use url::Url;

use crate::budget::Budget;
use crate::error::{ErrorCode, ProviderError};
pub(crate) use answer::Answer;
use answer::read_body;
use retry::{Backoff, limits_reached, retry_after};

/// Tells the time; the command line gives the real one.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How patient and how careful the client is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSettings {
    /// For one attempt as a whole, the body included.
    pub timeout: Duration,
    /// For the connection alone.
    pub connect_timeout: Duration,
    /// The most bytes of an answer, after decompression.
    pub body_limit: usize,
    /// How often a request is sent at most, the first time included.
    pub attempts: u32,
    /// The wait before the second attempt; it doubles with each further one.
    pub first_backoff: Duration,
    /// The longest wait, also where a provider asks for more.
    pub longest_wait: Duration,
    /// A proxy for all requests; the environment is not asked.
    pub proxy: Option<Url>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            body_limit: 8 << 20,
            attempts: 5,
            first_backoff: Duration::from_millis(500),
            longest_wait: Duration::from_mins(2),
            proxy: None,
        }
    }
}

/// A client for reading; share it in an `Arc`, so that connections, budget and pauses are shared too.
pub struct Http {
    client: Client,
    budget: Arc<Budget>,
    settings: HttpSettings,
    jitter: Mutex<ChaCha8Rng>,
    clock: Clock,
}

impl Http {
    /// A client with its own connections; `seed` draws the jitter of the waits.
    ///
    /// # Errors
    /// [`ProviderError::Setting`] if no attempt is allowed, or TLS or the proxy cannot be set up.
    pub fn new(
        settings: HttpSettings,
        budget: Arc<Budget>,
        seed: u64,
        clock: Clock,
    ) -> Result<Self, ProviderError> {
        if settings.attempts == 0 {
            return Err(ProviderError::setting("attempts", "0", "must be at least 1"));
        }
        let client = client(&settings).map_err(|cause| {
            ProviderError::setting(
                "http client",
                &cause.to_string(),
                "must have certificates and a usable proxy",
            )
        })?;
        let jitter = Mutex::new(ChaCha8Rng::seed_from_u64(seed));
        Ok(Self { client, budget, settings, jitter, clock })
    }

    /// What time it is.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Sends GET until there is an answer of 2xx or 3xx, or no attempt is left or would help.
    pub(crate) async fn get(
        &self,
        url: &Url,
        token: Option<&SecretString>,
        headers: &[(&'static str, &'static str)],
    ) -> Result<Answer, ProviderError> {
        let mut backoff = Backoff::new(self.settings.first_backoff, self.settings.longest_wait);
        let mut attempts = 1;
        loop {
            self.budget.acquire().await;
            let answer = self.send(url, token, headers).await?;
            debug!(status = answer.status.as_u16(), path = url.path(), id = ?answer.request_id.0, "answer");
            let wished = retry_after(&answer.headers, self.now());
            if answer.status == StatusCode::TOO_MANY_REQUESTS || answer.status.is_server_error() {
                let wait = backoff.next(wished, self.draw());
                if answer.status == StatusCode::TOO_MANY_REQUESTS {
                    // The budget is one for all workers, so all of them wait.
                    self.budget.pause(wait);
                }
                if attempts == self.settings.attempts {
                    return Err(given_up(answer, attempts, wished));
                }
                tokio::time::sleep(wait).await;
                attempts += 1;
                continue;
            }
            if let Some(wait) = limits_reached(&answer.headers, self.now()) {
                self.budget.pause(wait.min(self.settings.longest_wait));
            }
            return final_answer(answer);
        }
    }

    /// One attempt, the body read to its end.
    async fn send(
        &self,
        url: &Url,
        token: Option<&SecretString>,
        headers: &[(&'static str, &'static str)],
    ) -> Result<Answer, ProviderError> {
        let mut request = self.client.get(url.clone());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, bearer(token)?);
        }
        let response = request.send().await.map_err(|cause| transport(url, &cause))?;
        read_body(response, self.settings.body_limit, url).await
    }

    /// A number from 0 to 1.
    fn draw(&self) -> f64 {
        self.jitter.lock().unwrap_or_else(PoisonError::into_inner).random()
    }
}

fn client(settings: &HttpSettings) -> Result<Client, reqwest::Error> {
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(protocol_retry::never())
        .timeout(settings.timeout)
        .connect_timeout(settings.connect_timeout)
        .user_agent(concat!("offpeak/", env!("CARGO_PKG_VERSION")))
        .no_proxy();
    match &settings.proxy {
        Some(proxy) => builder.proxy(reqwest::Proxy::all(proxy.clone())?).build(),
        None => builder.build(),
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue, ProviderError> {
    let value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()));
    let mut value = value.map_err(|_| {
        ProviderError::setting("access token", "a token with odd characters", "must be visible ASCII")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// What is left to say of an answer that is not to be asked for again.
fn final_answer(answer: Answer) -> Result<Answer, ProviderError> {
    let request_id = answer.request_id.clone();
    match answer.status {
        status if status.is_success() || status.is_redirection() => Ok(answer),
        StatusCode::UNAUTHORIZED => Err(ProviderError::Unauthorized { request_id }),
        status => {
            let code = answer.code().unwrap_or(ErrorCode::Other("".into()));
            Err(ProviderError::Refused { code, status: status.as_u16(), request_id })
        }
    }
}

fn given_up(answer: Answer, attempts: u32, retry_after: Option<Duration>) -> ProviderError {
    let request_id = answer.request_id;
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => ProviderError::RateLimited { attempts, retry_after, request_id },
        status => ProviderError::Unavailable { status: status.as_u16(), attempts, request_id },
    }
}

/// A failed connection, told without the query of the URL.
pub(crate) fn transport(url: &Url, cause: &reqwest::Error) -> ProviderError {
    let mut text = if cause.is_timeout() { "too slow" } else { "no whole answer" }.to_owned();
    let mut source = std::error::Error::source(cause);
    // The innermost cause says what happened; those around it repeat the URL.
    while let Some(inner) = source {
        source = inner.source();
        if source.is_none() {
            text = format!("{text}: {inner}");
        }
    }
    ProviderError::Transport { host: url.host_str().unwrap_or_default().into(), cause: text.into() }
}
