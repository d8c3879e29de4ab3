//! A home over months: one truth, from which the past, the present and every horizon are cut.

use std::ops::Range;

use chrono::{DateTime, Utc};
use offpeak_domain::{Home, InvalidInput, Kilowatts};

use crate::calendar::Calendar;

/// A home with all that really happened over months, and the part of it that is replayed.
///
/// The truth is one [`Home`] over the whole span: load, generation, weather, draws, stays of the cars, windows of the
/// appliances. What lies before the replay is history, from which forecasts are made; what lies after it lets the last
/// horizons reach as far as all others. The initial states are those at the start of the replay.
#[derive(Debug, Clone)]
pub struct Span {
    home: Home,
    replayed: Range<usize>,
    calendar: Calendar,
    fuse: Kilowatts,
    export_limit: Kilowatts,
}

impl Span {
    /// The replay of `home` from `from` to `to`.
    ///
    /// The connection is taken to allow at all times what it allowed at most in the history: a dimming comes unannounced.
    ///
    /// # Errors
    /// [`InvalidInput`] for intervals of different lengths, for a replay that does not begin at a local midnight with at least
    /// one whole day of history before it, and for one that leaves the horizon of the home.
    pub fn new(home: Home, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Self, InvalidInput> {
        let horizon = &home.horizon;
        let uniform = horizon.lengths().all(|length| (length.0 - horizon.length(0).0).abs() < 1e-9);
        if !uniform {
            return Err(InvalidInput::new(
                "span",
                "intervals of different lengths",
                "must have intervals of one length",
            ));
        }
        let calendar = Calendar::new(horizon, home.time_zone);
        let index = |at: &DateTime<Utc>| horizon.edges().binary_search(at).ok();
        let (Some(first), Some(end)) = (index(&from), index(&to)) else {
            let allowed = format!("must be edges of the span from {} to {}", horizon.start(), horizon.end());
            return Err(InvalidInput::new("replay", format!("{from} to {to}"), allowed));
        };
        let history = calendar.days().iter().take_while(|day| day.intervals.end <= first).count();
        let at_midnight =
            first < horizon.len() && calendar.days()[calendar.day_of(first)].intervals.start == first;
        if history == 0 || !at_midnight || first >= end {
            let allowed =
                "must begin at a local midnight, a day or more after the series begin; a week is better";
            return Err(InvalidInput::new("replay", format!("{from} to {to}"), allowed));
        }
        let most =
            |limits: &[Kilowatts]| limits[..first].iter().copied().fold(Kilowatts::ZERO, Kilowatts::max);
        let (fuse, export_limit) = (most(&home.grid.import_limit), most(&home.grid.export_limit));
        Ok(Self { replayed: first..end, calendar, fuse, export_limit, home })
    }

    /// The same span with another inflexible load, as a meter measured it; one value per interval.
    ///
    /// # Errors
    /// [`InvalidInput`] for a wrong number of values or a negative one.
    pub fn with_load(self, load: Vec<Kilowatts>) -> Result<Self, InvalidInput> {
        let mut spec = self.home.into_spec();
        spec.grid.load = load;
        Ok(Self { home: Home::new(spec)?, ..self })
    }

    /// What really happened.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The intervals that are replayed.
    pub fn replayed(&self) -> Range<usize> {
        self.replayed.clone()
    }

    pub(crate) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Most import while nobody dims.
    pub(crate) fn fuse(&self) -> Kilowatts {
        self.fuse
    }

    /// Most export while nobody limits it further.
    pub(crate) fn export_limit(&self) -> Kilowatts {
        self.export_limit
    }

    /// The length of an interval in hours.
    pub(crate) fn hours(&self) -> f64 {
        self.home.horizon.length(0).0
    }

    /// How many intervals `hours` have, rounded.
    pub(crate) fn intervals_in(&self, hours: f64) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rounded number of at least 0"
        )]
        let intervals = (hours / self.hours()).round().max(0.0) as usize;
        intervals
    }
}
