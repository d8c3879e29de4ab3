//! The database and the key that opens what is in it.

use std::io::Read;
use std::path::Path;

use offpeak_consent::{Clock, Store};

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
    if let Some(path) = &config.store.sqlite {
        findings.push(write_ahead(&config.folder().join(path)));
    }
    findings.push(key(config, &store).await);
    findings.extend(contents(config, &store).await);
    store.close().await;
    findings
}

/// Whether the file is in WAL mode: its header says so in two bytes (sqlite.org/fileformat.html, offsets 18 and 19).
fn write_ahead(path: &Path) -> Finding {
    let about = "database";
    let mut header = [0_u8; 20];
    match std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut header)) {
        Ok(()) if header[18..] == [2, 2] => Finding::good(about, "writes ahead (WAL)"),
        Ok(()) => Finding::bad(about, "does not write ahead (WAL)", "put the file on a local disk"),
        Err(error) => Finding::bad(about, format!("{}: {error}", path.display()), "see to the file's owner"),
    }
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
