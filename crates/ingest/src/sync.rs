//! What the command line calls: prices, usage and bills of all customers.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use offpeak_providers::{LocalDays, Nomos, NomosOrganisation};

use crate::bill::{self, BillJob};
use crate::customers::CustomerList;
use crate::error::IngestError;
use crate::known::{Known, Listed};
use crate::log::{Log, WholeLog};
use crate::outcome::Summary;
use crate::prices::{self, PriceJob};
use crate::reach::Reach;
use crate::run::{Job, Progress, run};
use crate::tokens::{AccessTokens, TokenFailure};
use crate::usage::{self, UsageJob};

/// Where a run keeps what it has done, and where its tables go; both are made if they are not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Logs and known subscriptions; for one run at a time.
    pub state: PathBuf,
    /// The tables; earlier ones of the same names are replaced when all new ones are whole.
    pub tables: PathBuf,
}

/// Whom an organisation's own token is asked for: it is the same for all customers.
const ORGANISATION: &str = "organisation";

/// The name of logs of prices.
const PRICES: &str = "prices";

/// How many customers are looked at together.
const PAGE: usize = 500;

/// How a run goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncOptions {
    /// How many customers are asked for at once.
    pub at_once: usize,
    /// For how long a list of a customer's subscriptions is believed.
    pub listed_for: Duration,
    /// Whether to begin anew what an earlier run has done for the same days.
    pub again: bool,
}

impl Default for SyncOptions {
    fn default() -> Self {
        Self { at_once: 32, listed_for: Duration::days(7), again: false }
    }
}

/// A sync with one provider.
///
/// A run may be dropped at any time; its folders are free again as soon as its last tasks have ended.
pub struct Sync<A> {
    reach: Arc<Reach<A>>,
    folders: Folders,
    options: SyncOptions,
}

impl<A: AccessTokens> Sync<A> {
    /// A sync that works in `folders`; `now` dates the lists of subscriptions.
    ///
    /// # Errors
    /// [`IngestError`] if the folders cannot be used, or another run uses them.
    pub fn new(
        nomos: Nomos,
        tokens: Arc<A>,
        folders: Folders,
        options: SyncOptions,
        now: DateTime<Utc>,
    ) -> Result<Self, IngestError> {
        if options.at_once == 0 {
            let (found, allowed) = ("0".to_owned(), "must be at least 1");
            return Err(IngestError::Setting { name: "customers at once", found, allowed });
        }
        for folder in [&folders.state, &folders.tables] {
            fs::create_dir_all(folder).map_err(IngestError::file(folder))?;
        }
        let known = Known::open(&folders.state.join("subscriptions.log"))?;
        let reach = Reach { nomos, tokens, known, now, listed_for: options.listed_for };
        Ok(Self { reach: Arc::new(reach), folders, options })
    }

    /// Asks for the prices of all customers and writes `prices`, `tariffs` and `customers`.
    ///
    /// Customers that an earlier run has done for the same days are not asked for again.
    ///
    /// # Errors
    /// [`IngestError`] if the list, the state or the tables fail; never for what concerns one customer.
    pub async fn prices(
        &self,
        list: &impl CustomerList,
        days: LocalDays,
        progress: &mut (dyn FnMut(&Progress<'_>) + Send),
    ) -> Result<Summary, IngestError> {
        let job = Arc::new(PriceJob { reach: Arc::clone(&self.reach), days });
        self.run(PRICES, &job, (list, false), days, progress, prices::write_tables).await
    }

    /// After `subscription.activated`, which names no customer: asks again for the prices of all of `list` who are not known
    /// to have a subscription, for the days of the last sync of prices, or for `days` if there was none.
    ///
    /// # Errors
    /// As of [`Sync::prices`].
    pub async fn activated(
        &self,
        list: &impl CustomerList,
        days: LocalDays,
        progress: &mut (dyn FnMut(&Progress<'_>) + Send),
    ) -> Result<Summary, IngestError> {
        let mut waiting = BTreeSet::new();
        let mut page = list.after(None, PAGE).await?;
        while let Some(last) = page.last().cloned() {
            waiting.extend(page.into_iter().filter(|customer| !self.reach.known.has_any(customer)));
            page = list.after(Some(&last), PAGE).await?;
        }
        let days = last_days(&self.folders.state, days)?;
        let job = Arc::new(PriceJob { reach: Arc::clone(&self.reach), days });
        self.run(PRICES, &job, (&waiting, true), days, progress, prices::write_tables).await
    }

    /// Asks for the usage of all customers and writes `usage` and `usage_customers`.
    ///
    /// # Errors
    /// As of [`Sync::prices`].
    pub async fn usage(
        &self,
        list: &impl CustomerList,
        days: LocalDays,
        progress: &mut (dyn FnMut(&Progress<'_>) + Send),
    ) -> Result<Summary, IngestError> {
        let job = Arc::new(UsageJob { reach: Arc::clone(&self.reach), days });
        self.run("usage", &job, (list, false), days, progress, usage::write_tables).await
    }

    /// Bills all customers, month by month, and writes `bills`, `bill_gaps` and `bill_customers`.
    ///
    /// # Errors
    /// As of [`Sync::prices`].
    pub async fn bill(
        &self,
        list: &impl CustomerList,
        days: LocalDays,
        progress: &mut (dyn FnMut(&Progress<'_>) + Send),
    ) -> Result<Summary, IngestError> {
        let job = Arc::new(BillJob { reach: Arc::clone(&self.reach), days });
        self.run("bill", &job, (list, false), days, progress, bill::write_tables).await
    }

    /// The customers of an organisation, from one walk over their active subscriptions; the list for the calls below and above,
    /// none of which then lists them again.
    ///
    /// # Errors
    /// [`IngestError::Customers`] if the provider does not give the list; or if the state cannot be written.
    pub async fn customers_of_organisation(&self) -> Result<BTreeSet<String>, IngestError> {
        let nobody = |failure: String| IngestError::Customers(failure);
        let token = self.reach.tokens.access_token(ORGANISATION).await.map_err(|failure| match failure {
            TokenFailure::NeedsConsent(reason) | TokenFailure::Unavailable(reason) => nobody(reason),
        })?;
        let organisation = NomosOrganisation::new(self.reach.nomos.clone());
        let all = organisation.connections(&token).await.map_err(|error| nobody(error.to_string()))?;
        let mut customers = BTreeSet::new();
        for of_one in all.chunk_by(|a, b| a.customer == b.customer) {
            let customer = &of_one[0].customer;
            self.reach.known.set(customer, Some(&Listed::new(of_one, self.reach.now)))?;
            customers.insert(customer.clone());
        }
        Ok(customers)
    }

    /// Forgets the subscriptions of a customer, so that the next run lists them: for `subscription.activated` and its like.
    ///
    /// # Errors
    /// [`IngestError`] if that cannot be written.
    pub fn forget(&self, customer: &str) -> Result<(), IngestError> {
        self.reach.known.set(customer, None)
    }

    async fn run<J: Job>(
        &self,
        name: &str,
        job: &Arc<J>,
        (list, also_done): (&impl CustomerList, bool),
        days: LocalDays,
        progress: &mut (dyn FnMut(&Progress<'_>) + Send),
        write: impl FnOnce(&WholeLog, &Path) -> Result<(), IngestError>,
    ) -> Result<Summary, IngestError> {
        let path = self.folders.state.join(format!("{name}-{}-{}.log", days.first(), days.last()));
        if self.options.again && path.exists() {
            fs::remove_file(&path).map_err(IngestError::file(&path))?;
        }
        let mut log = Log::open::<J::Record, J::Shared>(&path)?;
        let of_run = run(job, list, &mut log, (self.options.at_once, also_done), progress).await?;
        let log = log.finish()?;
        write(&log, &self.folders.tables)?;
        let mut summary = log.summary::<J::Record, J::Shared>()?;
        summary.resumed = of_run.resumed;
        Ok(summary)
    }
}

/// The days of the last log of prices in a folder: the tables hold those, and must not lose all but a few customers.
fn last_days(state: &Path, usual: LocalDays) -> Result<LocalDays, IngestError> {
    let entries = fs::read_dir(state).map_err(IngestError::file(state))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let last = names.filter_map(|name| days_of(&name)).max();
    Ok(last.and_then(|(to, from)| LocalDays::new(from, to, usual.zone()).ok()).unwrap_or(usual))
}

/// Last and first day of `prices-2026-01-15-2026-01-16.log`.
fn days_of(name: &str) -> Option<(NaiveDate, NaiveDate)> {
    let days = name.strip_prefix(PRICES)?.strip_prefix('-')?.strip_suffix(".log")?;
    let (first, last) = (days.get(..10)?, days.get(11..)?);
    Some((last.parse().ok()?, first.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_days_are_those_of_the_log_that_reaches_farthest() {
        let folder = tempfile::tempdir().unwrap();
        let usual = LocalDays::one("2026-02-01".parse().unwrap(), Nomos::ZONE);
        assert_eq!(last_days(folder.path(), usual).unwrap(), usual);
        for name in [
            "prices-2026-01-14-2026-01-15.log",
            "prices-2026-01-15-2026-01-15.log",
            "usage-2026-03-01-2026-03-31.log",
            "prices-2026-01-16.log",
            "prices-x.log",
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let last = last_days(folder.path(), usual).unwrap();
        assert_eq!(
            (last.first().to_string(), last.last().to_string()),
            ("2026-01-15".into(), "2026-01-15".into())
        );
    }
}
