//! A day while it is replayed: what was applied, then its home, its money and its audit.

use std::ops::Range;

use offpeak_audit::audit_costed;
use offpeak_domain::{Appliance, Cents, Costed, Home, InvalidInput, Kilowatts, Setpoints};

use crate::error::ReplayError;
use crate::outlook::Truth;
use crate::plant::{Applied, Wishes};
use crate::span::Span;
use crate::state::{Run, State};
use crate::tariff::SpanTariff;
use crate::window::{Frame, cut};

/// The intervals applied since a local midnight, and the state they began with.
pub(crate) struct OpenDay {
    before: State,
    intervals: Range<usize>,
    applied: Vec<Applied>,
    wishes: Vec<Wishes>,
}

/// A day that is over, as it really was.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// Its intervals in the span.
    pub intervals: Range<usize>,
    /// The true home on this day, with the states it began with, and without worth at its end. The appliances are the runs, or
    /// parts of runs, of this day.
    pub home: Home,
    /// What was wanted in each interval.
    pub wishes: Vec<Wishes>,
    /// What was done, and what it cost.
    pub costed: Costed,
}

/// A run of an appliance on one day: from which part on, and when each part ran, counted from the start of the day.
struct DayRun {
    appliance: usize,
    first_part: usize,
    times: Vec<usize>,
}

impl OpenDay {
    pub(crate) fn new(state: &State, intervals: Range<usize>) -> Self {
        Self { before: state.clone(), intervals, applied: Vec::new(), wishes: Vec::new() }
    }

    pub(crate) fn push(&mut self, wishes: Wishes, applied: Applied) {
        self.wishes.push(wishes);
        self.applied.push(applied);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.applied.len() == self.intervals.len()
    }

    /// The runs that were given up on this day, and what that costs.
    pub(crate) fn skipped(&self, span: &Span, after: &State) -> (usize, Cents) {
        let runs = self.before.runs.iter().zip(&after.runs).enumerate();
        let ran = |index: usize| {
            self.applied.iter().any(|applied| applied.runs.iter().any(|(run, _)| *run == index))
        };
        let skipped = runs.filter(|(index, (before, after))| {
            **before == Run::Waiting && **after == Run::Over && !ran(*index)
        });
        let penalties = skipped.map(|(index, _)| span.home().appliances[index].skip_penalty);
        let (count, sum) =
            penalties.fold((0, Cents::ZERO), |(count, sum), penalty| (count + 1, sum + penalty));
        (count, sum)
    }

    /// Settles and costs the day, and has it audited.
    ///
    /// # Errors
    /// [`ReplayError::FailedAudit`] for a day that breaks a rule: nothing that does may enter a study.
    pub(crate) fn close(self, span: &Span, tariff: &SpanTariff) -> Result<Day, ReplayError> {
        let runs = self.runs();
        let home = self.home(span, tariff, &runs)?;
        let costed = Costed::of(&home, self.setpoints(span, &home, &runs));
        let violations = audit_costed(&home, &costed);
        if !violations.is_empty() {
            let calendar = span.calendar();
            let date = calendar.days()[calendar.day_of(self.intervals.start)].date;
            return Err(ReplayError::FailedAudit { home: home.id.clone(), date, violations });
        }
        Ok(Day { intervals: self.intervals, home, costed, wishes: self.wishes })
    }

    fn runs(&self) -> Vec<DayRun> {
        let mut runs: Vec<DayRun> = Vec::new();
        for (t, applied) in self.applied.iter().enumerate() {
            for (appliance, part) in &applied.runs {
                match runs.iter_mut().find(|run| run.appliance == *appliance) {
                    Some(run) => run.times.push(t),
                    None => runs.push(DayRun { appliance: *appliance, first_part: *part, times: vec![t] }),
                }
            }
        }
        runs
    }

    /// The true home of the day; where a run that had begun broke the import limit, the limit is what it needed.
    fn home(&self, span: &Span, tariff: &SpanTariff, runs: &[DayRun]) -> Result<Home, InvalidInput> {
        let truth = Truth { span, prices: &tariff.prices };
        let frame = Frame { span, state: &self.before, range: self.intervals.clone() };
        let appliances = runs.iter().map(|run| self.appliance(span, run)).collect();
        let home = cut(&frame, &truth, appliances, &|_| Kilowatts::ZERO)?;
        let mut spec = home.into_spec();
        for (t, applied) in self.applied.iter().enumerate() {
            let drawn: Kilowatts =
                applied.runs.iter().map(|(index, part)| span.home().appliances[*index].profile[*part]).sum();
            if drawn > Kilowatts::ZERO {
                let needed = spec.grid.base(t) + drawn;
                spec.grid.import_limit[t] = spec.grid.import_limit[t].max(needed);
            }
        }
        Home::new(spec)
    }

    /// The parts of a run that fell on this day; of a whole run with its own window.
    fn appliance(&self, span: &Span, run: &DayRun) -> Appliance {
        let whole = &span.home().appliances[run.appliance];
        let profile = whole.profile[run.first_part..run.first_part + run.times.len()].to_vec();
        let most = self.intervals.len() - profile.len();
        let (earliest_start, latest_start) = if profile.len() == whole.profile.len() {
            let within = |t: usize| t.saturating_sub(self.intervals.start).min(most);
            (within(whole.earliest_start), within(whole.latest_start))
        } else if whole.interruptible {
            (0, most)
        } else {
            (run.times[0], run.times[0])
        };
        Appliance { id: whole.id.clone(), profile, earliest_start, latest_start, ..*whole }
    }

    fn setpoints(&self, span: &Span, home: &Home, runs: &[DayRun]) -> Setpoints {
        let mut all = Setpoints::idle(home);
        for (t, applied) in self.applied.iter().enumerate() {
            let one = &applied.schedule.setpoints;
            all.curtail[t] = one.curtail[0];
            for (into, from) in
                all.batteries.iter_mut().zip(&one.batteries).chain(all.evs.iter_mut().zip(&one.evs))
            {
                (into.charge[t], into.discharge[t]) = (from.charge[0], from.discharge[0]);
            }
            for (into, from) in all.heat_pumps.iter_mut().zip(&one.heat_pumps) {
                (into.rooms[t], into.hot_water[t]) = (from.rooms[0], from.hot_water[0]);
                (into.backup[t], into.immersion[t]) = (from.backup[0], from.immersion[0]);
            }
        }
        for (run, power) in runs.iter().zip(&mut all.appliances) {
            let profile = &span.home().appliances[run.appliance].profile[run.first_part..];
            for (t, part) in run.times.iter().zip(profile) {
                power[*t] = *part;
            }
        }
        all
    }
}
