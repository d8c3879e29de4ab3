//! Judges of the store engine: exhaustive enumeration, an exact integer grid, sampled schedules, closed forms.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small whole numbers in random instances"
)]

mod bounds;
mod closed_form;
mod enumeration;
mod functions;
mod grid;
mod instances;
mod judge;
mod random;
mod timing;
