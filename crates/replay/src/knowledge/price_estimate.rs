//! Prices beyond the published ones.

use super::Known;
use crate::signal::Signal;

/// Working days, or weekend days, whose prices are averaged: about a week of each.
const DAYS: [usize; 2] = [5, 2];

impl Known<'_> {
    /// The price of interval `t`: published, or the mean at the same local time on the last days of its kind with known prices,
    /// five working days or two of a weekend.
    pub(super) fn price(&self, signal: Signal, t: usize) -> f64 {
        if t < self.priced_until {
            return self.measured(signal, t);
        }
        let calendar = self.span.calendar();
        let is_weekend = calendar.days()[calendar.day_of(t)].is_weekend;
        let past = calendar.earlier_of_kind(t, self.priced_until).take(DAYS[usize::from(is_weekend)]);
        let (count, sum) =
            past.fold((0, 0.0), |(count, sum), past| (count + 1, sum + self.measured(signal, past)));
        if count > 0 {
            return sum / f64::from(count);
        }
        let any_day = calendar.earlier(t, 1, self.priced_until).next();
        self.measured(signal, any_day.unwrap_or(self.priced_until - 1))
    }
}
