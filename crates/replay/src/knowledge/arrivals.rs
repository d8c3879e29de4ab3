//! The stays of cars: the present one as its driver declared it, later ones as they were a week ago.

use std::ops::Range;

use super::Known;
use crate::outlook::{Stay, true_stays};

impl Known<'_> {
    /// The stay that has begun, then the stays of the last seven days moved on by a week.
    ///
    /// A stay foretold for a time at which the car is still at home begins an interval after its departure; one foretold for a
    /// time that has passed is not expected any more.
    pub(super) fn expected_stays(&self, ev: usize, range: &Range<usize>) -> Vec<Stay> {
        let mut stays: Vec<Stay> = Vec::new();
        let mut free_from = self.now;
        if let Some(stay) = true_stays(self.span, ev).find(|stay| self.is_present(stay)) {
            free_from = stay.connected.end + 1;
            stays.push(stay);
        }
        let arrived = true_stays(self.span, ev).filter(|stay| stay.connected.start <= self.now);
        for past in arrived {
            let Some(mut stay) = self.a_week_later(&past) else { continue };
            if stay.connected.start <= self.now {
                continue;
            }
            stay.connected.start = stay.connected.start.max(free_from);
            if stay.connected.start < stay.connected.end {
                free_from = stay.connected.end + 1;
                stays.push(stay);
            }
        }
        stays.retain(|stay| stay.touches(range));
        stays
    }

    /// Whether the car is there: a stay is known once it has begun, and until it ends.
    fn is_present(&self, stay: &Stay) -> bool {
        stay.connected.contains(&self.now)
    }

    /// A stay at the same local time seven days later, as long as the past one was planned to be.
    fn a_week_later(&self, past: &Stay) -> Option<Stay> {
        let calendar = self.span.calendar();
        let day = calendar.day_of(past.connected.start) + 7;
        let start =
            (day < calendar.days().len()).then(|| calendar.same_time(day, past.connected.start))??;
        let end = (start + past.connected.len()).min(self.span.home().horizon.len());
        Some(Stay { connected: start..end, ..past.clone() })
    }
}
