//! Works on kept events until each is done, whatever happens in between.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use offpeak_consent::{StoreError, WebhookEvent};
use tokio_util::sync::CancellationToken;

use super::Trigger;
use super::event::activation;
use crate::app::App;

/// How often the store is looked at if nobody wakes the worker: another process may have kept an event.
const LOOK: Duration = Duration::from_secs(30);
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_mins(15);
const BATCH: u32 = 1000;
/// The provider repeats an id for under three days.
const KEEP_DAYS: i64 = 30;

pub(crate) struct Worker {
    app: Arc<App>,
    trigger: Arc<dyn Trigger>,
    stop: CancellationToken,
    /// Events that failed: how often, and when to try again.
    waiting: BTreeMap<String, (u32, Instant)>,
}

impl Worker {
    pub(crate) fn new(app: Arc<App>, trigger: Arc<dyn Trigger>, stop: CancellationToken) -> Self {
        Self { app, trigger, stop, waiting: BTreeMap::new() }
    }

    /// Until the service stops; an event under way is finished first.
    pub(crate) async fn run(mut self) {
        while !self.stop.is_cancelled() {
            if let Err(error) = self.pass().await {
                tracing::error!(%error, "kept events cannot be worked on");
            }
            let next =
                self.waiting.values().map(|(_, at)| at.saturating_duration_since(Instant::now())).min();
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = self.app.kept.notified() => {}
                () = tokio::time::sleep(next.unwrap_or(LOOK).min(LOOK)) => {}
            }
        }
    }

    async fn pass(&mut self) -> Result<(), StoreError> {
        let store = self.app.store.clone();
        for event in store.open_events(BATCH).await? {
            let due = self.waiting.get(&event.id).is_none_or(|(_, at)| *at <= Instant::now());
            if !due || self.stop.is_cancelled() {
                continue;
            }
            if self.told(&event).await {
                store.close_event(&event.id, self.app.now()).await?;
                self.waiting.remove(&event.id);
            }
        }
        store.prune_events(self.app.now() - TimeDelta::days(KEEP_DAYS)).await.map(drop)
    }

    /// Whether the event is done.
    async fn told(&mut self, event: &WebhookEvent) -> bool {
        let Some(activation) = activation(&event.body) else {
            self.app.metrics.webhook("not_needed");
            return true;
        };
        match self.trigger.on_activation(&activation, &self.app.tokens).await {
            Ok(()) => {
                self.app.metrics.webhook("done");
                true
            }
            Err(cause) => {
                self.app.metrics.webhook("failed");
                let (failed, at) = self.waiting.entry(event.id.clone()).or_insert((0, Instant::now()));
                *at = Instant::now() + LONGEST_WAIT.min(FIRST_WAIT * 2_u32.saturating_pow((*failed).min(16)));
                *failed += 1;
                tracing::warn!(event = event.id, failed, cause, "an activation could not be worked on");
                false
            }
        }
    }
}
