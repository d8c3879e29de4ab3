//! A strict token server: rotates on every use, and a token used twice kills its family. Answers in Nomos' envelope.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt;

/// What the next refreshes do instead of answering; each is used once.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Rotates, then cuts the answer after so many bytes.
    CutAfter(usize),
    /// Rotates, then answers 503.
    FailAfter,
    /// Answers 503 without rotating.
    FailBefore,
    /// Answers 429 with `Retry-After: 7`.
    Limited,
    /// Rotates, then waits so long with the answer.
    Slow(Duration),
    /// Answers 401 without looking at the token.
    Unauthorized,
    /// Redirects.
    Redirect,
    /// Names our client as wrong in the words of RFC 6749, without looking at the token.
    InvalidClient,
    /// Rotates, then answers without an access token.
    NoAccessToken,
}

#[derive(Default)]
pub(crate) struct Inner {
    /// Refresh token -> family, the current ones alone.
    current: HashMap<String, String>,
    /// Refresh token -> family, those that were used.
    used: HashMap<String, String>,
    /// Families that can never be refreshed again.
    pub(crate) dead: Vec<String>,
    /// Families in the order of their successful refreshes.
    pub(crate) rotated: Vec<String>,
    /// Refresh requests that arrived, refused ones too.
    pub(crate) refreshes: usize,
    /// Requests for a token of the client itself.
    pub(crate) probes: usize,
    pub(crate) faults: VecDeque<Fault>,
    expires_in: String,
    /// The secret that is accepted.
    secret: String,
    serial: u64,
}

#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) base: String,
    inner: Arc<Mutex<Inner>>,
}

impl Fake {
    pub(crate) async fn start() -> Self {
        let inner =
            Inner { expires_in: "3600.0".into(), secret: "s3cr3t-of-fleet".into(), ..Inner::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { base, inner: Arc::new(Mutex::new(inner)) };
        let app = Router::new().route("/oauth/token", post(token)).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        fake
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// What stands for `expires_in` in the next answers.
    pub(crate) fn expires_in(&self, text: &str) {
        text.clone_into(&mut self.lock().expires_in);
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.lock().faults.push_back(fault);
    }

    /// From now on our client's secret is wrong, or right again.
    pub(crate) fn accept_client(&self, accepted: bool) {
        let secret = if accepted { "s3cr3t-of-fleet" } else { "another" };
        secret.clone_into(&mut self.lock().secret);
    }

    /// The customer withdraws the consent.
    pub(crate) fn revoke(&self, family: &str) {
        self.lock().dead.push(family.to_owned());
    }

    pub(crate) fn rotations(&self, family: &str) -> usize {
        self.lock().rotated.iter().filter(|rotated| *rotated == family).count()
    }
}

impl Inner {
    fn issue(&mut self, family: &str) -> String {
        self.serial += 1;
        let refresh = format!("canary-rt-{family}-{}", self.serial);
        self.current.insert(refresh.clone(), family.to_owned());
        format!(
            r#"{{"access_token":"canary-at-{family}-{}","token_type":"Bearer","expires_in":{},"refresh_token":"{refresh}","scope":"read:*"}}"#,
            self.serial, self.expires_in
        )
    }

    fn rotate(&mut self, refresh: &str) -> Option<String> {
        if let Some(family) = self.used.get(refresh).cloned() {
            self.dead.push(family);
            return None;
        }
        let family = self.current.remove(refresh)?;
        if self.dead.contains(&family) {
            return None;
        }
        self.used.insert(refresh.to_owned(), family.clone());
        self.rotated.push(family.clone());
        Some(self.issue(&family))
    }
}

async fn token(
    State(fake): State<Fake>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let field = |name: &str| form.get(name).cloned().unwrap_or_default();
    let (answer, fault) = {
        let mut inner = fake.lock();
        let basic = format!("Basic {}", STANDARD.encode(format!("fleet:{}", inner.secret)));
        let known = headers.get(header::AUTHORIZATION).is_some_and(|given| *given == *basic);
        let grant = field("grant_type");
        inner.refreshes += usize::from(grant == "refresh_token");
        inner.probes += usize::from(grant == "client_credentials");
        match grant.as_str() {
            _ if !known => (None, None),
            "authorization_code" => {
                (field("code").strip_prefix("code-").map(|family| inner.issue(family)), None)
            }
            "client_credentials" => (Some(inner.issue("organisation")), None),
            _ => {
                let fault = inner.faults.pop_front();
                let untouched = matches!(
                    fault,
                    Some(
                        Fault::FailBefore
                            | Fault::Limited
                            | Fault::Unauthorized
                            | Fault::Redirect
                            | Fault::InvalidClient
                    )
                );
                (if untouched { None } else { inner.rotate(&field("refresh_token")) }, fault)
            }
        }
    };
    respond(answer, fault).await
}

async fn respond(answer: Option<String>, fault: Option<Fault>) -> Response {
    match (fault, answer) {
        (Some(Fault::FailBefore | Fault::FailAfter), _) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        (Some(Fault::Limited), _) => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")]).into_response(),
        (Some(Fault::Redirect), _) => {
            (StatusCode::TEMPORARY_REDIRECT, [("location", "http://127.0.0.1:1/steal")]).into_response()
        }
        (Some(Fault::CutAfter(bytes)), Some(answer)) => cut(&answer, bytes),
        (Some(Fault::InvalidClient), _) => {
            (StatusCode::UNAUTHORIZED, r#"{"error":"invalid_client"}"#).into_response()
        }
        (Some(Fault::NoAccessToken), Some(answer)) => {
            answer.replace("access_token", "something_else").into_response()
        }
        (fault, Some(answer)) => {
            if let Some(Fault::Slow(wait)) = fault {
                tokio::time::sleep(wait).await;
            }
            ([(header::CONTENT_TYPE, "application/json")], answer).into_response()
        }
        _ => unauthorized(),
    }
}

/// An answer that says how long it is and breaks off before.
fn cut(answer: &str, bytes: usize) -> Response {
    let part = Bytes::copy_from_slice(&answer.as_bytes()[..bytes.min(answer.len())]);
    // What was sent shall arrive before the connection breaks.
    let broken = futures::stream::once(async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Err(std::io::Error::other("cut"))
    });
    let body = Body::from_stream(futures::stream::iter([Ok(part)]).chain(broken));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn unauthorized() -> Response {
    let body =
        r#"{"code":"UNAUTHORIZED","message":"no","requestId":"req-1","docs":"https://docs.example.org"}"#;
    (StatusCode::UNAUTHORIZED, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
