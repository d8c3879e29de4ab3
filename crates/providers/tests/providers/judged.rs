//! Every request of the Nomos client, judged by `prism proxy`, which knows nothing but the provider's `OpenAPI` document.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono_tz::Europe::Berlin;
use offpeak_providers::{
    BaseUrl, Budget, Direction, HttpSettings, LocalDays, Nomos, NomosSeries, PriceSource as _, Publication,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{http, quick, token};

/// A judge that ends with its test.
struct Prism {
    process: Child,
    port: u16,
    base: BaseUrl,
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Installs the judge on first use; its versions are locked.
fn program() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/prism");
    let program = folder.join("node_modules/.bin/prism");
    if !program.exists() {
        let installed = Command::new("npm").args(["ci", "--ignore-scripts"]).current_dir(&folder).status();
        assert!(installed.is_ok_and(|status| status.success()), "npm ci failed (hint: install node and npm)");
    }
    program
}

async fn prism(document: &Path, upstream: &str) -> Prism {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let process = Command::new(program())
        .arg("proxy")
        .args([document.as_os_str(), upstream.as_ref()])
        .args(["--errors", "--host", "127.0.0.1", "--port", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let judge = Prism { process, port, base: BaseUrl::parse(&format!("http://127.0.0.1:{port}")).unwrap() };
    let start = Instant::now();
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        assert!(start.elapsed() < Duration::from_mins(1), "prism does not begin to listen");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    judge
}

fn price() -> Value {
    let day = LocalDays::one("2026-06-01".parse().unwrap(), Berlin);
    let item = |hour: i32| {
        let start = day.start_utc() + chrono::Duration::hours(1) * hour;
        json!({"timestamp": start.to_rfc3339(), "amount": 20.5, "components": [{"type": "grid", "amount": 20.5}]})
    };
    json!({"object": "price", "subscription": "sub_1", "period": {"start": "2026-06-01", "end": "2026-06-01"},
        "unit": "ct/kWh", "currency": "EUR", "resolution": "hourly", "reference": "EPEX",
        "items": (0..24).map(item).collect::<Vec<_>>()})
}

async fn provider() -> MockServer {
    let server = MockServer::start().await;
    let invoice = json!({"object": "invoice", "id": "inv_1", "customer": "cus", "subscription": "sub_1", "invoice_number": "N",
        "month": 4, "year": 2025, "period_start": "2025-03-31T22:00:00Z", "period_end": "2025-04-30T22:00:00Z",
        "period_number": 3, "status": "paid", "type": "usage", "usage": 1, "total": 1});
    let usage = json!({"object": "usage", "meter_type": "smart", "resolution": "15min", "data": []});
    let list = |items: &[&Value], more: bool| json!({"object": "list", "items": items, "next_page": "2", "has_more": more});
    let answers = [
        ("/subscriptions", ResponseTemplate::new(200).set_body_json(list(&[], true)), 1),
        ("/subscriptions", ResponseTemplate::new(200).set_body_json(list(&[], false)), 9),
        ("/subscriptions/sub_1/prices", ResponseTemplate::new(200).set_body_json(price()), 9),
        ("/subscriptions/sub_1/usage", ResponseTemplate::new(200).set_body_json(usage), 9),
        ("/invoices", ResponseTemplate::new(200).set_body_json(list(&[&invoice], false)), 9),
        ("/invoices/inv_1", ResponseTemplate::new(200).set_body_json(&invoice), 9),
        (
            "/invoices/inv_1/file",
            ResponseTemplate::new(302).insert_header("location", "https://files.example/1"),
            9,
        ),
        ("/grid-fee-reductions", ResponseTemplate::new(200).set_body_json(list(&[], false)), 9),
    ];
    for (at, answer, times) in answers {
        Mock::given(path(at)).respond_with(answer).up_to_n_times(times).mount(&server).await;
    }
    server
}

#[tokio::test]
async fn every_request_is_one_that_the_document_allows() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/nomos/openapi.json");
    if !document.exists() {
        println!("skipped: no {}", document.display());
        return;
    }
    let server = provider().await;
    let judge = prism(&document, &server.uri()).await;
    let patient = HttpSettings { timeout: Duration::from_secs(20), attempts: 1, ..quick() };
    let client = Nomos::new(http(patient, Budget::unlimited()), judge.base.clone());
    let day = LocalDays::one("2026-06-01".parse().unwrap(), Berlin);
    let of = NomosSeries { token: token(), subscription: "sub_1".into(), direction: Direction::Consumption };
    client.connections(&token(), None).await.unwrap();
    assert!(matches!(client.prices(&of, day).await.unwrap(), Publication::Complete(_)));
    assert_eq!(client.usage(&token(), "sub_1", day).await.unwrap().missing.len(), 96);
    assert_eq!(client.invoices(&token(), "sub_1").await.unwrap().len(), 1);
    client.invoice(&token(), "inv_1").await.unwrap();
    // The judge follows the link itself and finds nobody there; that the request came through is counted below.
    assert!(client.invoice_file(&token(), "inv_1").await.is_err());
    client.grid_fee_reductions(&token()).await.unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), 8, "all came through");
    // The judge bites: a date that is none never arrives.
    let refused = status(judge.port, "/subscriptions/sub_1/prices?start=1.6.2026&end=2026-06-01").await;
    assert_eq!(refused, "422");
    assert_eq!(server.received_requests().await.unwrap().len(), 8);
}

/// The status of a plain request that our client would never send.
async fn status(port: u16, target: &str) -> String {
    let mut socket = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!(
        "GET {target} HTTP/1.1\r\nhost: judge\r\nauthorization: Bearer t\r\nconnection: close\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}
