//! Each fault does what it says, as often as it was told to.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::time::Duration;

use offpeak_emulator::{Fault, FaultKind, WebhookCall};
use secrecy::ExposeSecret;
use serde_json::Value;
use support::{access, get, get_json, post, refresh, started};

const PRICES: &str = "/subscriptions/sub_emu00000001c/prices?start=2026-05-31&end=2026-06-01";
const ANY_PRICES: &str = "/subscriptions/*/prices";

#[tokio::test]
async fn a_dropped_answer_has_rotated_the_token_nevertheless() {
    let emulator = started(|_| ()).await;
    let first = emulator.consent(1).unwrap().refresh.expose_secret().to_owned();
    emulator.add_fault(Fault::new(FaultKind::DropAnswer, "/oauth/token").once());
    assert!(refresh(&emulator, &first).await.is_err());
    assert_eq!(emulator.stats().rotations, 1);
    assert_eq!(refresh(&emulator, &first).await.unwrap().status(), 401);
    assert_eq!(emulator.stats().reuses, 1);
}

#[tokio::test]
async fn an_error_after_the_rotation_loses_the_token_and_one_before_does_not() {
    for (kind, status, rotations) in
        [(FaultKind::ServerErrorAfter, 500, 1), (FaultKind::ServerErrorBefore, 503, 0)]
    {
        let emulator = started(|_| ()).await;
        let first = emulator.consent(1).unwrap().refresh.expose_secret().to_owned();
        emulator.add_fault(Fault::new(kind, "/oauth/token").once());
        let answer = refresh(&emulator, &first).await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "INTERNAL_SERVER_ERROR");
        assert_eq!(emulator.stats().rotations, rotations);
    }
}

#[tokio::test]
async fn expires_in_comes_as_a_float_or_a_string() {
    let emulator = started(|_| ()).await;
    for (kind, text) in [(FaultKind::FloatExpiresIn, "3600.0"), (FaultKind::StringExpiresIn, "\"3600\"")] {
        let first = emulator.consent(1).unwrap().refresh.expose_secret().to_owned();
        emulator.add_fault(Fault::new(kind, "/oauth/token").once());
        let body = refresh(&emulator, &first).await.unwrap().text().await.unwrap();
        assert!(body.contains(&format!("\"expires_in\":{text}")), "{kind:?}: {}", body.len());
    }
}

#[tokio::test]
async fn a_rate_limit_comes_with_and_without_headers() {
    let emulator = started(|_| ()).await;
    let token = access(&emulator, 1);
    for (kind, has_header) in [(FaultKind::RateLimited, true), (FaultKind::RateLimitedBare, false)] {
        emulator.add_fault(Fault::new(kind, "/**").once());
        let answer = get(&emulator, &token, "/subscriptions").await;
        assert_eq!(
            (answer.status().as_u16(), answer.headers().contains_key("retry-after")),
            (429, has_header)
        );
        assert_eq!(get(&emulator, &token, "/subscriptions").await.status(), 200);
    }
}

#[tokio::test]
async fn a_cut_body_is_shorter_than_it_said() {
    let emulator = started(|_| ()).await;
    emulator.add_fault(Fault::new(FaultKind::CutBody, ANY_PRICES).once());
    let answer = get(&emulator, &access(&emulator, 1), PRICES).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err());
}

#[tokio::test]
async fn a_slow_answer_is_slow() {
    let emulator = started(|_| ()).await;
    emulator.add_fault(Fault::new(FaultKind::Slow, "/subscriptions").delayed(Duration::from_millis(300)));
    let begun = std::time::Instant::now();
    assert_eq!(get(&emulator, &access(&emulator, 1), "/subscriptions").await.status(), 200);
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

/// The prices with a fault and without.
async fn both(kind: FaultKind) -> (Value, Value) {
    let emulator = started(|_| ()).await;
    let token = access(&emulator, 1);
    let right = get_json(&emulator, &token, PRICES).await;
    emulator.add_fault(Fault::new(kind, ANY_PRICES));
    (right, get_json(&emulator, &token, PRICES).await)
}

#[tokio::test]
async fn bodies_are_wrong_in_the_way_that_was_asked_for() {
    let (_, nulls) = both(FaultKind::NullAmounts).await;
    assert!(nulls["items"][0]["amount"].is_null() && nulls["items"][1]["amount"].is_number());
    assert!(both(FaultKind::NullComponents).await.1["items"][0]["components"].is_null());
    assert!(both(FaultKind::NullItems).await.1["items"].is_null());
    assert_eq!(both(FaultKind::WrongSubscription).await.1["subscription"], "sub_emu99999999c");
    assert!(both(FaultKind::UnknownFields).await.1["items"][3]["not_in_the_document"].is_string());
    assert_eq!(both(FaultKind::ZeroRun).await.1["items"][191]["amount"], 0);
    let (right, missing) = both(FaultKind::DayMissing).await;
    assert_eq!(missing["items"].as_array().unwrap()[..], right["items"].as_array().unwrap()[..96]);
    let (right, unsorted) = both(FaultKind::Unsorted).await;
    assert_ne!(right["items"], unsorted["items"]);
    let sorted = |body: &Value| {
        let mut all: Vec<String> = body["items"].as_array().unwrap().iter().map(Value::to_string).collect();
        all.sort();
        all
    };
    assert_eq!(sorted(&right), sorted(&unsorted));
}

#[tokio::test]
async fn faults_skip_count_and_are_drawn_and_switched_by_path() {
    let emulator = started(|_| ()).await;
    let token = access(&emulator, 1);
    post(&emulator, "/__fault/server-error-before?path=/subscriptions&skip=1&times=2").await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(get(&emulator, &token, "/subscriptions").await.status().as_u16());
    }
    assert_eq!(statuses, [200, 503, 503, 200, 200]);
    emulator.add_fault(Fault::new(FaultKind::RateLimited, "/subscriptions").with_probability(0.5));
    let mut limited = 0;
    for _ in 0..100 {
        limited += u32::from(get(&emulator, &token, "/subscriptions").await.status() == 429);
    }
    assert!((30..70).contains(&limited), "{limited}");
    assert_eq!(emulator.stats().faults["rate-limited"], u64::from(limited));
    emulator.clear_faults();
    assert_eq!(get(&emulator, &token, "/subscriptions").await.status(), 200);
}

/// Takes one request and answers it; its head and body.
async fn received(listener: tokio::net::TcpListener) -> (String, String) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut text = String::new();
    let is_whole = |text: &str| {
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body);
        body.is_some_and(|body| serde_json::from_str::<Value>(body).is_ok())
    };
    while !is_whole(&text) {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).await.unwrap();
        text.push_str(std::str::from_utf8(&part[..read]).unwrap());
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[tokio::test]
async fn a_webhook_is_signed_over_time_and_raw_body_and_its_event_can_be_read() {
    use hmac::{Hmac, KeyInit, Mac};
    let emulator = started(|_| ()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut call = WebhookCall::default();
    call.url = format!("http://{}/hook", listener.local_addr().unwrap());
    let ((head, body), sent) = tokio::join!(received(listener), emulator.send_webhook(&call));
    let sent = sent.unwrap();
    assert_eq!(sent.status, 204);
    let event: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&event["id"], &event["topic"]),
        (&Value::from(sent.event), &Value::from("subscription.activated"))
    );
    let signature = head.lines().find_map(|line| line.strip_prefix("x-nomos-signature: ")).unwrap();
    let (at, tag) = signature.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    assert_eq!(at, support::now().timestamp().to_string());
    let bytes: Vec<u8> = (0..32).map(|n| u8::from_str_radix(&tag[2 * n..2 * n + 2], 16).unwrap()).collect();
    let mac = Hmac::<sha2::Sha256>::new_from_slice(b"whsec-emulator").unwrap();
    mac.chain_update(format!("{at}.{body}")).verify_slice(&bytes).unwrap();
}

#[tokio::test]
async fn a_client_has_a_budget_per_second_over_all_its_tokens() {
    let emulator = started(|config| config.requests_per_s = Some(3)).await;
    let mut statuses = Vec::new();
    for customer in 1..=4 {
        let token = access(&emulator, customer);
        statuses.push(get(&emulator, &token, "/subscriptions").await.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 429]);
    emulator.set_now(support::now() + chrono::TimeDelta::seconds(1));
    assert_eq!(get(&emulator, &access(&emulator, 5), "/subscriptions").await.status(), 200);
}

#[tokio::test]
async fn a_load_forecast_covers_whole_local_days_and_is_summed() {
    let emulator = started(|_| ()).await;
    let pair: Value = support::token(&emulator, &[("grant_type", "client_credentials")])
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let post = async |points: std::ops::Range<i64>| {
        let first: chrono::DateTime<chrono::Utc> = "2026-10-24T22:00:00Z".parse().unwrap();
        let point =
            |n| serde_json::json!({ "start": first + chrono::TimeDelta::minutes(15 * n), "value": 0.4 });
        let body = serde_json::json!({
            "scope": "subscription", "subscription": "sub_emu00000001c", "resolution": "15min", "unit": "KW",
            "data": points.map(point).collect::<Vec<_>>(),
        });
        let request = support::browserless().post(format!("{}/load-forecasts", emulator.base_url()));
        request.bearer_auth(pair["access_token"].as_str().unwrap()).json(&body).send().await.unwrap()
    };
    // The day on which the clocks go back.
    let answer = post(0..100).await;
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert!(
        (body["total"].as_f64().unwrap() - 10.0).abs() < 1e-9 && body["end"] == "2026-10-25T23:00:00Z",
        "{body}"
    );
    for wrong in [0..96, 1..100, 0..0] {
        assert_eq!(post(wrong).await.status(), 400);
    }
}

#[tokio::test]
async fn a_webhook_goes_to_this_machine_only() {
    let emulator = started(|_| ()).await;
    let mut call = WebhookCall::default();
    "http://192.0.2.1/hook".clone_into(&mut call.url);
    assert_eq!(emulator.send_webhook(&call).await, None);
}
