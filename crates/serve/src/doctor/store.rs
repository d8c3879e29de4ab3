//! The database and the key that opens what is in it.

use offpeak_consent::{Clock, Durability, Store};

use super::Finding;
use crate::{Config, Environment};

/// How many customers' tokens are opened to try the keys.
const SAMPLE: u32 = 50;

pub(super) async fn examine(config: &Config, environment: &Environment, clock: &dyn Clock) -> Vec<Finding> {
    let about = "database";
    let store = match config.store(environment).await {
        Ok(store) => store,
        Err(error) => {
            let advice =
                "see that its folder exists, is on a local disk, and is writable, or that the server runs";
            return vec![Finding::bad(about, error.to_string(), advice)];
        }
    };
    let mut findings = vec![Finding::good(about, "opens, and its tables are those of this version")];
    findings.push(match store.audit(clock.now(), "offpeak", "doctor.examined", None, "").await {
        Ok(()) => Finding::good(about, "can be written to"),
        Err(error) => {
            let advice =
                "refreshes stop while nothing can be written: see to the disk's space and the file's owner";
            Finding::bad(about, error.to_string(), advice)
        }
    });
    findings.extend(durability(&store).await);
    findings.push(key(config, &store).await);
    findings.extend(contents(config, &store).await);
    store.close().await;
    findings
}

/// Whether what is committed survives a power cut.
async fn durability(store: &Store) -> Vec<Finding> {
    let about = "database";
    let settings = match store.durability().await {
        Ok(settings) => settings,
        Err(error) => return vec![Finding::bad(about, error.to_string(), "see to the database")],
    };
    let told = |one: Durability| {
        let found = format!("{} is {}", one.setting, one.found);
        if one.found == one.wanted {
            return Finding::good(about, found);
        }
        let advice = format!(
            "a power cut may lose tokens, and consents with them: it must be {}; a file belongs on a local disk",
            one.wanted
        );
        Finding::bad(about, found, advice)
    };
    settings.into_iter().map(told).collect()
}

/// Opens the tokens of a few customers.
async fn key(config: &Config, store: &Store) -> Finding {
    let about = "key";
    let Ok(provider) = config.provider.id.parse() else {
        return Finding::bad(about, "the provider has no usable id", "mend provider.id");
    };
    let sample = match store.list(&provider, None, SAMPLE).await {
        Ok(sample) => sample,
        Err(error) => return Finding::bad(about, error.to_string(), "see to the database"),
    };
    for consent in &sample {
        if let Err(error) = store.consent(&provider, &consent.customer).await {
            let advice = "name the key that sealed this row beside the new one under [[keys]]";
            return Finding::bad(about, error.to_string(), advice);
        }
    }
    Finding::good(about, format!("opens the tokens of {} customers looked at", sample.len()))
}

/// Customers and answers that somebody should look at.
async fn contents(config: &Config, store: &Store) -> Vec<Finding> {
    let about = "customers";
    let mut findings = Vec::new();
    let Ok(provider) = config.provider.id.parse() else { return findings };
    if let Ok(counts) = store.counts(&provider).await {
        let of = |name: &str| counts.iter().find(|(state, _)| state == name).map_or(0, |(_, count)| *count);
        let (active, lost) = (of("active") + of("refreshing"), of("needs_consent"));
        let found = format!("{active} connected, {lost} must connect again");
        findings.push(if lost == 0 {
            Finding::good(about, found)
        } else {
            Finding::doubtful(about, found, "send each a link: the operator's page says why and makes one")
        });
    }
    if let Ok(kept) = store.kept_bodies().await
        && !kept.is_empty()
    {
        let found =
            format!("{} token answers never became tokens; the oldest of {}", kept.len(), kept[0].customer);
        let advice = "they stay sealed; if the customer needs a consent since then, one of these was it";
        findings.push(Finding::doubtful(about, found, advice));
    }
    findings
}
