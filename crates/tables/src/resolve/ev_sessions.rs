//! Sessions of an EV in whole intervals.

use offpeak_domain::{EvSession, Horizon, KilowattHours};

use crate::error::TableError;
use crate::rows::SessionRow;
use crate::series::stamp;

/// The sessions of an EV that touch the horizon.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sessions {
    pub(super) sessions: Vec<EvSession>,
    /// The target of the last one, if it ends after the horizon.
    pub(super) target_after: Option<KilowattHours>,
}

/// Cuts the sessions of one EV to the horizon and rounds them inward to whole intervals.
///
/// - One that ended before the horizon, or begins in its last interval or later, is left out.
/// - One under way at the start is connected from interval 0; its driving is over.
/// - One that ends after the horizon has no target within it.
/// - Driving takes at least the interval before an arrival, so a session that follows it at once begins one later.
pub(super) fn sessions(mut rows: Vec<&SessionRow>, horizon: &Horizon) -> Result<Sessions, TableError> {
    rows.sort_by_key(|row| row.arrival);
    refuse_overlaps(&rows)?;
    let mut found = Sessions::default();
    let mut free_from = 0;
    for row in rows {
        if row.departure <= horizon.start() || row.arrival >= horizon.end() {
            continue;
        }
        let under_way = row.arrival <= horizon.start();
        let ends_after = row.departure > horizon.end();
        let driven = if under_way { KilowattHours::ZERO } else { row.driven };
        let mut connected = horizon.intervals_within(row.arrival, row.departure);
        connected.start = connected.start.max(free_from + usize::from(driven.0 > 0.0));
        connected.end = connected.end.max(connected.start);
        if connected.start >= horizon.len() && (ends_after || connected.start > horizon.len()) {
            continue;
        }
        free_from = connected.end;
        let target = if ends_after { None } else { Some(row.target) };
        found.target_after = if ends_after { Some(row.target) } else { None };
        found.sessions.push(EvSession { connected, target, driven_before: driven });
    }
    Ok(found)
}

fn refuse_overlaps(rows: &[&SessionRow]) -> Result<(), TableError> {
    match rows.array_windows().find(|[before, after]| after.arrival < before.departure) {
        Some([before, after]) => {
            let allowed =
                format!("must not be before {}, when the session before it ends", stamp(before.departure));
            Err(after.at.column("arrival", stamp(after.arrival), allowed))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{At, Place};
    use chrono::{DateTime, Duration, TimeZone, Utc};

    fn midnight() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 1, 15, 0, 0, 0).single().expect("one")
    }

    fn row(arrival: i64, departure: i64, driven: f64) -> SessionRow {
        SessionRow {
            at: At { file: "ev_sessions.csv".into(), place: Place::Row(4) },
            ev_id: "ev".into(),
            arrival: midnight() + Duration::minutes(arrival),
            departure: midnight() + Duration::minutes(departure),
            target: KilowattHours(40.0),
            driven: KilowattHours(driven),
        }
    }

    fn on_day(rows: &[SessionRow]) -> Result<Sessions, TableError> {
        let horizon = Horizon::between(midnight(), midnight() + Duration::days(1), 15).expect("divides");
        sessions(rows.iter().collect(), &horizon)
    }

    fn session(connected: std::ops::Range<usize>, target: Option<f64>, driven: f64) -> EvSession {
        EvSession { connected, target: target.map(KilowattHours), driven_before: KilowattHours(driven) }
    }

    #[test]
    fn a_session_counts_only_in_whole_intervals() {
        let found = on_day(&[row(62, 179, 8.0)]).expect("valid");
        assert_eq!(found.sessions, [session(5..11, Some(40.0), 8.0)]);
        assert_eq!(found.target_after, None);
    }

    #[test]
    fn one_under_way_has_driven_already_and_one_that_goes_on_has_its_target_later() {
        let found = on_day(&[row(1080, 1860, 8.0), row(-300, 420, 8.0)]).expect("valid");
        assert_eq!(found.sessions, [session(0..28, Some(40.0), 0.0), session(72..96, None, 8.0)]);
        assert_eq!(found.target_after, Some(KilowattHours(40.0)));
    }

    #[test]
    fn sessions_outside_the_horizon_are_left_out() {
        let found = on_day(&[row(-600, 0, 1.0), row(1440, 2000, 1.0), row(1430, 2000, 1.0)]);
        assert_eq!(found.expect_err("the last two overlap").column.as_deref(), Some("arrival"));
        assert_eq!(on_day(&[row(-600, 0, 1.0), row(1430, 2000, 1.0)]).expect("valid"), Sessions::default());
    }

    #[test]
    fn a_session_that_follows_at_once_leaves_an_interval_for_the_driving() {
        let found = on_day(&[row(0, 60, 0.0), row(65, 180, 5.0), row(180, 240, 0.0)]).expect("valid");
        let expected = [session(0..4, Some(40.0), 0.0), session(5..12, Some(40.0), 5.0)];
        assert_eq!(found.sessions[..2], expected);
        assert_eq!(found.sessions[2], session(12..16, Some(40.0), 0.0));
        let touching = on_day(&[row(0, 60, 0.0), row(60, 180, 5.0)]).expect("valid");
        assert_eq!(touching.sessions, expected);
    }

    #[test]
    fn overlapping_sessions_are_refused_where_the_later_one_stands() {
        let error = on_day(&[row(0, 120, 0.0), row(60, 180, 0.0)]).expect_err("overlap").to_string();
        assert_eq!(
            error,
            "ev_sessions.csv row 4, column arrival: 2026-01-15T01:00Z; must not be before 2026-01-15T02:00Z, \
             when the session before it ends"
        );
    }
}
