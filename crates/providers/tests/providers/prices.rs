//! The prices of one subscription, from a played provider.

use crate::support::{nomos, token};
use chrono_tz::Europe::Berlin;
use offpeak_providers::{
    Direction, LocalDays, NomosSeries, Price, PriceSource as _, ProviderError, Publication,
};
use serde_json::json;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn of(subscription: &str) -> NomosSeries {
    NomosSeries { token: token(), subscription: subscription.into(), direction: Direction::Consumption }
}

#[tokio::test]
async fn a_day_is_asked_for_as_documented_and_comes_in_integers() {
    let server = MockServer::start().await;
    let day = LocalDays::one("2026-03-29".parse().unwrap(), Berlin);
    let items: Vec<_> = (0..23)
        .map(|hour| {
            let start = day.start_utc() + chrono::Duration::hours(hour);
            json!({"timestamp": start.to_rfc3339(), "amount": 24.44 - hour as f64, "components": []})
        })
        .collect();
    let body = json!({"object": "price", "subscription": "sub_1", "period": {"start": "2026-03-29", "end": "2026-03-29"},
        "unit": "ct/kWh", "currency": "EUR", "resolution": "hourly", "reference": "EPEX", "items": items});
    Mock::given(method("GET"))
        .and(path("/subscriptions/sub_1/prices"))
        .and(query_param("start", "2026-03-29"))
        .and(query_param("end", "2026-03-29"))
        .and(header("x-api-version", "2026-05-27.curie"))
        .and(header("authorization", "Bearer canary-token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .expect(1)
        .mount(&server)
        .await;
    let Publication::Complete(series) = nomos(&server).prices(&of("sub_1"), day).await.unwrap() else {
        panic!("not complete")
    };
    assert_eq!(series.prices.len(), 23);
    assert_eq!(series.prices[..2], [Price(2_444_000), Price(2_344_000)]);
}

#[tokio::test]
async fn an_id_that_would_lead_elsewhere_is_not_sent() {
    let server = MockServer::start().await;
    let day = LocalDays::one("2026-03-29".parse().unwrap(), Berlin);
    for id in ["", "..", "a b", "ä"] {
        let error = nomos(&server).prices(&of(id), day).await.unwrap_err();
        assert!(matches!(error, ProviderError::Setting { name: "id", .. }), "{error}");
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}
