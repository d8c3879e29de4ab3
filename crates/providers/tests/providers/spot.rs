//! Day-ahead prices as Energy-Charts and SMARD publish them; the answers are built from public recordings of their form.

use crate::support::{base, http, quick};
use chrono::Duration;
use chrono_tz::Europe::Berlin;
use offpeak_providers::{
    BiddingZone, Budget, EnergyCharts, Gap, LocalDays, Price, PriceKind, PriceSource as _, ProviderError,
    Publication, Resolution, Smard, Vat,
};
use serde_json::{Value, json};
use wiremock::matchers::{any, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn days(first: &str, last: &str) -> LocalDays {
    LocalDays::new(first.parse().unwrap(), last.parse().unwrap(), Berlin).unwrap()
}

/// Starts of the days with a price of its own each: hours before 2025-10-01 and quarters after.
fn points(days: LocalDays) -> Vec<(i64, Value)> {
    let change = self::days("2025-10-01", "2025-10-01").start_utc();
    let mut start = days.start_utc();
    let mut points = Vec::new();
    while start < days.end_utc() {
        points.push((start.timestamp(), json!(points.len() as f64 * 0.25 - 3.0)));
        start += Duration::minutes(if start < change { 60 } else { 15 });
    }
    points
}

async fn energy_charts(
    points: &[(i64, Value)],
    unit: &str,
    days: LocalDays,
) -> Result<Publication, ProviderError> {
    let server = MockServer::start().await;
    let (seconds, prices): (Vec<i64>, Vec<Value>) = points.iter().cloned().unzip();
    let body = json!({"license_info": "CC BY 4.0", "unix_seconds": seconds, "price": prices, "unit": unit, "deprecated": false});
    Mock::given(path("/price"))
        .and(query_param("bzn", "DE-LU"))
        .and(query_param("start", days.first().to_string()))
        .and(query_param("end", days.last().to_string()))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(&server)
        .await;
    let source = EnergyCharts::new(http(quick(), Budget::unlimited()), base(&server));
    source.prices(&BiddingZone::parse("DE-LU").unwrap(), days).await
}

#[tokio::test]
async fn quarters_hours_and_the_change_between_them() {
    for (first, last, resolution, count) in [
        ("2025-10-01", "2025-10-01", Resolution::QuarterHour, 96),
        ("2025-10-26", "2025-10-26", Resolution::QuarterHour, 100),
        ("2025-03-30", "2025-03-31", Resolution::Hour, 47),
        ("2025-09-30", "2025-10-01", Resolution::QuarterHour, 192),
    ] {
        let days = days(first, last);
        let published = energy_charts(&points(days), "EUR / MWh", days).await.unwrap();
        let Publication::Complete(series) = published else { panic!("{published:?}") };
        assert_eq!((series.resolution, series.prices.len()), (resolution, count));
        assert_eq!((series.kind, series.vat), (PriceKind::Spot, Vat::Excluded));
        // -3 EUR/MWh are -0.3 ct/kWh.
        assert_eq!(series.prices[0], Price(-30_000));
        if first == "2025-09-30" {
            assert_eq!(
                series.prices[..5],
                [-30_000, -30_000, -30_000, -30_000, -27_500].map(Price),
                "an hour's price holds"
            );
        }
    }
}

#[tokio::test]
async fn prices_to_come_are_not_published_yet() {
    let both = days("2025-10-01", "2025-10-02");
    let mut points = points(both);
    points[150].1 = Value::Null;
    let Publication::NotYetPublished { days, before } =
        energy_charts(&points, "EUR/MWh", both).await.unwrap()
    else {
        panic!("complete")
    };
    assert_eq!(days.len(), 1);
    assert_eq!(days[0].gap, Gap::Null(both.start_utc() + Duration::minutes(15 * 150)));
    assert_eq!(before.unwrap().prices.len(), 96);
    let none = energy_charts(&[], "EUR / MWh", both).await.unwrap();
    assert_eq!(none.unpublished().len(), 2);
}

#[tokio::test]
async fn an_hour_that_is_missing_on_the_eve_of_quarters_stays_missing() {
    let both = days("2025-09-30", "2025-10-01");
    let mut points = points(both);
    points.remove(4);
    let Publication::NotYetPublished { days, before: None } =
        energy_charts(&points, "EUR / MWh", both).await.unwrap()
    else {
        panic!("complete")
    };
    assert_eq!(days[0].gap, Gap::Missing(both.start_utc() + Duration::hours(4)));
}

#[tokio::test]
async fn another_unit_and_unpaired_lists_are_named() {
    let day = days("2025-10-01", "2025-10-01");
    let error = energy_charts(&points(day), "ct/kWh", day).await.unwrap_err().to_string();
    assert!(error.contains("unit in the answer: ct/kWh; must be EUR / MWh"), "{error}");
    let server = MockServer::start().await;
    let body = json!({"unix_seconds": [1], "price": [], "unit": "EUR / MWh"});
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(body)).mount(&server).await;
    let source = EnergyCharts::new(http(quick(), Budget::unlimited()), base(&server));
    let error = source.prices(&BiddingZone::parse("DE-LU").unwrap(), day).await.unwrap_err().to_string();
    assert!(error.contains("1 starts and 0 prices"), "{error}");
    assert!(BiddingZone::parse("DE/LU?x=").is_err());
}

#[tokio::test]
async fn weeks_of_files_are_joined_across_the_change_to_quarters() {
    let server = MockServer::start().await;
    let span = days("2025-09-30", "2025-10-06");
    let week = |first: &str, last: &str| self::days(first, last);
    let serve = |name: String, body: Value| {
        Mock::given(path(format!("/4169/DE/{name}")))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&server)
    };
    let millis = |days: LocalDays| days.start_utc().timestamp_millis();
    let (one, two) = (week("2025-09-29", "2025-10-05"), week("2025-10-06", "2025-10-12"));
    let starts = json!({"timestamps": [millis(two), millis(one)]});
    for (resolution, minutes) in [("hour", 60), ("quarterhour", 15)] {
        serve(format!("index_{resolution}.json"), starts.clone()).await;
        for week in [one, two] {
            let count = (week.end_utc() - week.start_utc()).num_minutes() / minutes;
            let series: Vec<Value> = (0..count)
                .map(|index| {
                    let start = week.start_utc() + Duration::minutes(minutes * index);
                    json!([start.timestamp_millis(), start.timestamp() % 100_000 / 900])
                })
                .collect();
            let name = format!("4169_DE_{resolution}_{}.json", millis(week));
            serve(name, json!({"meta_data": {"version": 1}, "series": series})).await;
        }
    }
    let source = Smard::new(http(quick(), Budget::unlimited()), base(&server));
    let published = source.prices(&BiddingZone::parse("DE-LU").unwrap(), span).await.unwrap();
    let Publication::Complete(series) = published else { panic!("{published:?}") };
    assert_eq!(series.prices.len(), 7 * 96);
    assert!(source.prices(&BiddingZone::parse("AT").unwrap(), span).await.is_err());
}
