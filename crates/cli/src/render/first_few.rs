//! Lines of which many may come and only the first few are told.

use std::fmt::Display;
use std::io::{self, Write};

/// How many lines are told.
const MOST: usize = 10;

/// The first few of a number of lines, and how many there are: memory does not grow with the fleet.
#[derive(Default)]
pub(crate) struct FirstFew {
    kept: Vec<String>,
    count: usize,
}

impl FirstFew {
    /// Counts a line; it is spelled out only if it is kept.
    pub(crate) fn push(&mut self, line: impl Display) {
        self.count += 1;
        if self.kept.len() < MOST {
            self.kept.push(line.to_string());
        }
    }

    /// How many lines there were, kept or not.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The very first line.
    pub(crate) fn first(&self) -> Option<&str> {
        self.kept.first().map(String::as_str)
    }

    /// Writes each kept line after `before`, and how many `others` there are.
    pub(crate) fn tell(&self, out: &mut dyn Write, before: &str, others: &str) -> io::Result<()> {
        for line in &self.kept {
            writeln!(out, "{before}{line}")?;
        }
        match self.count - self.kept.len() {
            0 => Ok(()),
            left => writeln!(out, "... and {left} more{others}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(count: usize) -> String {
        let mut few = FirstFew::default();
        (1..=count).for_each(|line| few.push(line));
        assert_eq!(few.count(), count);
        let mut out = Vec::new();
        few.tell(&mut out, "note: ", " notes").expect("memory can be written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn all_are_counted_and_ten_are_told() {
        assert_eq!(told(0), "");
        assert_eq!(told(2), "note: 1\nnote: 2\n");
        assert!(told(10).ends_with("note: 10\n"), "{}", told(10));
        assert!(told(13).ends_with("note: 10\n... and 3 more notes\n"), "{}", told(13));
    }
}
