//! What is known when: nothing of the future but published prices and what is declared on arrival.

mod arrivals;
mod doubt;
mod forecast;
mod price_estimate;

use std::cell::OnceCell;
use std::ops::Range;

use chrono::{DateTime, Utc};
use offpeak_domain::{Appliance, Home, InvalidInput, Kilowatts};

use crate::outlook::{Outlook, Stay, Truth};
use crate::signal::{Signal, measured};
use crate::span::Span;
use crate::state::{Run, State};
use crate::tariff::SpanTariff;
use crate::window::{Frame, cut};
use crate::worth::{replacement_price, value_ends};

pub use forecast::{Forecasts, Method};

/// What a policy may know at the start of interval `now`.
///
/// Measured values of the intervals before `now`; the state of every device; the stay of a car that has arrived, with the
/// departure and the energy its driver declares; windows of appliances that have begun; prices as far as they are published. All
/// else is a forecast made of these. Settings are known at all times: sizes of devices, comfort bands, fuse.
pub struct Known<'a> {
    pub(crate) span: &'a Span,
    pub(crate) tariff: &'a SpanTariff,
    forecasts: &'a Forecasts,
    now: usize,
    priced_until: usize,
    hindsight: bool,
    clearness: OnceCell<f64>,
}

/// A home on a horizon as a policy sees it.
pub struct Window {
    /// The home. Runs of appliances that are under way count as load.
    pub home: Home,
    /// Which appliance of the span each appliance of the home is.
    pub runs: Vec<usize>,
}

impl<'a> Known<'a> {
    /// What is known at `now`; all that will ever happen, in `hindsight`.
    pub(crate) fn new(
        span: &'a Span,
        tariff: &'a SpanTariff,
        forecasts: &'a Forecasts,
        now: usize,
        hindsight: bool,
    ) -> Self {
        let horizon = &span.home().horizon;
        let priced_until = match tariff.publication {
            Some(publication) if !hindsight => {
                let until = publication.known_until(horizon.start_of(now));
                horizon.edges().partition_point(|edge| *edge <= until) - 1
            }
            _ => horizon.len(),
        };
        Self { span, tariff, forecasts, now, priced_until, hindsight, clearness: OnceCell::new() }
    }

    /// The interval that comes next.
    pub fn now(&self) -> usize {
        self.now
    }

    /// When it starts.
    pub fn instant(&self) -> DateTime<Utc> {
        self.span.home().horizon.start_of(self.now)
    }

    /// How many of the next intervals have known prices.
    pub fn priced_intervals(&self) -> usize {
        self.priced_until - self.now
    }

    /// How many intervals there are until more prices become known, or until a day has passed where all are known.
    pub fn until_publication(&self) -> usize {
        let horizon = &self.span.home().horizon;
        let next = self.tariff.publication.unwrap_or_default().next_after(self.instant());
        let edge = horizon.edges().partition_point(|edge| *edge < next);
        edge.saturating_sub(self.now).max(1)
    }

    /// The home on the next `intervals`, as far as the span reaches, with prices as a home in doubt counts them and with what its
    /// stores are worth at the end.
    ///
    /// # Errors
    /// [`InvalidInput`] where a forecast series given by the user holds an impossible value.
    pub fn window(&self, state: &State, intervals: usize) -> Result<Window, InvalidInput> {
        let end = self.span.home().horizon.len().min(self.now + intervals.max(1));
        let frame = Frame { span: self.span, state, range: self.now..end };
        let (appliances, runs) = self.appliances(state, &frame.range);
        let under_way = |t: usize| self.under_way(state, t - self.now);
        let home = cut(&frame, self, appliances, &under_way)?;
        let stays: Vec<_> = (0..home.evs.len()).map(|ev| self.stays(ev, &frame.range)).collect();
        let mut spec = home.into_spec();
        let mut at_end = spec.grid.clone();
        if !self.hindsight {
            doubt::over(&mut spec.grid, &spec.horizon);
            doubt::at_end(&mut at_end);
        }
        Ok(Window { home: value_ends(spec, replacement_price(&at_end), &stays, end)?, runs })
    }

    /// Runs that may begin or go on within `range`, and which of the span's appliances they are.
    fn appliances(&self, state: &State, range: &Range<usize>) -> (Vec<Appliance>, Vec<usize>) {
        let all = self.span.home().appliances.iter().enumerate();
        // A window that has not begun is in its owner's head.
        let known = all.filter(|(_, appliance)| self.hindsight || appliance.earliest_start <= self.now);
        known
            .filter_map(|(index, appliance)| Some((open_run(appliance, state.runs[index], range)?, index)))
            .unzip()
    }

    /// What runs in one piece that have begun will draw so many intervals from now.
    fn under_way(&self, state: &State, ahead: usize) -> Kilowatts {
        let runs = self.span.home().appliances.iter().zip(&state.runs);
        runs.filter(|(appliance, _)| !appliance.interruptible)
            .map(|(appliance, run)| match run {
                Run::Begun(done) => appliance.profile.get(done + ahead).copied().unwrap_or_default(),
                Run::Waiting | Run::Over => Kilowatts::ZERO,
            })
            .sum()
    }

    fn truth(&self) -> Truth<'a> {
        Truth { span: self.span, prices: &self.tariff.prices }
    }

    /// A true value, which only the functions that choose intervals of the past may ask for.
    fn measured(&self, signal: Signal, t: usize) -> f64 {
        measured(self.span.home(), &self.tariff.prices, signal, t)
    }
}

impl Outlook for Known<'_> {
    fn value(&self, signal: Signal, t: usize) -> f64 {
        if self.hindsight {
            return self.truth().value(signal, t);
        }
        match signal {
            Signal::ImportPrice | Signal::ExportPrice => self.price(signal, t),
            Signal::ImportLimit => self.span.fuse().0,
            Signal::ExportLimit => self.span.export_limit().0,
            _ => self.forecast(signal, t),
        }
    }

    fn stays(&self, ev: usize, range: &Range<usize>) -> Vec<Stay> {
        if self.hindsight { self.truth().stays(ev, range) } else { self.expected_stays(ev, range) }
    }
}

/// What is left of a run on the intervals of `range`; none if it is over, under way in one piece, or has no room there.
fn open_run(appliance: &Appliance, run: Run, range: &Range<usize>) -> Option<Appliance> {
    let done = match run {
        Run::Waiting => 0,
        Run::Begun(done) if appliance.interruptible => done,
        Run::Begun(_) | Run::Over => return None,
    };
    let profile = appliance.profile[done..].to_vec();
    let last_end = (appliance.latest_start + appliance.profile.len()).min(range.end);
    let latest_start = last_end.checked_sub(profile.len())?;
    let earliest_start = appliance.earliest_start.max(range.start);
    (earliest_start <= latest_start).then(|| Appliance {
        id: appliance.id.clone(),
        profile,
        earliest_start: earliest_start - range.start,
        latest_start: latest_start - range.start,
        ..*appliance
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{NaiveDate, NaiveTime};
    use chrono_tz::Europe::Berlin;
    use offpeak_domain::{Cents, Home, Horizon, Prices, local_instant};
    use offpeak_testhomes::plain;

    /// When the window of the wash begins and the car comes home, in hours from the start of the span.
    const EVENT: usize = 30;

    fn midnight(day: u32) -> DateTime<Utc> {
        let date = NaiveDate::from_ymd_opt(2026, 1, day).expect("a date");
        local_instant(date.and_time(NaiveTime::MIN), Berlin)
    }

    fn home() -> Home {
        let horizon = Horizon::between(midnight(12), midnight(15), 60).expect("divides");
        let mut spec = plain::home(horizon, &[30.0; 72]);
        let wash = plain::appliance(&spec, &[2.0], EVENT..=40);
        spec.appliances.push(wash);
        let car = plain::ev(&spec, &[plain::power(1.0..=10.0)], 40.0);
        spec.evs.push(offpeak_domain::Ev { sessions: vec![plain::session(EVENT..42, 40.0)], ..car });
        Home::new(spec).expect("possible")
    }

    #[test]
    fn a_wash_and_a_car_are_known_from_their_first_interval_on_and_not_one_earlier() {
        let home = home();
        let prices =
            Prices { import: home.grid.import_price.clone(), export: home.grid.export_price.clone() };
        let tariff = SpanTariff { id: "flat".into(), prices, publication: None, standing: Cents::ZERO };
        let span = Span::new(home, midnight(13), midnight(15)).expect("a span");
        let seen = |now: usize, hindsight: bool| {
            let state = State { now, ..State::initial(&span) };
            let forecasts = Forecasts::default();
            let known = Known::new(&span, &tariff, &forecasts, now, hindsight);
            let window = known.window(&state, 12).expect("a window");
            (window.runs.len(), window.home.evs[0].sessions.len())
        };
        assert_eq!(seen(EVENT - 1, false), (0, 0));
        assert_eq!(seen(EVENT, false), (1, 1));
        assert_eq!(seen(EVENT - 1, true), (1, 1), "hindsight knows both");
    }
}
