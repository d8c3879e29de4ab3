//! What the command line calls: prices, usage and bills of all customers.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use offpeak_providers::{LocalDays, Nomos};

use crate::bill::{self, BillJob};
use crate::customers::CustomerList;
use crate::error::IngestError;
use crate::known::Known;
use crate::log::{Log, WholeLog};
use crate::outcome::Summary;
use crate::prices::{self, PriceJob};
use crate::reach::Reach;
use crate::run::{Job, Progress, run};
use crate::tokens::AccessTokens;
use crate::usage::{self, UsageJob};

/// Where a run keeps what it has done, and where its tables go; both are made if they are not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Logs and known subscriptions; for one run at a time.
    pub state: PathBuf,
    /// The tables; earlier ones of the same names are replaced when all new ones are whole.
    pub tables: PathBuf,
}

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
        self.run("prices", &job, list, days, progress, prices::write_tables).await
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
        self.run("usage", &job, list, days, progress, usage::write_tables).await
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
        self.run("bill", &job, list, days, progress, bill::write_tables).await
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
        list: &impl CustomerList,
        days: LocalDays,
        progress: &mut (dyn FnMut(&Progress<'_>) + Send),
        write: impl FnOnce(&WholeLog, &Path) -> Result<(), IngestError>,
    ) -> Result<Summary, IngestError> {
        let path = self.folders.state.join(format!("{name}-{}-{}.log", days.first(), days.last()));
        if self.options.again && path.exists() {
            fs::remove_file(&path).map_err(IngestError::file(&path))?;
        }
        let mut log = Log::open::<J::Record, J::Shared>(&path)?;
        let of_run = run(job, list, &mut log, self.options.at_once, progress).await?;
        let log = log.finish()?;
        write(&log, &self.folders.tables)?;
        let mut summary = log.summary::<J::Record, J::Shared>()?;
        summary.resumed = of_run.resumed;
        Ok(summary)
    }
}
