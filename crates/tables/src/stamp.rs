//! Time stamps and times of day as they stand in cells.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// A time stamp, with or without a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// With `Z` or an offset.
    Instant(DateTime<Utc>),
    /// Without either: what a wall clock shows.
    Local(NaiveDateTime),
}

/// Reads `2026-01-15T17:00`, with seconds or without, and `Z`, an offset or neither after it.
///
/// By hand, because a fleet's series has tens of millions of them.
pub(crate) fn parse_stamp(text: &str) -> Option<Stamp> {
    let bytes = text.as_bytes();
    let (year, month, day) = (digits(bytes, 0, 4)?, digits(bytes, 5, 2)?, digits(bytes, 8, 2)?);
    let separated = bytes[4] == b'-' && bytes[7] == b'-' && matches!(bytes.get(10)?, b'T' | b't' | b' ');
    let (hour, minute) = (digits(bytes, 11, 2)?, digits(bytes, 14, 2)?);
    if !separated || bytes[13] != b':' {
        return None;
    }
    let mut rest = 16;
    let mut second = 0;
    if bytes.get(rest) == Some(&b':') {
        second = digits(bytes, 17, 2)?;
        rest = 19;
    }
    if bytes.get(rest) == Some(&b'.') {
        let zeros = bytes[rest + 1..].iter().take_while(|byte| **byte == b'0').count();
        // Fractions of a second have no meaning here, but tools write `.000`.
        if zeros == 0 || bytes.get(rest + 1 + zeros).is_some_and(u8::is_ascii_digit) {
            return None;
        }
        rest += 1 + zeros;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let local = date.and_hms_opt(hour, minute, second)?;
    match &bytes[rest..] {
        [] => Some(Stamp::Local(local)),
        offset => Some(Stamp::Instant((local - parse_offset(offset)?).and_utc())),
    }
}

/// `Z`, `+01:00`, `+0100` or `+01`.
fn parse_offset(offset: &[u8]) -> Option<Duration> {
    let minutes = match offset {
        [b'Z' | b'z'] => return Some(Duration::zero()),
        [_, _, _] => 0,
        [_, _, _, b':', _, _] => digits(offset, 4, 2)?,
        [_, _, _, _, _] => digits(offset, 3, 2)?,
        _ => return None,
    };
    let hours = digits(offset, 1, 2)?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    let ahead = Duration::minutes(i64::from(hours * 60 + minutes));
    match offset[0] {
        b'+' => Some(ahead),
        b'-' => Some(-ahead),
        _ => None,
    }
}

/// Minutes after midnight in `HH:MM`, up to 24:00; seconds are allowed if they are zero.
pub(crate) fn parse_minute_of_day(text: &str) -> Option<u32> {
    let bytes = text.strip_suffix(":00").filter(|short| short.len() == 5).unwrap_or(text).as_bytes();
    if bytes.len() != 5 || bytes[2] != b':' {
        return None;
    }
    let (hour, minute) = (digits(bytes, 0, 2)?, digits(bytes, 3, 2)?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= 24 * 60).then_some(minutes)
}

/// Minutes after midnight at a time of day.
pub(crate) fn minute_of_day(time: NaiveTime) -> u32 {
    use chrono::Timelike;
    time.num_seconds_from_midnight() / 60
}

fn digits(bytes: &[u8], from: usize, count: usize) -> Option<u32> {
    bytes
        .get(from..from + count)?
        .iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn five_pm() -> Stamp {
        Stamp::Instant(Utc.with_ymd_and_hms(2026, 1, 15, 17, 0, 0).single().expect("one"))
    }

    #[test]
    fn one_instant_has_many_spellings() {
        for text in [
            "2026-01-15T17:00Z",
            "2026-01-15T17:00:00Z",
            "2026-01-15 17:00:00.000Z",
            "2026-01-15T18:00+01:00",
            "2026-01-15T18:00:00+0100",
            "2026-01-15T12:00-05",
        ] {
            assert_eq!(parse_stamp(text), Some(five_pm()), "{text}");
        }
    }

    #[test]
    fn a_stamp_without_zone_is_what_the_wall_clock_shows() {
        let local = NaiveDate::from_ymd_opt(2026, 1, 15).and_then(|date| date.and_hms_opt(17, 0, 0));
        assert_eq!(parse_stamp("2026-01-15T17:00"), local.map(Stamp::Local));
    }

    #[test]
    fn what_is_no_stamp_is_none() {
        for text in [
            "",
            "2026-01-15",
            "2026-02-30T00:00Z",
            "2026-01-15T25:00Z",
            "15.01.2026 17:00",
            "2026-01-15T17:00CET",
            "2026-01-15T17:00:00.5Z",
            "2026-01-15T17:00+99:00",
            "2026-01-15T17:00\u{fffd}",
        ] {
            assert_eq!(parse_stamp(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_ends_at_24_00() {
        assert_eq!(parse_minute_of_day("22:30"), Some(1350));
        assert_eq!(parse_minute_of_day("06:00:00"), Some(360));
        assert_eq!(parse_minute_of_day("24:00"), Some(1440));
        assert_eq!(parse_minute_of_day("24:01"), None);
        assert_eq!(parse_minute_of_day("6:00"), None);
    }
}
