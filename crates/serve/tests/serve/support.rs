//! A provider, a service before it, a browser without a screen, and a clock that can be moved.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use offpeak_consent::{Clock, Gate, Tokens};
use offpeak_emulator::{Client, Emulator, EmulatorConfig};
use offpeak_serve::{Activation, Config, Server, Trigger};
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response};
use tempfile::TempDir;

pub(crate) const OPERATOR: &str = "operator-secret-of-the-tests";
pub(crate) const CLIENT: &str = "s3cr3t-of-fleet";
pub(crate) const WEBHOOK: &str = "whsec-emulator";
pub(crate) const KEY: &str = "7070707070707070707070707070707070707070707070707070707070707070";

/// Seconds ahead of the wall clock.
#[derive(Default)]
pub(crate) struct Ahead(AtomicI64);

impl Ahead {
    pub(crate) fn by(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn time(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "a test stands where the command line does")]
        let now = DateTime::<Utc>::from(SystemTime::now());
        now + TimeDelta::seconds(self.0.load(Ordering::Relaxed))
    }
}

impl Clock for Ahead {
    fn now(&self) -> DateTime<Utc> {
        self.time()
    }
}

/// Remembers what it was told; fails as often as it is set to.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) subscriptions: Mutex<Vec<String>>,
    pub(crate) failures: AtomicI64,
    /// How often a refresh waited for its turn.
    pub(crate) turns: AtomicI64,
}

#[async_trait]
impl Trigger for Told {
    async fn on_activation(&self, activation: &Activation, _: &Tokens) -> Result<(), String> {
        if self.failures.fetch_sub(1, Ordering::Relaxed) > 0 {
            return Err("not now".to_owned());
        }
        self.subscriptions.lock().unwrap().push(activation.subscription.clone());
        Ok(())
    }
}

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) server: Server,
    pub(crate) clock: Arc<Ahead>,
    pub(crate) told: Arc<Told>,
    pub(crate) config: Config,
    pub(crate) base: String,
    pub(crate) folder: TempDir,
}

pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A configuration with its secrets in `folder`; `more` goes into `[serve]`.
pub(crate) fn write_config(folder: &Path, provider: &str, port: u16, more: &str) -> Config {
    for (name, secret) in [("operator", OPERATOR), ("client", CLIENT), ("webhook", WEBHOOK), ("key", KEY)] {
        let path = folder.join(name);
        std::fs::write(&path, format!("{secret}\n")).unwrap();
        owner_only(&path, 0o600);
    }
    let text = format!(
        r#"
        [provider]
        id = "nomos"
        name = "Nomos"
        authorize_url = "{provider}/oauth/authorize"
        token_url = "{provider}/oauth/token"
        api_url = "{provider}"
        client_id = "fleet"
        client_secret = {{ file = "client" }}
        redirect_uri = "http://127.0.0.1:{port}/oauth/callback"
        version_header = {{ name = "X-API-Version", value = "2026-05-27.curie" }}
        client_credentials = true
        [store]
        sqlite = "consents.db"
        [[keys]]
        id = "k1"
        secret = {{ file = "key" }}
        [serve]
        requests_per_second = 1
        listen = "127.0.0.1:{port}"
        operator_secret = {{ file = "operator" }}
        webhook_secrets = [{{ file = "webhook" }}]
        {more}
        "#
    );
    let path = folder.join("offpeak.toml");
    std::fs::write(&path, text).unwrap();
    Config::read(&path).unwrap()
}

/// A service whose refreshes wait for a turn that comes at once.
pub(crate) async fn started(config: &Config, clock: &Arc<Ahead>, told: &Arc<Told>) -> Server {
    let of_gate = Arc::clone(told);
    let gate: Gate = Arc::new(move || {
        of_gate.turns.fetch_add(1, Ordering::Relaxed);
        Box::pin(async {})
    });
    Server::start(config, &|_| None, clock.clone(), told.clone(), Some(gate)).await.unwrap()
}

pub(crate) fn owner_only(path: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with("self_service = true", |_| {}).await
    }

    pub(crate) async fn with(more: &str, change: impl FnOnce(&mut EmulatorConfig)) -> Self {
        let (folder, port, clock) = (tempfile::tempdir().unwrap(), free_port(), Arc::new(Ahead::default()));
        let base = format!("http://127.0.0.1:{port}");
        let callback = vec![format!("{base}/oauth/callback")];
        let of_emulator = Arc::clone(&clock);
        let mut played = EmulatorConfig::new(Arc::new(move || of_emulator.time()));
        played.clients = vec![Client { redirect_uris: callback, ..Client::sample() }];
        change(&mut played);
        let emulator = Emulator::start(played).await.unwrap();
        let config = write_config(folder.path(), emulator.base_url(), port, more);
        let told = Arc::new(Told::default());
        let server = started(&config, &clock, &told).await;
        Self { emulator, server, clock, told, config, base, folder }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// A browser whose operator has signed in.
    pub(crate) async fn operator(&self) -> Browser {
        let mut browser = self.browser();
        let answer = browser.post("/operator/login", &[("secret", OPERATOR)]).await;
        assert_eq!(answer.status(), 303);
        browser
    }

    pub(crate) async fn metric(&self, line: &str) -> bool {
        let text = self.browser().get("/metrics").await.text().await.unwrap();
        text.lines().any(|found| found == line)
    }

    /// Waits until `line` stands in the metrics.
    pub(crate) async fn until(&self, line: &str) {
        for _ in 0..200 {
            if self.metric(line).await {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("never `{line}`: {}", self.browser().get("/metrics").await.text().await.unwrap());
    }
}

/// Keeps cookies and follows nothing by itself.
pub(crate) struct Browser {
    http: reqwest::Client,
    base: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(base: &str) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { http, base: base.to_owned(), cookies: BTreeMap::new() }
    }

    pub(crate) async fn get(&mut self, to: &str) -> Response {
        let request = self.request(Method::GET, to);
        self.send(request).await
    }

    /// A form of a page of the service itself.
    pub(crate) async fn post(&mut self, to: &str, form: &[(&str, &str)]) -> Response {
        let request = self.request(Method::POST, to).header(ORIGIN, self.base.clone()).form(form);
        self.send(request).await
    }

    pub(crate) fn request(&self, method: Method, to: &str) -> RequestBuilder {
        let url = if to.starts_with('/') { format!("{}{to}", self.base) } else { to.to_owned() };
        self.http.request(method, url)
    }

    pub(crate) async fn send(&mut self, request: RequestBuilder) -> Response {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) };
        let answer = request.send().await.unwrap();
        for set in answer.headers().get_all(SET_COOKIE) {
            let (name, rest) = set.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// A page's text.
    pub(crate) async fn read(&mut self, to: &str) -> String {
        let answer = self.get(to).await;
        assert_eq!(answer.status(), 200, "{to}");
        answer.text().await.unwrap()
    }

    /// The value of the hidden field in a page's forms.
    pub(crate) async fn csrf(&mut self, page: &str) -> String {
        let text = self.read(page).await;
        between(&text, r#"name="csrf" value=""#, '"')
    }

    /// Starts a consent; the provider's address.
    pub(crate) async fn start(&mut self, invite: &str) -> String {
        let answer = self.post("/connect", &[("invite", invite)]).await;
        assert_eq!(answer.status(), 303);
        location(&answer)
    }

    /// Decides at the provider; the address that leads back.
    pub(crate) async fn decide(&mut self, provider: &str, customer: u32, decision: &str) -> String {
        let page = location(&self.get(provider).await);
        let origin = provider.split("/oauth").next().unwrap().to_owned();
        let form = [("decision", decision), ("customer", &customer.to_string())];
        let request = self.request(Method::POST, &format!("{origin}{page}")).form(&form);
        location(&self.send(request).await)
    }

    /// Follows the way back; the text of the page at its end.
    pub(crate) async fn come_back(&mut self, callback: &str) -> String {
        let answer = self.get(callback).await;
        assert_eq!((answer.status().as_u16(), location(&answer).as_str()), (303, "/connect/outcome"));
        self.read("/connect/outcome").await
    }

    /// Connects customer `number` of the provider.
    pub(crate) async fn connect(&mut self, number: u32, invite: &str) {
        let provider = self.start(invite).await;
        let callback = self.decide(&provider, number, "allow").await;
        let page = self.come_back(&callback).await;
        assert!(page.contains("Nomos is connected"), "{page}");
    }
}

pub(crate) fn location(answer: &Response) -> String {
    let to = answer.headers().get(LOCATION).unwrap_or_else(|| panic!("{} leads nowhere", answer.status()));
    to.to_str().unwrap().to_owned()
}

/// What stands in `text` after `start` up to `end`.
pub(crate) fn between(text: &str, start: &str, end: char) -> String {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("no `{start}` in {text}")).1;
    rest.split(end).next().unwrap().to_owned()
}
