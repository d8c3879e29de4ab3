//! One equation that does not hold.

use std::fmt;

use chrono::{DateTime, Utc};

/// An equation, limit or sum that a schedule breaks, and by how much.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// Whose schedule it is.
    pub home_id: String,
    /// Id of the device, or `grid`, `money`, `shortfalls` or `certificate`.
    pub device: String,
    /// The interval; for a state, the one at whose end it stands; none for what concerns the whole horizon.
    pub interval: Option<usize>,
    /// Where that interval starts.
    pub start: Option<DateTime<Utc>>,
    /// The rule that is broken, one of [`rules`](crate::rules).
    pub rule: &'static str,
    /// By how much, above 0, in `unit`.
    pub size: f64,
    /// Unit of `size` and of the numbers in `detail`.
    pub unit: &'static str,
    /// What was expected and what was found.
    pub detail: String,
}

impl fmt::Display for Violation {
    /// One line: home, device, interval with its start, rule, expected against found, and the size.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "home `{}`, `{}`", self.home_id, self.device)?;
        if let Some(interval) = self.interval {
            write!(out, ", interval {interval}")?;
        }
        if let Some(start) = self.start {
            write!(out, " ({})", start.format("%Y-%m-%dT%H:%MZ"))?;
        }
        write!(out, ": {}: {}", self.rule, self.detail)?;
        write!(out, " (off by {} {})", number(self.size), self.unit)
    }
}

/// A number short enough to read, but with all that an audit's tolerance can see.
pub(crate) fn number(value: f64) -> String {
    let fixed = format!("{value:.7}");
    if !fixed.contains('.') {
        return fixed;
    }
    let short = fixed.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}
