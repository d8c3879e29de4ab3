//! A tariff over a span: its prices, and when they are known.

use chrono::{DateTime, Days, NaiveTime, Utc};
use chrono_tz::Tz;
use offpeak_domain::{Cents, InvalidInput, Prices, local_instant};

/// The prices of one tariff in every interval of a span.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanTariff {
    /// Unique in its study.
    pub id: String,
    /// What a kWh costs and earns.
    pub prices: Prices,
    /// When prices become known; none for those that a contract fixes for good.
    pub publication: Option<Publication>,
    /// What the tariff costs a day, whatever is consumed.
    pub standing: Cents,
}

/// Once a day the prices of the next local day become known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publication {
    /// Local time on the day before.
    pub at: NaiveTime,
    /// The zone of that time, and of the days that are published.
    pub zone: Tz,
}

impl SpanTariff {
    /// Fails unless there is a price for each of `intervals`.
    pub(crate) fn check(&self, intervals: usize) -> Result<(), InvalidInput> {
        for (field, prices) in
            [("import prices", &self.prices.import), ("export prices", &self.prices.export)]
        {
            if prices.len() != intervals {
                let allowed = format!("must have {intervals} values, as the span has intervals");
                let found = format!("{} values in tariff `{}`", prices.len(), self.id);
                return Err(InvalidInput::new(field, found, allowed));
            }
        }
        Ok(())
    }
}

impl Default for Publication {
    /// 14:00 in Berlin: the day-ahead auction's results are out by then.
    fn default() -> Self {
        let at = NaiveTime::from_hms_opt(14, 0, 0).unwrap_or(NaiveTime::MIN);
        Self { at, zone: chrono_tz::Europe::Berlin }
    }
}

impl Publication {
    /// The end of the last day whose prices are known at `now`: today's, and from the publication on tomorrow's.
    pub fn known_until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let local = now.with_timezone(&self.zone);
        let today = local.date_naive();
        let published = now >= local_instant(today.and_time(self.at), self.zone);
        let end = today + Days::new(if published { 2 } else { 1 });
        local_instant(end.and_time(NaiveTime::MIN), self.zone)
    }

    /// The first publication after `now`.
    pub fn next_after(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let today = now.with_timezone(&self.zone).date_naive();
        let at = |days| local_instant((today + Days::new(days)).and_time(self.at), self.zone);
        if at(0) > now { at(0) } else { at(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn utc(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, day, hour, minute, 0).single().expect("one")
    }

    #[test]
    fn tomorrow_is_known_from_its_publication_on() {
        let publication = Publication::default();
        assert_eq!(publication.known_until(utc(10, 12, 59)), utc(10, 23, 0));
        assert_eq!(publication.known_until(utc(10, 13, 0)), utc(11, 23, 0));
        assert_eq!(publication.next_after(utc(10, 12, 59)), utc(10, 13, 0));
        assert_eq!(publication.next_after(utc(10, 13, 0)), utc(11, 13, 0));
    }

    #[test]
    fn the_day_of_a_clock_change_ends_at_its_own_midnight() {
        let publication = Publication::default();
        assert_eq!(publication.known_until(utc(28, 13, 0)), utc(29, 22, 0));
        assert_eq!(publication.next_after(utc(28, 13, 0)), utc(29, 12, 0));
    }
}
