//! Usage, invoices and reductions as the provider documents them.

use crate::support::{nomos, token};
use chrono::Duration;
use chrono_tz::Europe::Berlin;
use offpeak_providers::{
    Energy, GridFeeModule, InvoiceKind, InvoiceStatus, LocalDays, MeterKind, Money, ProviderError,
    UsageSeries, UsageStatus,
};
use serde_json::{Value, json};
use wiremock::matchers::{any, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn day() -> LocalDays {
    LocalDays::one("2026-10-25".parse().unwrap(), Berlin)
}

fn readings(change: impl FnOnce(&mut Vec<Value>)) -> Value {
    let mut data: Vec<Value> = (0..100)
        .map(|index| json!({"start": (day().start_utc() + Duration::minutes(15 * index)).to_rfc3339(), "usage": 0.2, "type": "final"}))
        .collect();
    change(&mut data);
    json!({"object": "usage", "meter_type": "smart", "resolution": "15min", "data": data})
}

async fn usage(body: Value) -> Result<UsageSeries, ProviderError> {
    let server = MockServer::start().await;
    Mock::given(path("/subscriptions/sub_1/usage"))
        .and(query_param("start", "2026-10-25"))
        .and(query_param("end", "2026-10-26"))
        .and(query_param("resolution", "15min"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(&server)
        .await;
    nomos(&server).usage(&token(), "sub_1", day()).await
}

#[tokio::test]
async fn a_day_of_a_hundred_quarters_is_whole_and_its_end_is_asked_for_exclusively() {
    let series = usage(readings(|data| data.reverse())).await.unwrap();
    assert_eq!((series.readings.len(), series.missing.len(), series.meter), (100, 0, MeterKind::Smart));
    assert_eq!(series.readings.iter().map(|reading| reading.energy).sum::<Energy>(), Energy(20_000_000));
}

#[tokio::test]
async fn what_the_meter_does_not_tell_is_missing_and_not_zero() {
    let series = usage(readings(|data| {
        data[7]["usage"] = Value::Null;
        data[8]["type"] = json!("preliminary");
        data.remove(3);
        data.push(data[0].clone());
    }));
    let series = series.await.unwrap();
    let start = day().start_utc();
    assert_eq!(series.missing, [start + Duration::minutes(45), start + Duration::minutes(105)]);
    assert_eq!(series.readings.len(), 98);
    assert_eq!(
        series.readings.iter().filter(|reading| reading.status == UsageStatus::Preliminary).count(),
        1
    );
    let nothing = usage(json!({"object": "usage", "meter_type": "smart", "resolution": "15min", "data": []}));
    assert_eq!(nothing.await.unwrap().missing.len(), 100);
}

#[tokio::test]
async fn readings_that_cannot_be_are_named() {
    for (body, expected) in [
        (readings(|data| data[0]["usage"] = json!(-0.1)), "usage in the answer: -0.1; must be"),
        (
            readings(|data| data.push(json!({"start": data[0]["start"], "usage": 9, "type": "final"}))),
            "two different values",
        ),
        (readings(|data| data[5]["start"] = json!("2026-10-25T00:01:00Z")), "starts at 2026-10-25T00:01:00Z"),
        (readings(|data| data[5]["start"] = json!("2026-10-25T00:15:00")), "must be a time stamp with Z"),
    ] {
        let error = usage(body).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn an_analog_meter_tells_months() {
    let month = json!({"object": "usage", "meter_type": "analog", "resolution": "month",
        "data": [{"start": "2026-10-24T22:00:00Z", "usage": 210.5, "type": "preliminary"}]});
    let series = usage(month).await.unwrap();
    assert_eq!((series.resolution.as_prices(), series.missing.len(), series.readings.len()), (None, 0, 1));
}

#[tokio::test]
async fn invoices_of_three_kinds_and_only_those_asked_for() {
    let server = MockServer::start().await;
    let invoice = |id: &str, subscription: &str, kind: &str, extra: Value| {
        let mut one = json!({"object": "invoice", "id": id, "customer": "cus", "subscription": subscription, "invoice_number": "N",
            "month": 4, "year": 2025, "period_start": "2025-03-31T22:00:00Z", "period_end": "2025-04-30T22:00:00Z",
            "period_number": 3, "status": "paid", "type": kind, "total": 110.04});
        one.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        one
    };
    let items = [
        invoice("i1", "sub_1", "usage", json!({"usage": 312.25})),
        invoice("i2", "sub_1", "prepayment", json!({"status": "uncollectible"})),
        invoice("i3", "sub_1", "void", json!({"voids": "i1", "total": -99})),
        invoice("i4", "sub_2", "usage", json!({"usage": 1})),
    ];
    Mock::given(path("/invoices"))
        .and(query_param("filter[subscription][eq]", "sub_1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"object": "list", "items": items})))
        .mount(&server)
        .await;
    let invoices = nomos(&server).invoices(&token(), "sub_1").await.unwrap();
    assert_eq!(invoices.len(), 3, "the filter may be ignored without a word");
    assert_eq!(invoices[0].kind, InvoiceKind::Usage { energy: Energy(312_250_000) });
    assert_eq!((invoices[0].total, invoices[2].total), (Money(1_100_400_000), Money(-990_000_000)));
    assert_eq!(invoices[1].status, InvoiceStatus::Uncollectible);
    assert_eq!(invoices[2].kind, InvoiceKind::Void { voids: "i1".into() });
}

#[tokio::test]
async fn only_an_activated_reduction_counts_and_only_within_its_validity() {
    let server = MockServer::start().await;
    let item = |status: &str, from: Value| {
        json!({"object": "grid_fee_reduction", "id": "g", "subscription": "s", "customer": "c", "type": "enwg-14a-module-3",
            "status": status, "valid_from": from, "valid_until": "2027-01-01T00:00:00Z", "created_at": "", "updated_at": ""})
    };
    let items = [
        item("activated", json!("2026-01-01T00:00:00Z")),
        item("activated", Value::Null),
        item("ordered", json!("2026-01-01T00:00:00Z")),
    ];
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"object": "list", "items": items})))
        .mount(&server)
        .await;
    let all = nomos(&server).grid_fee_reductions(&token()).await.unwrap();
    let at = |text: &str| all.iter().map(|one| one.counts_at(text.parse().unwrap())).collect::<Vec<_>>();
    assert_eq!(at("2026-06-01T00:00:00Z"), [true, false, false]);
    assert_eq!(at("2027-01-01T00:00:00Z"), [false; 3]);
    assert_eq!(all[0].module, GridFeeModule::Three);
}
