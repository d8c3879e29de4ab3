//! One home, one tariff, one policy, day after day.

use crate::day::{Day, OpenDay};
use crate::error::ReplayError;
use crate::hours::{HourRow, add_day};
use crate::interval::IntervalRow;
use crate::knowledge::{Forecasts, Known};
use crate::ledger::{Beside, DayRow};
use crate::plant::step;
use crate::policies::{PolicySpec, Proofs};
use crate::span::Span;
use crate::state::State;
use crate::tariff::SpanTariff;
use crate::worth::StoreWorth;

/// What a replay is about.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The home, and what really happened.
    pub span: &'a Span,
    /// What it pays.
    pub tariff: &'a SpanTariff,
    /// How the policy foretells what it cannot know.
    pub forecasts: &'a Forecasts,
}

/// The days of a replay, and the worth of the stores before the first.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Replay {
    /// One row per local day, in order.
    pub days: Vec<DayRow>,
    /// One row per month and local hour of the day, in order.
    pub hours: Vec<HourRow>,
    /// Every interval, in order, where a study asks for them; else none.
    pub intervals: Vec<IntervalRow>,
    /// Worth of what the stores held at the start, up to the same constant as in the rows, in ct.
    pub stored_before_ct: f64,
}

impl Replay {
    /// What the whole replay cost, in ct: the days, less what the stores hold more at the end than at the start.
    pub fn net_ct(&self) -> f64 {
        let stored = self.days.last().map_or(self.stored_before_ct, |day| day.stored_ct);
        self.days.iter().map(DayRow::cost_ct).sum::<f64>() - (stored - self.stored_before_ct)
    }

    /// What the supplier and the grid operator charge in all, in ct.
    pub fn bill_ct(&self) -> f64 {
        self.days.iter().map(DayRow::bill_ct).sum()
    }
}

/// Replays `case` under the policy of `spec`.
///
/// # Errors
/// [`ReplayError`] for prices of another span, for a plan that is not there, and for a day that does not pass its audit.
pub fn replay(case: &Case<'_>, spec: &PolicySpec) -> Result<Replay, ReplayError> {
    replay_with(case, spec, &mut |_| ())
}

/// As [`replay`], and shows every day to `visit` once it is over and has passed its audit.
///
/// # Errors
/// As [`replay`].
pub fn replay_with(
    case: &Case<'_>,
    spec: &PolicySpec,
    visit: &mut dyn FnMut(&Day),
) -> Result<Replay, ReplayError> {
    let Case { span, tariff, forecasts } = *case;
    tariff.check(span.home().horizon.len())?;
    forecasts.check(span.home())?;
    let worth = StoreWorth::new(span, &tariff.prices.import);
    let mut policy = spec.build();
    let mut state = State::initial(span);
    let mut replayed = Replay {
        days: Vec::new(),
        hours: Vec::new(),
        intervals: Vec::new(),
        stored_before_ct: worth.of(&state),
    };
    let mut open = OpenDay::new(&state, next_day(span, &state));
    while state.now < span.replayed().end {
        let known = Known::new(span, tariff, forecasts, state.now, spec.has_hindsight());
        for wishes in policy.decide(&known, &state)? {
            if state.now == span.replayed().end {
                break;
            }
            let applied = step(span, &tariff.prices, &mut state, &wishes)?;
            open.push(wishes, applied);
            if open.is_over() {
                let (day, beside) = close(open, case, &state, &worth, policy.take_proofs())?;
                replayed.days.push(DayRow::new(&day.home, &day.costed, &beside));
                add_day(&mut replayed.hours, &day, span.home().time_zone);
                visit(&day);
                open = OpenDay::new(&state, next_day(span, &state));
            }
        }
    }
    Ok(replayed)
}

/// The local day that comes next, as far as it is replayed.
fn next_day(span: &Span, state: &State) -> std::ops::Range<usize> {
    let end = span.replayed().end;
    if state.now >= end {
        return end..end;
    }
    let calendar = span.calendar();
    let day = &calendar.days()[calendar.day_of(state.now)].intervals;
    state.now..day.end.min(end)
}

fn close(
    open: OpenDay,
    case: &Case<'_>,
    state: &State,
    worth: &StoreWorth,
    proofs: Proofs,
) -> Result<(Day, Beside), ReplayError> {
    let (skipped_runs, skipped) = open.skipped(case.span, state);
    let day = open.close(case.span, case.tariff)?;
    let calendar = case.span.calendar();
    let beside = Beside {
        date: calendar.days()[calendar.day_of(day.intervals.start)].date,
        standing_ct: case.tariff.standing.0,
        skipped_runs,
        skipped_ct: skipped.0,
        stored_ct: worth.of(state),
        proofs,
    };
    Ok((day, beside))
}
