//! Homes that the tests of several packages share; nothing but tests may use them.
//!
//! [`plain`] makes the plainest thing of each kind (no losses, no wear, no limits that bind), so that a test writes only what
//! it is about: `Battery { wear: .., ..battery(&home, 10.0, 5.0) }`. [`full`] is one home with everything and a schedule that
//! uses it all.

pub mod full;
pub mod plain;
