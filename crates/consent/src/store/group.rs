//! Many writes in one commit, for an engine whose every commit waits for the disk.
//!
//! While one commit is under way the writes of others gather, and the next commit holds them all. Each caller is
//! answered after the commit that holds its write.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sqlx::error::ErrorKind;
use sqlx::{Any, Transaction};
use tokio::sync::oneshot;

use super::{Store, failed};
use crate::StoreError;

/// A statement with its values, on its way to the database.
pub(super) type Statement = sqlx::query::Query<'static, Any, sqlx::any::AnyArguments>;

/// What one caller wants written.
pub(super) struct Change {
    /// Named in its errors.
    pub(super) what: &'static str,
    pub(super) first: Statement,
    /// Runs only if the first changed one row.
    pub(super) then: Option<Statement>,
}

type Answer = Result<bool, StoreError>;

/// The writes that wait for the next commit.
#[derive(Default)]
pub(super) struct Group(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    waiting: Vec<(Change, oneshot::Sender<Answer>)>,
    /// Whether a task is at it.
    writing: bool,
}

impl Group {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Writes a change durably; whether its first statement changed one row.
    pub(super) async fn change(&self, change: Change) -> Answer {
        let Some(group) = &self.group else { return self.alone(change).await };
        let what = change.what;
        let (tell, told) = oneshot::channel();
        let start = {
            let mut queue = group.queue();
            queue.waiting.push((change, tell));
            !mem::replace(&mut queue.writing, true)
        };
        if start {
            // A task of its own: a caller that leaves must not take the writes of others with it.
            tokio::spawn(write_all(self.clone()));
        }
        told.await.unwrap_or_else(|_| Err(StoreError::Database { what, cause: "its task died".to_owned() }))
    }

    async fn alone(&self, change: Change) -> Answer {
        let what = change.what;
        let mut write = self.write(what).await?;
        let changed = applied(&mut write, change).await.map_err(failed(what))?;
        write.commit().await.map_err(failed(what))?;
        Ok(changed)
    }

    /// Writes all changes in one transaction. A row that breaks a rule of its table fails its own caller alone, any other
    /// error all of them.
    async fn together(&self, changes: Vec<Change>) -> Result<Vec<Answer>, StoreError> {
        let mut write = self.write("write").await?;
        let mut answers = Vec::with_capacity(changes.len());
        for change in changes {
            let what = change.what;
            answers.push(match applied(&mut write, change).await {
                Ok(changed) => Ok(changed),
                // SQLite has undone this statement and nothing else.
                Err(error) if breaks_a_rule(&error) => Err(failed(what)(error)),
                Err(error) => return Err(failed(what)(error)),
            });
        }
        write.commit().await.map_err(failed("commit"))?;
        Ok(answers)
    }
}

/// Commits until nothing waits any more.
async fn write_all(store: Store) {
    let Some(group) = &store.group else { return };
    let mut ended = Ended { group, properly: false };
    loop {
        let batch = {
            let mut queue = group.queue();
            if queue.waiting.is_empty() {
                queue.writing = false;
                ended.properly = true;
                return;
            }
            mem::take(&mut queue.waiting)
        };
        let (changes, callers): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        let answers = store.together(changes).await;
        for (index, caller) in callers.into_iter().enumerate() {
            // A caller may have left.
            let _ =
                caller.send(answers.as_ref().map_or_else(|all| Err(all.clone()), |each| each[index].clone()));
        }
    }
}

/// If the task dies, those who wait are told so, and the next write starts another.
struct Ended<'a> {
    group: &'a Group,
    properly: bool,
}

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        if !self.properly {
            *self.group.queue() = Queue::default();
        }
    }
}

async fn applied(write: &mut Transaction<'static, Any>, change: Change) -> Result<bool, sqlx::Error> {
    let changed = change.first.execute(&mut **write).await?.rows_affected() == 1;
    if let Some(then) = change.then.filter(|_| changed) {
        then.execute(&mut **write).await?;
    }
    Ok(changed)
}

fn breaks_a_rule(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| !matches!(error.kind(), ErrorKind::Other))
}
