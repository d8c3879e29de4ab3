//! The counts that are kept in the repository, to compare with.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Share by which a count may grow before a check fails. Compiler and machine make up for less.
pub(crate) const GROWTH_LIMIT: f64 = 0.05;

const HEADING: &str = "\
# Instructions of each workload, counted by callgrind. Checked with
#   cargo run --release -p offpeak-benches --bin instructions -- check
# and written anew with `-- save`, by a change that means to move them.
";

/// Instructions by workload.
pub(crate) struct Counts(pub(crate) BTreeMap<String, u64>);

/// How a count compares with the one saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Past the limit: the check fails.
    Grown,
    /// Within the limit.
    Same,
    /// So much better that the saved count no longer guards anything.
    Shrunk,
}

impl Verdict {
    pub(crate) fn of(before: u64, now: u64) -> Self {
        match change(before, now) {
            change if change > GROWTH_LIMIT => Self::Grown,
            change if change < -GROWTH_LIMIT => Self::Shrunk,
            _ => Self::Same,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Grown => "too many",
            Self::Same => "ok",
            Self::Shrunk => "fewer: save anew",
        }
    }
}

/// Growth as a share of `before`.
pub(crate) fn change(before: u64, now: u64) -> f64 {
    now as f64 / before as f64 - 1.0
}

/// The file of saved counts.
pub(crate) fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.txt")
}

impl Counts {
    /// The saved counts.
    pub(crate) fn read() -> Result<Self, String> {
        let path = path();
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}; hint: run `instructions save`", path.display()))?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
        let counts = lines.map(|(index, line)| {
            parse(line).ok_or_else(|| {
                let row = index + 1;
                format!("{} line {row}: {line:?}; must be a name and a count", path.display())
            })
        });
        Ok(Self(counts.collect::<Result<_, String>>()?))
    }

    /// Keeps the counts, in the place of those saved before.
    pub(crate) fn save(&self) -> Result<(), String> {
        let path = path();
        let mut text = HEADING.to_owned();
        for (name, count) in &self.0 {
            writeln!(text, "{name} {count}").map_err(|error| error.to_string())?;
        }
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    }
}

fn parse(line: &str) -> Option<(String, u64)> {
    let (name, count) = line.split_once(' ')?;
    Some((name.to_owned(), count.parse().ok().filter(|count| *count > 0)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_change_past_the_limit_is_told() {
        assert_eq!(Verdict::of(1000, 1049), Verdict::Same);
        assert_eq!(Verdict::of(1000, 1051), Verdict::Grown);
        assert_eq!(Verdict::of(1000, 951), Verdict::Same);
        assert_eq!(Verdict::of(1000, 949), Verdict::Shrunk);
    }

    #[test]
    fn a_line_is_a_name_and_a_count_above_zero() {
        assert_eq!(parse("audit 12"), Some(("audit".to_owned(), 12)));
        for line in ["audit", "audit x", "audit 0", "audit -1", ""] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn the_saved_counts_are_those_of_the_workloads() {
        let saved = Counts::read().expect("the file can be read");
        let mut names = crate::workloads::WORKLOADS.map(|(name, _)| name.to_owned());
        names.sort();
        assert!(saved.0.keys().eq(&names), "{:?}", saved.0);
    }
}
