//! A job for every customer: so many at once, each alone, all in the log.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::task::{Id, JoinError, JoinSet};

use crate::customers::CustomerList;
use crate::error::IngestError;
use crate::log::{Entry, Log};
use crate::outcome::{Outcome, Summary};

/// How many customers are read from the list at a time.
const PAGE: usize = 500;

/// How far a run is.
#[derive(Debug)]
pub struct Progress<'a> {
    /// Customers that are through, those of earlier runs included.
    pub done: u64,
    /// How many there are, if that is known.
    pub total: Option<u64>,
    /// What came of those of this run.
    pub summary: &'a Summary,
}

/// What came of one customer, and what it may share with others.
pub(crate) struct Done<R, S> {
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<String>,
    pub(crate) records: Vec<R>,
    /// By id.
    pub(crate) shared: Vec<(String, S)>,
}

/// What is to be done for each customer.
pub(crate) trait Job: Send + Sync + 'static {
    type Record: Serialize + DeserializeOwned + Send + 'static;
    type Shared: Serialize + DeserializeOwned + Send + 'static;

    fn run(&self, customer: &str) -> impl Future<Output = Done<Self::Record, Self::Shared>> + Send;
}

/// Customers of a list, page by page.
struct Walk<'a, L> {
    list: &'a L,
    page: std::vec::IntoIter<String>,
    last: Option<String>,
}

impl<L: CustomerList> Walk<'_, L> {
    async fn next(&mut self) -> Result<Option<String>, IngestError> {
        if let Some(one) = self.page.next() {
            self.last = Some(one.clone());
            return Ok(Some(one));
        }
        let page = self.list.after(self.last.as_deref(), PAGE).await?;
        self.page = page.into_iter();
        let next = self.page.next();
        if next.is_some() {
            self.last.clone_from(&next);
        }
        Ok(next)
    }
}

/// Runs a job for all customers that the log does not have done, or for those too where it is told so; dropping the future stops it, and loses nothing.
pub(crate) async fn run<J: Job>(
    job: &Arc<J>,
    list: &impl CustomerList,
    log: &mut Log,
    (at_once, also_done): (usize, bool),
    progress: &mut (dyn FnMut(&Progress<'_>) + Send),
) -> Result<Summary, IngestError> {
    let mut walk = Walk { list, page: Vec::new().into_iter(), last: None };
    let mut tasks = JoinSet::new();
    let mut running: HashMap<Id, String> = HashMap::new();
    let mut summary = Summary::default();
    let (mut done, total, mut more) = (0, list.count(), true);
    loop {
        while more && tasks.len() < at_once {
            match walk.next().await? {
                None => more = false,
                Some(customer) if !also_done && log.is_done(&customer) => {
                    summary.resumed += 1;
                    done += 1;
                }
                Some(customer) => {
                    let (job, id) = (Arc::clone(job), customer.clone());
                    let task = tasks.spawn(async move { job.run(&id).await });
                    running.insert(task.id(), customer);
                }
            }
        }
        let Some(joined) = tasks.join_next_with_id().await else { break };
        let (id, outcome) = finished(joined);
        let customer = running.remove(&id).unwrap_or_default();
        let Done { outcome, reason, records, shared } = outcome;
        summary.add(outcome, reason.as_deref());
        log.add(Entry { customer, outcome, reason, records }, shared)?;
        done += 1;
        progress(&Progress { done, total, summary: &summary });
    }
    Ok(summary)
}

/// What a task gave; one that panicked failed, and only for its customer.
fn finished<R, S>(joined: Result<(Id, Done<R, S>), JoinError>) -> (Id, Done<R, S>) {
    match joined {
        Ok(done) => done,
        Err(error) => (
            error.id(),
            Done {
                outcome: Outcome::Failed,
                reason: Some("internal error (hint: please report it)".to_owned()),
                records: Vec::new(),
                shared: Vec::new(),
            },
        ),
    }
}

/// A customer for whom nothing came.
pub(crate) fn failed<R, S>(trouble: &crate::reach::Trouble) -> Done<R, S> {
    Done {
        outcome: trouble.outcome(),
        reason: Some(trouble.to_string()),
        records: Vec::new(),
        shared: Vec::new(),
    }
}
