//! A value of a row, whose type holds even where the value is missing.

use std::mem::{Discriminant, discriminant};

use chrono::{DateTime, Utc};

/// A value of a row; `None` is a missing one, which still has a type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// A word or an id.
    Text(Option<&'a str>),
    /// A finite number, in the unit that the column name says.
    Number(Option<f64>),
    /// Yes or no.
    Truth(Option<bool>),
    /// An instant.
    Time(Option<DateTime<Utc>>),
}

impl Value<'_> {
    /// Its type, without the value.
    pub(super) fn kind(self) -> Discriminant<Value<'static>> {
        // The discriminant of a cell that borrows nothing, so that it may outlive the row.
        discriminant(&match self {
            Value::Text(_) => Value::Text(None),
            Value::Number(_) => Value::Number(None),
            Value::Truth(_) => Value::Truth(None),
            Value::Time(_) => Value::Time(None),
        })
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<f64>> for Value<'_> {
    fn from(number: Option<f64>) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Self::Truth(Some(truth))
    }
}

impl From<DateTime<Utc>> for Value<'_> {
    fn from(instant: DateTime<Utc>) -> Self {
        Self::Time(Some(instant))
    }
}
