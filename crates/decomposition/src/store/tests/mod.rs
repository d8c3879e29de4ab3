//! Judges of the store engine: exhaustive enumeration, an exact integer grid, sampled schedules, closed forms.

mod closed_form;
mod enumeration;
mod functions;
mod grid;
mod instances;
mod judge;
mod random;
mod timing;
