//! `oidc-provider`, a certified OAuth2 server that nobody here wrote, and a browser without a screen.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};

pub(crate) struct Oidc {
    server: Child,
    pub(crate) base: String,
}

impl Oidc {
    pub(crate) fn start() -> Self {
        Self::leading_to("http://127.0.0.1:8099/oauth/callback")
    }

    /// One that sends browsers back to `callback`.
    pub(crate) fn leading_to(callback: &str) -> Self {
        let folder = installed();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Command::new("node")
            .args(["server.mjs", &port.to_string(), callback])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let ready = lines.map_while(Result::ok).any(|line| line == "ready");
        assert!(ready, "oidc-provider does not start: run `node server.mjs {port}` in tests/oidc");
        Self { server, base: format!("http://127.0.0.1:{port}") }
    }

    pub(crate) async fn drop_next_answer(&self) {
        self.test("drop").await;
    }

    pub(crate) async fn revoke(&self, account: &str) {
        self.test(&format!("revoke?account={account}")).await;
    }

    async fn test(&self, what: &str) {
        let done = reqwest::get(format!("{}/__test/{what}", self.base)).await.unwrap();
        assert_eq!(done.status(), 204, "{what}");
    }
}

impl Drop for Oidc {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Installs the server's packages as locked, once.
fn installed() -> PathBuf {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../consent/tests/oidc");
    if !folder.join("node_modules/oidc-provider").exists() {
        let mut npm = Command::new("npm");
        let npm =
            npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder).output();
        let done = npm.expect("npm is missing; run scripts/setup");
        assert!(done.status.success(), "npm ci: {}", String::from_utf8_lossy(&done.stderr));
    }
    folder
}

/// A browser that logs in and says yes or no.
pub(crate) struct Browser {
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { http, cookies: BTreeMap::new() }
    }

    /// The query with which the provider sends the browser back.
    pub(crate) async fn consent(&mut self, start: &Url, account: &str, agree: bool) -> String {
        let mut url = start.clone();
        let mut forms = 0;
        for _ in 0..12 {
            let interaction = url.path().starts_with("/interaction/") && !url.path().ends_with("/abort");
            let form = match forms {
                0 => format!("prompt=login&login={account}&password=x"),
                _ => "prompt=consent".to_owned(),
            };
            if interaction && forms == 1 && !agree {
                url = format!("{url}/abort").parse().unwrap();
                continue;
            }
            forms += usize::from(interaction);
            let next = self.visit(&url, interaction.then_some(form)).await;
            url = url.join(&next).unwrap();
            if url.port() == Some(8099) {
                return url.query().unwrap_or_default().to_owned();
            }
        }
        panic!("the provider does not send the browser back; last at {}", url.path());
    }

    /// Where a page or form leads.
    async fn visit(&mut self, url: &Url, form: Option<String>) -> String {
        let request = match form {
            None => self.http.get(url.clone()),
            Some(form) => {
                let request = self.http.post(url.clone()).body(form);
                request.header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            }
        };
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let status = answer.status();
        let next = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
        next.unwrap_or_else(|| panic!("{} answers {status} and leads nowhere", url.path()))
    }
}
