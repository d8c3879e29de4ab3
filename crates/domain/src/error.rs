//! The one error of this crate: input that cannot be what it claims to be.

use std::fmt::Display;

use thiserror::Error;

/// A value that a home, a horizon or a tariff cannot have.
///
/// It names the field and what is allowed; who read the value from a file adds file, row and column.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{field}: {found}; {allowed}")]
pub struct InvalidInput {
    /// Where in the home: the device and the field, with its unit.
    pub field: String,
    /// What was found there.
    pub found: String,
    /// What is allowed there, as a clause: `must be at least 0`.
    pub allowed: String,
}

impl InvalidInput {
    /// An error for one field.
    pub fn new(field: impl Into<String>, found: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self { field: field.into(), found: found.into(), allowed: allowed.into() }
    }

    /// The same error with the thing it belongs to in front of the field.
    #[must_use]
    pub fn within(mut self, owner: &str) -> Self {
        self.field = format!("{owner} {}", self.field);
        self
    }
}

/// Fails unless `value` is a finite number in `lowest..=highest`.
pub(crate) fn in_range(
    field: impl Display,
    value: f64,
    lowest: f64,
    highest: f64,
) -> Result<(), InvalidInput> {
    if value.is_finite() && value >= lowest && value <= highest {
        return Ok(());
    }
    let allowed = if highest.is_infinite() {
        format!("must be a number of at least {lowest}")
    } else if lowest.is_infinite() {
        format!("must be a number of at most {highest}")
    } else {
        format!("must be a number from {lowest} to {highest}")
    };
    Err(InvalidInput::new(field.to_string(), value.to_string(), allowed))
}

/// Fails unless `values` has one value per interval (or edge) and each is finite and in range.
pub(crate) fn each_in_range(
    field: &str,
    values: impl ExactSizeIterator<Item = f64>,
    count: usize,
    lowest: f64,
    highest: f64,
) -> Result<(), InvalidInput> {
    if values.len() != count {
        return Err(InvalidInput::new(
            field,
            format!("{} values", values.len()),
            format!("must have {count} values, as the horizon has"),
        ));
    }
    for (index, value) in values.enumerate() {
        in_range(format_args!("{field}[{index}]"), value, lowest, highest)?;
    }
    Ok(())
}
