//! A played provider, tokens of its customers, and tables read back.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Berlin;
use offpeak_emulator::{Emulator, EmulatorConfig, fixed_clock};
use offpeak_ingest::{AccessTokens, Folders, IngestError, Sync, SyncOptions, TokenFailure};
use offpeak_providers::{BaseUrl, Budget, Http, HttpSettings, LocalDays, Nomos};
use secrecy::{ExposeSecret as _, SecretString};

/// The label under which the emulator counts prices.
pub(crate) const PRICES: &str = "GET /subscriptions/{id}/prices";
/// The label under which it counts lists of subscriptions.
pub(crate) const LISTS: &str = "GET /subscriptions";

/// An emulator of so many customers at a time.
pub(crate) async fn emulator(customers: u32, now: &str) -> Arc<Emulator> {
    let mut config = EmulatorConfig::new(fixed_clock(now.parse().unwrap()));
    config.customers = customers;
    Arc::new(Emulator::start(config).await.unwrap())
}

/// Customers `home-1` and on.
pub(crate) fn customers(count: u32) -> BTreeSet<String> {
    (1..=count).map(|number| format!("home-{number}")).collect()
}

pub(crate) fn number(customer: &str) -> u32 {
    customer.strip_prefix("home-").unwrap().parse().unwrap()
}

/// Tokens as consents would give them; a rejected one is replaced.
pub(crate) struct Consents {
    pub(crate) emulator: Arc<Emulator>,
    pub(crate) held: Mutex<HashMap<String, SecretString>>,
    /// Customers who took their consent back.
    pub(crate) gone: BTreeSet<String>,
}

impl Consents {
    pub(crate) fn of(emulator: &Arc<Emulator>) -> Arc<Self> {
        Self::without(emulator, &[])
    }

    pub(crate) fn without(emulator: &Arc<Emulator>, gone: &[&str]) -> Arc<Self> {
        let gone = gone.iter().map(|one| (*one).to_owned()).collect();
        Arc::new(Self { emulator: Arc::clone(emulator), held: Mutex::default(), gone })
    }
}

impl AccessTokens for Consents {
    async fn access_token(&self, customer: &str) -> Result<SecretString, TokenFailure> {
        if self.gone.contains(customer) {
            return Err(TokenFailure::NeedsConsent("the customer took it back".to_owned()));
        }
        let mut held = self.held.lock().unwrap();
        let fresh = || self.emulator.consent(number(customer)).unwrap().access;
        Ok(held.entry(customer.to_owned()).or_insert_with(fresh).clone())
    }

    async fn reject(&self, customer: &str, token: &SecretString) {
        let mut held = self.held.lock().unwrap();
        if held.get(customer).is_some_and(|one| one.expose_secret() == token.expose_secret()) {
            held.remove(customer);
        }
    }
}

/// A client of the emulator.
pub(crate) fn nomos(emulator: &Emulator, budget: Budget) -> Nomos {
    let now = emulator.now();
    let settings = HttpSettings {
        first_backoff: Duration::from_millis(20),
        longest_wait: Duration::from_secs(2),
        ..HttpSettings::default()
    };
    let http = Http::new(settings, Arc::new(budget), 7, Arc::new(move || now)).unwrap();
    Nomos::new(Arc::new(http), BaseUrl::parse(emulator.base_url()).unwrap())
}

/// A sync that works in a folder.
pub(crate) fn sync<A: AccessTokens>(emulator: &Emulator, tokens: &Arc<A>, folder: &Path) -> Sync<A> {
    sync_with(&nomos(emulator, Budget::unlimited()), tokens, folder, emulator.now())
}

pub(crate) fn sync_with<A: AccessTokens>(
    nomos: &Nomos,
    tokens: &Arc<A>,
    folder: &Path,
    now: DateTime<Utc>,
) -> Sync<A> {
    let folders = Folders { state: folder.join("state"), tables: folder.join("fleet") };
    for _ in 0..100 {
        match Sync::new(nomos.clone(), Arc::clone(tokens), folders.clone(), SyncOptions::default(), now) {
            // The tasks of a run that was dropped end soon after it.
            Err(IngestError::InUse { .. }) => std::thread::sleep(Duration::from_millis(20)),
            other => return other.unwrap(),
        }
    }
    panic!("still in use")
}

pub(crate) fn day(text: &str) -> LocalDays {
    LocalDays::one(text.parse().unwrap(), Berlin)
}

/// A table by the columns asked for, read by a tool that shares no code with its writer.
pub(crate) fn table(folder: &Path, name: &str, columns: &[&str]) -> Vec<BTreeMap<String, String>> {
    use polars::prelude::{ParquetReader, SerReader as _};
    let path = folder.join("fleet").join(format!("{name}.parquet"));
    let Ok(file) = std::fs::File::open(path) else { return Vec::new() };
    let frame = ParquetReader::new(file).finish().unwrap();
    let columns: Vec<_> = columns.iter().map(|name| (*name, frame.column(name).unwrap())).collect();
    let cell = |column: &polars::prelude::Column, row: usize| {
        let value = column.get(row).unwrap();
        value.get_str().map_or_else(|| value.to_string(), str::to_owned)
    };
    let row = |row| columns.iter().map(|(name, column)| ((*name).to_owned(), cell(column, row))).collect();
    (0..frame.height()).map(row).collect()
}
