//! What the client sends, how often, and what it makes of answers that are refusals, traps or damage.

use std::time::{Duration, Instant};

use crate::support::{base, envelope, http, nomos, quick, token};
use chrono_tz::Europe::Berlin;
use offpeak_providers::{
    BaseUrl, Budget, Direction, ErrorCode, HttpSettings, LocalDays, Nomos, NomosSeries, PriceSource as _,
    ProviderError,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wiremock::matchers::{any, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn subscription(id: &str, kind: &str, status: &str, customer: &str) -> Value {
    json!({"object": "subscription", "id": id, "plan": "pln", "customer": customer, "address": "adr", "meter": "mtr",
        "payment_method": "pm", "status": status, "estimated_usage": 2500, "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z", "type": kind, "billing_address": "adr", "start_at": null})
}

fn list(items: &[Value], next: Option<&str>, more: Option<bool>) -> ResponseTemplate {
    let mut body = json!({"object": "list", "items": items, "next_page": next});
    if let Some(more) = more {
        body["has_more"] = json!(more);
    }
    ResponseTemplate::new(200).set_body_json(body)
}

fn empty_list() -> ResponseTemplate {
    list(&[], None, None)
}

async fn answering(answers: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    for answer in answers {
        // The first that is not used up answers.
        Mock::given(method("GET")).respond_with(answer).up_to_n_times(1).mount(&server).await;
    }
    Mock::given(any()).respond_with(empty_list()).mount(&server).await;
    server
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

async fn subscriptions(server: &MockServer) -> Result<usize, ProviderError> {
    nomos(server).active_subscriptions(&token()).await.map(|list| list.len())
}

#[tokio::test]
async fn a_list_is_walked_with_the_same_parameters_until_there_is_no_more() {
    let server = MockServer::start().await;
    let page = |cursor: Option<&'static str>, answer: ResponseTemplate| {
        let mock = Mock::given(path("/subscriptions"))
            .and(query_param("limit", "100"))
            .and(query_param("filter[status][eq]", "active"));
        let mock = match cursor {
            Some(cursor) => mock.and(query_param("cursor", cursor)),
            None => mock.and(query_param_is_missing("cursor")),
        };
        mock.respond_with(answer).expect(1)
    };
    let (a, b, c) = (
        subscription("a", "consumption", "active", "cus"),
        subscription("b", "feed_in", "active", "cus"),
        subscription("c", "consumption", "ended", "cus"),
    );
    // The second page repeats one, the third has a cursor but says nothing of more; one is not active in spite of the filter.
    page(None, list(std::slice::from_ref(&a), Some("next=&2"), Some(true))).mount(&server).await;
    page(Some("next=&2"), list(&[a, b], Some("3"), Some(true))).mount(&server).await;
    page(Some("3"), list(&[c], Some("4"), None)).mount(&server).await;
    let connections = nomos(&server).connections(&token(), Some("cus")).await.unwrap();
    assert_eq!(connections.len(), 1);
    assert_eq!(connections[0].consumption.as_ref().unwrap().id, "a");
    assert_eq!(connections[0].feed_in.as_ref().unwrap().id, "b");
}

#[tokio::test]
async fn a_list_that_leads_in_a_circle_is_left() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(list(&[], Some("again"), Some(true))).mount(&server).await;
    let error = subscriptions(&server).await.unwrap_err();
    assert!(matches!(error, ProviderError::EndlessList { .. }), "{error}");
    assert_eq!(requests(&server).await, 2);
    let server = answering(vec![list(&[], None, Some(true))]).await;
    let error = subscriptions(&server).await.unwrap_err();
    assert!(matches!(error, ProviderError::Unexpected { what: "next_page", .. }), "{error}");
}

#[tokio::test]
async fn another_customer_in_the_list_is_refused() {
    let others = [("a", "cus_1"), ("b", "cus_2")]
        .map(|(id, customer)| subscription(id, "consumption", "active", customer));
    for expected in [None, Some("cus_3")] {
        let server = answering(vec![list(&others, None, None)]).await;
        let error = nomos(&server).connections(&token(), expected).await.unwrap_err();
        assert!(matches!(error, ProviderError::Unexpected { what: "customer", .. }), "{error}");
    }
}

#[tokio::test]
async fn only_429_and_5xx_are_asked_again() {
    for status in [429, 500, 502, 503, 504] {
        let server = answering(vec![ResponseTemplate::new(status), ResponseTemplate::new(status)]).await;
        subscriptions(&server).await.unwrap();
        assert_eq!(requests(&server).await, 3, "{status}");
    }
    for (status, word) in [
        (400, "BAD_REQUEST"),
        (402, "PAYMENT_REQUIRED"),
        (403, "FORBIDDEN"),
        (404, "NOT_FOUND"),
        (405, "METHOD_NOT_ALLOWED"),
        (409, "CONFLICT"),
        (422, "UNPROCESSABLE_ENTITY"),
        (418, ""),
    ] {
        let server = answering(vec![ResponseTemplate::new(status).set_body_json(envelope(word))]).await;
        let error = subscriptions(&server).await.unwrap_err();
        let ProviderError::Refused { code, status: told, request_id } = &error else { panic!("{error}") };
        assert_eq!((*told, request_id.0.as_deref()), (status, Some("req-17")));
        assert_eq!(*code == ErrorCode::Other("".into()), word.is_empty(), "{error}");
        assert_eq!(requests(&server).await, 1, "{status}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_told_apart_and_not_told() {
    let server = answering(vec![ResponseTemplate::new(401).set_body_json(envelope("UNAUTHORIZED"))]).await;
    let error = subscriptions(&server).await.unwrap_err();
    assert!(
        matches!(&error, ProviderError::Unauthorized { request_id } if request_id.0.as_deref() == Some("req-17"))
    );
    assert!(!format!("{error} {error:?}").contains("canary"));
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn attempts_end_and_the_last_answer_is_named() {
    for (status, code) in [(503, "INTERNAL_SERVER_ERROR"), (429, "TOO_MANY_REQUESTS")] {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(status).set_body_json(envelope(code)))
            .mount(&server)
            .await;
        let error = subscriptions(&server).await.unwrap_err();
        assert!(error.is_transient() && error.to_string().contains("request req-17"), "{error}");
        assert_eq!(requests(&server).await, 3);
    }
}

#[tokio::test]
async fn one_workers_429_holds_the_others_back() {
    let server = answering(vec![ResponseTemplate::new(429).insert_header("retry-after", "1")]).await;
    let client = nomos(&server);
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.active_subscriptions(&token()).await }
    });
    while requests(&server).await == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let start = Instant::now();
    client.active_subscriptions(&token()).await.unwrap();
    assert!(start.elapsed() > Duration::from_millis(500), "{:?}", start.elapsed());
    first.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_its_target_sees_no_token() {
    let elsewhere = answering(vec![]).await;
    let server = answering(vec![ResponseTemplate::new(307).insert_header("location", elsewhere.uri())]).await;
    let error = subscriptions(&server).await.unwrap_err();
    assert_eq!(error, ProviderError::Redirected { status: 307 });
    assert_eq!(requests(&elsewhere).await, 0);
}

#[tokio::test]
async fn the_link_of_an_invoice_file_is_given_and_not_followed() {
    let link = "https://storage.example/file?signature=canary-link";
    let server = answering(vec![ResponseTemplate::new(302).insert_header("location", link)]).await;
    let file = nomos(&server).invoice_file(&token(), "inv_1").await.unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&file.link), link);
    assert!(!format!("{file:?}").contains("canary"));
    for bad in ["http://storage.example/", "/relative", "https://user@storage.example/"] {
        let server = answering(vec![ResponseTemplate::new(302).insert_header("location", bad)]).await;
        assert!(nomos(&server).invoice_file(&token(), "inv_1").await.is_err(), "{bad}");
    }
    let server = answering(vec![]).await;
    assert!(nomos(&server).invoice_file(&token(), "inv_1").await.is_err(), "a file in place of a link");
}

/// A list of that many bytes of blanks, compressed to almost nothing; by the tool that everybody has.
fn gzipped(bytes: usize) -> Vec<u8> {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let mut gzip =
        Command::new("gzip").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = gzip.stdin.take().unwrap();
    let text = format!("{{\"items\":[]{}}}", " ".repeat(bytes));
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = gzip.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    output.stdout
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_left_also_when_it_is_compressed() {
    let small = HttpSettings { body_limit: 100_000, ..quick() };
    for (bytes, fits) in [(50_000, true), (200_000, false), (20_000_000, false)] {
        for compressed in [true, false] {
            let answer = ResponseTemplate::new(200);
            let answer = if compressed {
                answer.set_body_bytes(gzipped(bytes)).insert_header("content-encoding", "gzip")
            } else {
                answer.set_body_string(format!("{{\"items\":[]{}}}", " ".repeat(bytes)))
            };
            let server = answering(vec![answer]).await;
            let client = Nomos::new(http(small.clone(), Budget::unlimited()), base(&server));
            let list = client.active_subscriptions(&token()).await;
            match list {
                Ok(_) => assert!(fits),
                Err(error) => {
                    assert!(!fits && error == ProviderError::TooLarge { limit: 100_000 }, "{error}");
                }
            }
        }
    }
}

/// A server that writes these bytes in answer to anything, then waits or closes.
async fn raw(bytes: &'static [u8], then_wait: bool) -> BaseUrl {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = BaseUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(bytes).await;
            if then_wait {
                tokio::time::sleep(Duration::from_mins(1)).await;
            }
        }
    });
    base
}

#[tokio::test]
async fn silence_slowness_and_an_answer_cut_short_are_errors_in_time() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"items\":[]";
    let whole_but_short = b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"items\":[]";
    let settings = HttpSettings { timeout: Duration::from_millis(300), ..quick() };
    for (bytes, wait) in [
        (&cut[..], false),
        (&cut[..], true),
        (&b""[..], true),
        (&b""[..], false),
        (&whole_but_short[..], false),
    ] {
        let client = Nomos::new(http(settings.clone(), Budget::unlimited()), raw(bytes, wait).await);
        let start = Instant::now();
        let error = client.active_subscriptions(&token()).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(2));
        let expected =
            matches!(error, ProviderError::Transport { .. } | ProviderError::Unexpected { what: "json", .. });
        assert!(expected, "{error}");
    }
}

#[tokio::test]
async fn foreign_prices_and_nonsense_are_named_with_the_request() {
    let day = LocalDays::one("2026-06-01".parse().unwrap(), Berlin);
    let of = NomosSeries { token: token(), subscription: "sub_1".into(), direction: Direction::Consumption };
    let body = json!({"subscription": "sub_2", "period": {"start": "2026-06-01", "end": "2026-06-01"}, "unit": "ct/kWh",
        "currency": "EUR", "resolution": "15min", "items": []});
    for (answer, expected) in [
        (
            ResponseTemplate::new(200).set_body_json(body),
            "subscription in the answer: sub_2; must be sub_1, as asked for, request r9",
        ),
        (ResponseTemplate::new(200).set_body_string("<html>"), "json in the answer"),
        (ResponseTemplate::new(200).set_body_string("[".repeat(100_000)), "json in the answer"),
    ] {
        let server = answering(vec![answer.insert_header("x-request-id", "r9")]).await;
        let error = nomos(&server).prices(&of, day).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
