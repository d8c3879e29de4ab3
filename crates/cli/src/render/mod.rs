//! What people read: money in EUR here and nowhere else.

pub(crate) mod chart;
pub(crate) mod first_few;
pub(crate) mod fleet;
pub(crate) mod home;
pub(crate) mod replay;

use offpeak_domain::Cents;

/// Money in EUR, as `12.34`.
pub(crate) fn euros(money: Cents) -> String {
    format!("{:.2}", money.0 / 100.0 + 0.0)
}

/// `part` of `whole` in percent, or nothing where that says nothing.
pub(crate) fn share(part: Cents, whole: Cents) -> String {
    if whole.0.abs() < 1.0 { String::new() } else { format!(" ({:.0} %)", 100.0 * part.0 / whole.0.abs()) }
}
