//! A process of its own that asks for one token, and may die at a step of it.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use offpeak_consent::{Options, Step};
use secrecy::ExposeSecret;

use super::databases::Place;
use super::{customer, options, ring, tokens};

/// Starts a child that asks `base` for a token of `customer`, and is killed at `die_at`.
pub(crate) fn spawn(place: &Place, base: &str, customer: &str, die_at: Option<Step>) -> Child {
    let (engine, location) = match place {
        Place::Sqlite(path) => ("sqlite", path.display().to_string()),
        Place::Postgres(url) => ("postgres", url.clone()),
    };
    let die_at = die_at.map_or_else(|| "never".to_owned(), |step| format!("{step:?}"));
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "support::child::child", "--ignored", "--nocapture", "--test-threads=1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let order = format!("{engine}\n{location}\n{base}\n{customer}\n{die_at}\n");
    child.stdin.take().unwrap().write_all(order.as_bytes()).unwrap();
    child
}

/// All that a child printed, once it has ended.
pub(crate) fn output(child: Child) -> String {
    let done = child.wait_with_output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn child() {
    let mut order = String::new();
    std::io::stdin().read_to_string(&mut order).unwrap();
    let order: Vec<&str> = order.lines().collect();
    let [engine, location, base, id, die_at] = order[..] else { panic!("an order has five lines") };
    let place = match engine {
        "sqlite" => Place::Sqlite(location.into()),
        _ => Place::Postgres(location.to_owned()),
    };
    let die_at = die_at.to_owned();
    let on_step = Arc::new(move |step: Step| {
        if format!("{step:?}") == die_at {
            killed();
        }
    });
    let options = Options { on_step: Some(on_step), ..options() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let tokens = tokens(&place.open(ring()).await, base, options);
        match tokens.access_token(&customer(id)).await {
            Ok(token) => println!("token {}", token.secret.expose_secret()),
            Err(error) => println!("error {error}"),
        }
    });
}

/// `kill -9` of this process: nothing is flushed, nothing is rolled back.
fn killed() -> ! {
    let _ = Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
    loop {
        std::thread::park();
    }
}
