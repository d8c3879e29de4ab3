//! A thermostat with hysteresis that starts in time for a higher bound or a large draw.

use crate::room_left::RoomLeft;
use crate::sink::Sink;

/// Levels closer than this are the same, in K or kWh.
const SAME: f64 = 1e-9;

/// The thermostat of one sink on its way through the horizon.
pub(crate) struct Thermostat {
    pub(crate) sink: Sink,
    /// The least level at the end of every interval from which full power holds all later bounds.
    needed: Vec<f64>,
    level: f64,
    heating: bool,
}

/// How much a thermostat wants the compressor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Call {
    /// It is too cold, or will be in time for a later bound.
    Urgent,
    /// It heats on until it switches off.
    HeatingOn,
    /// Not at all.
    Silent,
}

impl Thermostat {
    pub(crate) fn new(sink: Sink, left: &RoomLeft) -> Self {
        Self { needed: needed(&sink, left), level: sink.initial, heating: false, sink }
    }

    /// The call in interval `t`; once silent, the thermostat has switched off.
    pub(crate) fn call(&mut self, t: usize) -> Call {
        let idle = self.after(t, 0.0);
        if idle < self.needed[t] - SAME {
            self.heating = true;
            return Call::Urgent;
        }
        self.heating &= idle < self.sink.switch_off[t] && self.excess_cost(t) <= 0.0;
        if self.heating { Call::HeatingOn } else { Call::Silent }
    }

    /// Whether it would call urgently within the `pause` intervals after `t`, if it got nothing from `t` on.
    pub(crate) fn will_call(&self, t: usize, pause: usize) -> bool {
        let end = self.needed.len().min(t.saturating_add(pause).saturating_add(1));
        let mut level = self.level;
        (t..end).any(|later| {
            level = self.sink.level_after(later, level, 0.0, 0.0);
            level < self.needed[later] - SAME
        })
    }

    /// The power up to `most` that leads to the level of switching off, at least the least power.
    pub(crate) fn wanted_power(&self, t: usize, most: f64) -> f64 {
        let goal = self.sink.switch_off[t].max(self.needed[t]);
        let power = self.sink.power_for(t, goal - self.after(t, 0.0));
        power.min(self.sink.max_power[t]).min(most).max(self.sink.min_power[t])
    }

    /// What least power would cost by heating beyond the highest bound, in ct per hour.
    pub(crate) fn excess_cost(&self, t: usize) -> f64 {
        let warmest = self.after(t, self.sink.min_power[t]);
        (warmest - self.sink.highest[t]).max(0.0) * self.sink.discomfort_price
    }

    /// Heater power up to `most` that holds the lowest bound where `compressor` alone does not.
    pub(crate) fn heater_power(&self, t: usize, compressor: f64, most: f64) -> f64 {
        let missing = self.sink.lowest[t] - self.after(t, compressor);
        self.sink.heater_for(t, missing).min(self.sink.heater_max).min(most).max(0.0)
    }

    /// Moves on to the end of interval `t`.
    pub(crate) fn advance(&mut self, t: usize, compressor: f64, heater: f64) {
        self.level = self.sink.level_after(t, self.level, compressor, heater);
        if self.level >= self.sink.switch_off[t].max(self.needed[t]) - SAME {
            self.heating = false;
        }
    }

    fn after(&self, t: usize, compressor: f64) -> f64 {
        self.sink.level_after(t, self.level, compressor, 0.0)
    }
}

/// From the last interval backwards: the lowest bound, or more where full power afterwards would come too late.
///
/// The end floor counts as a bound of the last interval, so that the baseline does not end colder than wished.
fn needed(sink: &Sink, left: &RoomLeft) -> Vec<f64> {
    let intervals = sink.lowest.len();
    let last = intervals - 1;
    let mut needed = sink.lowest.clone();
    needed[last] = needed[last].max(sink.end_floor.min(sink.highest[last]));
    for t in (0..last).rev() {
        let full = sink.max_power[t + 1].min(left.at(t + 1).0);
        let full = if full < sink.min_power[t + 1] { 0.0 } else { full };
        if let Some(before) = sink.level_before(t + 1, needed[t + 1], full) {
            needed[t] = needed[t].max(before.min(sink.ahead_most[t]));
        }
    }
    needed
}
