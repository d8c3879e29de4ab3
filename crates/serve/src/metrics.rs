//! Counts for Prometheus. Labels are fixed words: no customer, no id, no secret.

use std::sync::Arc;

use offpeak_consent::{Gate, Options, Step};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

type Labels = [(&'static str, &'static str); 1];
type Counts = Family<Labels, Counter>;

/// States of a consent as the store names them.
const STATES: [&str; 4] = ["active", "refreshing", "needs_consent", "revoked_local"];

#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    callbacks: Counts,
    webhooks: Counts,
    handouts: Counts,
    refreshes: Counts,
    logins: Counts,
    consents: Family<Labels, Gauge>,
    kept_answers: Gauge,
    store_up: Gauge,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut made = Self {
            registry: Arc::default(),
            callbacks: Family::default(),
            webhooks: Family::default(),
            handouts: Family::default(),
            refreshes: Family::default(),
            logins: Family::default(),
            consents: Family::default(),
            kept_answers: Gauge::default(),
            store_up: Gauge::default(),
        };
        let mut all = Registry::with_prefix("offpeak");
        all.register("callbacks", "Browsers that came back, by outcome", made.callbacks.clone());
        all.register("webhook_events", "Webhook calls, by what became of them", made.webhooks.clone());
        all.register("token_handouts", "Answers of the token endpoint, by outcome", made.handouts.clone());
        all.register("refreshes", "Refreshes of this process, by the step reached", made.refreshes.clone());
        all.register("operator_logins", "Attempts to sign in, by outcome", made.logins.clone());
        all.register("consents", "Customers, by the state of their consent", made.consents.clone());
        let help = "Token answers that never became tokens: each is worth a look";
        all.register("kept_answers", help, made.kept_answers.clone());
        all.register("store_up", "Whether the database answers", made.store_up.clone());
        made.registry = Arc::new(all);
        made
    }

    /// How refreshes tell of their steps.
    pub(crate) fn options(&self, before_refresh: Option<Gate>) -> Options {
        let refreshes = self.refreshes.clone();
        let note = move |step| {
            if let Some(name) = step_name(step) {
                refreshes.get_or_create(&[("step", name)]).inc();
            }
        };
        Options { on_step: Some(Arc::new(note)), before_refresh, ..Options::default() }
    }

    pub(crate) fn callback(&self, outcome: &'static str) {
        self.callbacks.get_or_create(&[("outcome", outcome)]).inc();
    }

    pub(crate) fn webhook(&self, outcome: &'static str) {
        self.webhooks.get_or_create(&[("outcome", outcome)]).inc();
    }

    pub(crate) fn handout(&self, outcome: &'static str) {
        self.handouts.get_or_create(&[("outcome", outcome)]).inc();
    }

    pub(crate) fn login(&self, outcome: &'static str) {
        self.logins.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// Customers by state and answers set aside, as the store counts them; none if it does not answer.
    pub(crate) fn stored(&self, stored: Option<(&[(String, i64)], usize)>) {
        self.store_up.set(i64::from(stored.is_some()));
        let Some((counts, kept)) = stored else { return };
        for state in STATES {
            let found = counts.iter().find(|(name, _)| name == state).map_or(0, |(_, found)| *found);
            self.consents.get_or_create(&[("state", state)]).set(found);
        }
        self.kept_answers.set(i64::try_from(kept).unwrap_or(i64::MAX));
    }

    /// As text that Prometheus reads.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // A String takes everything.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

fn step_name(step: Step) -> Option<&'static str> {
    match step {
        Step::Sending => Some("sent"),
        Step::Answered => Some("answered"),
        Step::Settled => Some("settled"),
        _ => None,
    }
}
