//! Events of the provider.

use std::sync::atomic::Ordering;

use offpeak_emulator::WebhookCall;
use reqwest::Method;

use crate::support::World;

fn call(world: &World) -> WebhookCall {
    let mut call = WebhookCall::default();
    call.url = format!("{}/webhooks/nomos", world.base);
    call
}

async fn send(world: &World, call: &WebhookCall) -> u16 {
    world.emulator.send_webhook(call).await.unwrap().status
}

#[tokio::test]
async fn an_activation_is_kept_told_once_and_not_again_when_repeated() {
    let world = World::start().await;
    let mut call = call(&world);
    call.event = Some("evt_1".to_owned());
    assert_eq!(send(&world, &call).await, 200);
    world.until(r#"offpeak_webhook_events_total{outcome="done"} 1"#).await;
    assert_eq!(send(&world, &call).await, 200);
    assert!(world.metric(r#"offpeak_webhook_events_total{outcome="repeated"} 1"#).await);
    call.event = Some("evt_2".to_owned());
    call.topic = "subscription.ended".to_owned();
    assert_eq!(send(&world, &call).await, 200);
    world.until(r#"offpeak_webhook_events_total{outcome="not_needed"} 1"#).await;
    assert_eq!(*world.told.subscriptions.lock().unwrap(), ["sub_emu00000001c"]);
}

#[tokio::test]
async fn forged_and_stale_events_are_refused_and_never_told() {
    let world = World::start().await;
    let mut forged = call(&world);
    forged.forged = true;
    assert_eq!(send(&world, &forged).await, 401);
    for skew in [-310, 310] {
        let mut stale = call(&world);
        stale.skew_s = skew;
        assert_eq!(send(&world, &stale).await, 401, "{skew}");
    }
    let mut browser = world.browser();
    let unsigned = browser.request(Method::POST, "/webhooks/nomos").body(r#"{"id":"e","topic":"t"}"#);
    assert_eq!(browser.send(unsigned).await.status(), 401);
    assert!(world.metric(r#"offpeak_webhook_events_total{outcome="stale"} 2"#).await);
    assert!(!world.metric(r#"offpeak_webhook_events_total{outcome="kept"} 1"#).await);
    assert!(world.told.subscriptions.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_fails_is_tried_again_until_it_is_done() {
    let world = World::start().await;
    world.told.failures.store(2, Ordering::Relaxed);
    assert_eq!(send(&world, &call(&world)).await, 200);
    world.until(r#"offpeak_webhook_events_total{outcome="done"} 1"#).await;
    assert!(world.metric(r#"offpeak_webhook_events_total{outcome="failed"} 2"#).await);
}

#[tokio::test]
async fn an_event_that_was_kept_outlives_the_process() {
    let world = World::start().await;
    world.told.failures.store(i64::MAX, Ordering::Relaxed);
    assert_eq!(send(&world, &call(&world)).await, 200);
    let World { emulator: _emulator, server, clock, config, folder: _folder, .. } = world;
    server.shutdown().await;
    let told = std::sync::Arc::new(crate::support::Told::default());
    let again = crate::support::started(&config, &clock, &told).await;
    for _ in 0..100 {
        if !told.subscriptions.lock().unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(*told.subscriptions.lock().unwrap(), ["sub_emu00000001c"]);
    again.shutdown().await;
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read() {
    let world = World::start().await;
    let mut browser = world.browser();
    let huge = browser.request(Method::POST, "/webhooks/nomos").body(vec![b' '; 64 * 1024 + 1]);
    assert_eq!(browser.send(huge).await.status(), 413);
    assert_eq!(browser.post("/webhooks/other", &[]).await.status(), 404);
}
