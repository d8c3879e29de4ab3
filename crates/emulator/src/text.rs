//! Instants and pages as text.

use chrono::{DateTime, SecondsFormat, Utc};

/// An instant of UTC, given in seconds, as the provider writes it.
pub(crate) fn instant(seconds: i64) -> String {
    stamp(DateTime::from_timestamp(seconds, 0).unwrap_or_default())
}

/// An instant likewise.
pub(crate) fn stamp(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Text that stands in HTML, also within quotes, and is no mark-up.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
