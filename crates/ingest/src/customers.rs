//! Whom to ask for, page by page, so that a fleet need not be in memory.

use crate::error::IngestError;

/// A list of customers in a fixed order, each once.
pub trait CustomerList: Send + std::marker::Sync {
    /// At most `limit` customers that come after `last`, or the first ones; an empty page is the end.
    ///
    /// # Errors
    /// [`IngestError::Customers`] if the list cannot be read.
    fn after(
        &self,
        last: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<String>, IngestError>> + Send;

    /// How many there are, if that is known without walking.
    fn count(&self) -> Option<u64> {
        None
    }
}

/// A list in memory, sorted and without repeats.
impl CustomerList for std::collections::BTreeSet<String> {
    async fn after(&self, last: Option<&str>, limit: usize) -> Result<Vec<String>, IngestError> {
        use std::ops::Bound::{Excluded, Unbounded};
        let from = last.map_or(Unbounded, Excluded);
        Ok(self.range::<str, _>((from, Unbounded)).take(limit).cloned().collect())
    }

    fn count(&self) -> Option<u64> {
        u64::try_from(self.len()).ok()
    }
}
