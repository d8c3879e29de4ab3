//! An appliance with a fixed power profile that can start earlier or later.

use crate::error::{InvalidInput, each_in_range, in_range};
use crate::units::{Cents, Kilowatts};

/// What an appliance that does not run costs by default.
pub const DEFAULT_SKIP_PENALTY: Cents = Cents(1000.0);

/// A shiftable appliance over a horizon: its profile runs once.
#[derive(Debug, Clone, PartialEq)]
pub struct Appliance {
    /// Unique among the devices of its home.
    pub id: String,
    /// Power of each interval of a run, in order; not empty.
    pub profile: Vec<Kilowatts>,
    /// Earliest interval of the first part.
    pub earliest_start: usize,
    /// Latest interval of the first part of an unbroken run; the last part of any run lies at most
    /// `latest_start + profile.len() - 1`.
    pub latest_start: usize,
    /// Whether it may pause between intervals, or must run in one piece.
    pub interruptible: bool,
    /// Penalty for not running at all, when limits leave it no room.
    pub skip_penalty: Cents,
}

impl Appliance {
    pub(crate) fn check(&self, intervals: usize) -> Result<(), InvalidInput> {
        let profile = self.profile.iter().map(|power| power.0);
        each_in_range("profile_kw", profile, self.profile.len(), 0.0, 1e6)?;
        in_range("skip_penalty_ct", self.skip_penalty.0, 0.0, 1e6)?;
        let last_start = intervals.checked_sub(self.profile.len());
        let fits = last_start.is_some_and(|last| self.latest_start <= last);
        if self.profile.is_empty() || !fits || self.earliest_start > self.latest_start {
            return Err(InvalidInput::new(
                "start window",
                format!(
                    "{}..={} for a run of {} intervals",
                    self.earliest_start,
                    self.latest_start,
                    self.profile.len()
                ),
                format!("must leave room for the whole run within {intervals} intervals"),
            ));
        }
        Ok(())
    }
}
