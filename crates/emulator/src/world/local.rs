//! Local days and months of the customers, who all live in Germany.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Berlin;

/// Minutes of an interval of the finest series.
pub(crate) const QUARTER_S: i64 = 900;

/// When a local time of day comes on `date`. German clocks change at 02:00 and 03:00, which is never asked for.
pub(crate) fn at(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = date.and_time(time);
    Berlin
        .from_local_datetime(&local)
        .earliest()
        .map_or_else(|| local.and_utc(), |instant| instant.with_timezone(&Utc))
}

/// The first instant of a local day.
pub(crate) fn midnight(date: NaiveDate) -> DateTime<Utc> {
    at(date, NaiveTime::MIN)
}

/// The day after; the last day of the calendar stays.
pub(crate) fn next(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}

/// The local day of an instant.
pub(crate) fn date_of(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&Berlin).date_naive()
}

/// The first day of the month of `date`.
pub(crate) fn first_of_month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

/// The first day of the month after the month of `date`.
pub(crate) fn next_month(date: NaiveDate) -> NaiveDate {
    first_of_month(date).checked_add_months(Months::new(1)).unwrap_or(date)
}

/// The days from `start` up to, not including, `end`.
pub(crate) fn days(start: NaiveDate, end: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    start.iter_days().take_while(move |day| *day < end)
}

/// The 8th working day after the month of `date`, when its usage becomes final. Holidays are not looked at.
pub(crate) fn final_day(date: NaiveDate) -> NaiveDate {
    next_month(date).iter_days().filter(|day| day.weekday().number_from_monday() <= 5).nth(7).unwrap_or(date)
}
