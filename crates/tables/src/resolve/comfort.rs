//! Comfort bands by local time of day.

use chrono_tz::Tz;
use offpeak_domain::{Celsius, Horizon};

use crate::rows::{Night, RoomsRow};
use crate::stamp::minute_of_day;

/// The least comfortable temperature of every interval.
///
/// An interval is of the night if it begins in it: the day's first band holds at the end of its first interval.
pub(super) fn lowest(rooms: &RoomsRow, horizon: &Horizon, zone: Tz) -> Vec<Celsius> {
    let at = |t| match &rooms.night {
        Some(night) if is_night(night, minute_of_day(horizon.local_time(t, zone))) => night.lowest,
        _ => rooms.lowest,
    };
    (0..horizon.len()).map(at).collect()
}

/// Whether a minute of the day lies in the night, which may pass midnight.
fn is_night(night: &Night, minute: u32) -> bool {
    if night.from <= night.to {
        (night.from..night.to).contains(&minute)
    } else {
        minute >= night.from || minute < night.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn night(from: u32, to: u32) -> Night {
        Night { lowest: Celsius(17.0), from, to }
    }

    #[test]
    fn a_night_may_pass_midnight() {
        let over_midnight = night(22 * 60, 6 * 60);
        assert!(is_night(&over_midnight, 22 * 60));
        assert!(is_night(&over_midnight, 0));
        assert!(is_night(&over_midnight, 6 * 60 - 15));
        assert!(!is_night(&over_midnight, 6 * 60));
        assert!(!is_night(&over_midnight, 22 * 60 - 15));
    }

    #[test]
    fn a_night_may_be_in_one_piece_or_empty() {
        assert!(is_night(&night(60, 300), 60));
        assert!(!is_night(&night(60, 300), 300));
        assert!(!is_night(&night(60, 60), 60));
    }
}
