//! Forecasts of load, generation, weather and draws, made of the past alone.

use offpeak_domain::{Home, InvalidInput};

use super::Known;
use crate::signal::Signal;

/// Weeks that similar days are taken from.
const SIMILAR_WEEKS: usize = 4;

/// Days among which the clearest is sought, time of day by time of day.
const CLEAR_SKY_DAYS: usize = 14;

/// How a series is foretold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The value at the same local time a day before, or on the last day that is known.
    Yesterday,
    /// The value at the same local time a week before; as yesterday where the history is shorter.
    LastWeek,
    /// The mean at the same local time on the same day of the last four weeks; as yesterday where the history is shorter.
    SimilarDays,
    /// The most at the same local time in the last 14 days, times how clear the last 24 hours were by that measure.
    ClearSky,
}

/// How each series of a home is foretold.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecasts {
    /// Inflexible load.
    pub load: Method,
    /// Generation.
    pub pv: Method,
    /// Outdoor temperature, gains, and with them what a compressor can do; carbon intensity.
    pub weather: Method,
    /// Hot water.
    pub draw: Method,
    /// Forecast series of the user's own in the form of the same home over the same span: they take the place of all others.
    pub given: Option<Box<Home>>,
}

impl Default for Forecasts {
    /// Similar days for what people do, clear-sky scaling for the sun, yesterday for the weather.
    fn default() -> Self {
        Self {
            load: Method::SimilarDays,
            pv: Method::ClearSky,
            weather: Method::Yesterday,
            draw: Method::SimilarDays,
            given: None,
        }
    }
}

impl Forecasts {
    /// Fails unless the forecast given has the intervals and devices of `home`.
    ///
    /// # Errors
    /// [`InvalidInput`] saying what differs.
    pub fn check(&self, home: &Home) -> Result<(), InvalidInput> {
        let Some(given) = &self.given else { return Ok(()) };
        let sinks = |home: &Home| -> Vec<_> {
            home.heat_pumps.iter().map(|pump| (pump.rooms.is_some(), pump.hot_water.is_some())).collect()
        };
        if given.horizon == home.horizon && sinks(given) == sinks(home) {
            return Ok(());
        }
        let found = format!("{} intervals from {}", given.horizon.len(), given.horizon.start());
        Err(InvalidInput::new(
            "forecast",
            found,
            "must have the intervals and the heat pumps of the home it is for",
        ))
    }

    fn method(&self, signal: Signal) -> Method {
        match signal {
            Signal::Load => self.load,
            Signal::Pv => self.pv,
            Signal::Draw(_) => self.draw,
            _ => self.weather,
        }
    }
}

impl Known<'_> {
    /// The forecast of `signal` for interval `t`, of measured values before now.
    pub(super) fn forecast(&self, signal: Signal, t: usize) -> f64 {
        if let Some(given) = &self.forecasts.given {
            return crate::signal::measured(given, &self.tariff.prices, signal, t);
        }
        match self.forecasts.method(signal) {
            Method::Yesterday => self.yesterday(signal, t),
            Method::LastWeek => self.mean_of_weeks(signal, t, 1),
            Method::SimilarDays => self.mean_of_weeks(signal, t, SIMILAR_WEEKS),
            Method::ClearSky => self.clear_sky(signal, t) * self.clearness(signal),
        }
    }

    /// The last known value at the same local time; the last known value at all where there is none.
    fn yesterday(&self, signal: Signal, t: usize) -> f64 {
        let past = self.span.calendar().earlier(t, 1, self.now).next();
        self.measured(signal, past.unwrap_or(self.now - 1))
    }

    fn mean_of_weeks(&self, signal: Signal, t: usize, weeks: usize) -> f64 {
        let past = self.span.calendar().earlier(t, 7, self.now).take(weeks);
        let (count, sum) =
            past.fold((0, 0.0), |(count, sum), past| (count + 1, sum + self.measured(signal, past)));
        if count == 0 { self.yesterday(signal, t) } else { sum / f64::from(count) }
    }

    /// The most at the same local time in the last days.
    fn clear_sky(&self, signal: Signal, t: usize) -> f64 {
        let past = self.span.calendar().earlier(t, 1, self.now).take(CLEAR_SKY_DAYS);
        past.map(|past| self.measured(signal, past)).fold(0.0, f64::max)
    }

    /// What the last 24 hours had of what they would have had at their clearest; 1 in a polar night.
    fn clearness(&self, signal: Signal) -> f64 {
        *self.clearness.get_or_init(|| {
            let calendar = self.span.calendar();
            let day = self.now.saturating_sub(calendar.per_day())..self.now;
            let had: f64 = day.clone().map(|t| self.measured(signal, t)).sum();
            // The day itself belongs to those it is compared with, so that none is clearer than the clearest.
            let clearest = |t: usize| self.measured(signal, t).max(self.clear_sky(signal, t));
            let clear: f64 = day.map(clearest).sum();
            if clear > 0.0 { had / clear } else { 1.0 }
        })
    }
}
