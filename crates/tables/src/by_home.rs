//! Rows of a table by the home they belong to.

/// Rows by the position of their home, compact: one list, sorted by home.
#[derive(Debug)]
pub(crate) struct ByHome<T> {
    rows: Vec<(u32, T)>,
}

impl<T> Default for ByHome<T> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

impl<T> ByHome<T> {
    /// Sorts rows by home; those of one home keep their order.
    pub(crate) fn new(mut rows: Vec<(u32, T)>) -> Self {
        rows.sort_by_key(|(home, _)| *home);
        rows.shrink_to_fit();
        Self { rows }
    }

    /// The rows of the home at `position`.
    pub(crate) fn of(&self, position: usize) -> impl ExactSizeIterator<Item = &T> + Clone {
        let start = self.rows.partition_point(|(home, _)| (*home as usize) < position);
        let end = self.rows.partition_point(|(home, _)| (*home as usize) <= position);
        self.rows[start..end].iter().map(|(_, row)| row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_order_within_a_home() {
        let rows = ByHome::new(vec![(2, "c"), (0, "a"), (2, "d"), (0, "b")]);
        assert_eq!(rows.of(0).copied().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(rows.of(1).len(), 0);
        assert_eq!(rows.of(2).copied().collect::<Vec<_>>(), ["c", "d"]);
    }
}
