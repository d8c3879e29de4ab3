//! The log of a run: whom it has done, with what came of it; read again when the run goes on and when tables are written.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::appender::{Appender, each_line};
use crate::error::IngestError;
use crate::outcome::{Outcome, Summary};

/// What came of one customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry<R> {
    #[serde(rename = "c")]
    pub(crate) customer: String,
    #[serde(rename = "o")]
    pub(crate) outcome: Outcome,
    #[serde(rename = "why", skip_serializing_if = "Option::is_none", default)]
    pub(crate) reason: Option<String>,
    #[serde(rename = "r")]
    pub(crate) records: Vec<R>,
}

/// A line of the log. What many customers share comes once, before the first of them.
#[derive(Serialize, Deserialize)]
enum Line<R, S> {
    #[serde(rename = "s")]
    Shared(String, S),
    #[serde(rename = "d")]
    Done(Entry<R>),
}

/// What a log holds of earlier runs, and where the present one adds to it.
pub(crate) struct Log {
    path: PathBuf,
    appender: Appender,
    shared: HashSet<String>,
    /// The last line of each customer, and whether nothing is left to do.
    last: HashMap<String, (u64, bool)>,
    lines: u64,
}

impl Log {
    /// Opens a log, for one run alone.
    pub(crate) fn open<R: DeserializeOwned, S: DeserializeOwned>(path: &Path) -> Result<Self, IngestError> {
        let (mut shared, mut last, mut lines) = (HashSet::new(), HashMap::new(), 0);
        let appender = Appender::open(path, |number, text| {
            lines = number;
            match parse::<R, S>(path, number, text)? {
                Line::Shared(id, _) => drop(shared.insert(id)),
                Line::Done(entry) => drop(last.insert(entry.customer, (number, entry.outcome.is_done()))),
            }
            Ok(())
        })?;
        Ok(Self { path: path.to_owned(), appender, shared, last, lines })
    }

    /// Whether an earlier run left nothing to do for this customer.
    pub(crate) fn is_done(&self, customer: &str) -> bool {
        self.last.get(customer).is_some_and(|(_, done)| *done)
    }

    /// Adds a customer, and what it shares with others if it is the first of them.
    pub(crate) fn add<R: Serialize, S: Serialize>(
        &mut self,
        entry: Entry<R>,
        shared: Vec<(String, S)>,
    ) -> Result<(), IngestError> {
        for (id, value) in shared {
            if self.shared.insert(id.clone()) {
                self.append(&Line::<R, S>::Shared(id, value))?;
            }
        }
        let (customer, done) = (entry.customer.clone(), entry.outcome.is_done());
        self.append(&Line::<R, S>::Done(entry))?;
        self.last.insert(customer, (self.lines, done));
        Ok(())
    }

    fn append<R: Serialize, S: Serialize>(&mut self, line: &Line<R, S>) -> Result<(), IngestError> {
        let text =
            serde_json::to_string(line).map_err(|cause| IngestError::file(&self.path)(cause.into()))?;
        self.lines += 1;
        self.appender.append(text)
    }

    /// Ends the writing and gives what can be read.
    pub(crate) fn finish(self) -> Result<WholeLog, IngestError> {
        self.appender.finish()?;
        Ok(WholeLog { path: self.path, last: self.last })
    }
}

/// A log that nobody writes to.
pub(crate) struct WholeLog {
    path: PathBuf,
    last: HashMap<String, (u64, bool)>,
}

impl WholeLog {
    /// Gives the last entry of each customer in `customers` order of the log, and what is shared where it first comes.
    pub(crate) fn read<R: DeserializeOwned, S: DeserializeOwned>(
        &self,
        mut shared: impl FnMut(&str, S) -> Result<(), IngestError>,
        mut entry: impl FnMut(Entry<R>) -> Result<(), IngestError>,
    ) -> Result<(), IngestError> {
        let file = File::open(&self.path).map_err(IngestError::file(&self.path))?;
        let mut read = |number: u64, text: &str| match parse::<R, S>(&self.path, number, text)? {
            Line::Shared(id, value) => shared(&id, value),
            Line::Done(one) if self.last.get(&one.customer).is_some_and(|(last, _)| *last == number) => {
                entry(one)
            }
            Line::Done(_) => Ok(()),
        };
        each_line(&self.path, &file, &mut read).map(drop)
    }

    /// What came of all customers, in the end.
    pub(crate) fn summary<R: DeserializeOwned, S: DeserializeOwned>(&self) -> Result<Summary, IngestError> {
        let mut summary = Summary::default();
        self.read::<R, S>(
            |_, _| Ok(()),
            |entry| {
                summary.add(entry.outcome, entry.reason.as_deref());
                Ok(())
            },
        )?;
        Ok(summary)
    }
}

fn parse<R: DeserializeOwned, S: DeserializeOwned>(
    path: &Path,
    line: u64,
    text: &str,
) -> Result<Line<R, S>, IngestError> {
    serde_json::from_str(text).map_err(|_| IngestError::State { path: path.to_owned(), line })
}
