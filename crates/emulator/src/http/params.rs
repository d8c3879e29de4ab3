//! Query parameters, read as forgivingly as the provider does: unknown ones are ignored.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::NaiveDate;

use super::answer::Failure;

/// The most days of one answer: the provider names no limit, but a year of quarter-hours is 5 MB.
const MOST_DAYS: i64 = 366;

/// The pairs of a query, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params(pub(crate) Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::read(parts.uri.query().unwrap_or_default().as_bytes()))
    }
}

impl Params {
    /// Of a query or a form.
    pub(crate) fn read(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// The first value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A day as `YYYY-MM-DD`, if given.
    pub(crate) fn date(&self, name: &str) -> Result<Option<NaiveDate>, Failure> {
        self.get(name).map(|text| date(name, text)).transpose()
    }

    /// A day that must be given.
    pub(crate) fn needed_date(&self, name: &str) -> Result<NaiveDate, Failure> {
        self.date(name)?.ok_or_else(|| Failure::invalid("invalid_type", name, "Required"))
    }
}

fn date(name: &str, text: &str) -> Result<NaiveDate, Failure> {
    // Chrono takes `2026-1-5` and signed years as well.
    let is_written_so = text.len() == 10 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|_| is_written_so)
        .ok_or_else(|| Failure::invalid("invalid_format", name, "must be a day as YYYY-MM-DD"))
}

/// Checks a range of days of which `end` is not part.
pub(crate) fn check_range(start: NaiveDate, end: NaiveDate) -> Result<(), Failure> {
    match (end - start).num_days() {
        ..0 => Err(Failure::invalid("custom", "end", "must not be before start")),
        days if days > MOST_DAYS => {
            Err(Failure::invalid("too_big", "end", "must be at most 366 days after start"))
        }
        _ => Ok(()),
    }
}
