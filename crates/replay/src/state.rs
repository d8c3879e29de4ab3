//! What a home carries from one interval into the next.

use offpeak_domain::{Celsius, CompressorState, KilowattHours, Kilowatts, Schedule};

use crate::span::Span;

/// The true state of a home at the start of an interval.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The interval that comes next, counted from the start of the span.
    pub now: usize,
    /// Stored energy of each battery.
    pub batteries: Vec<KilowattHours>,
    /// Energy of each EV.
    pub evs: Vec<KilowattHours>,
    /// Heat of each heat pump's sinks, and what its compressor did last.
    pub heat_pumps: Vec<PumpState>,
    /// How far the run of each appliance is.
    pub runs: Vec<Run>,
    /// Highest import so far in each billing window of a peak charge.
    pub peaks: Vec<Kilowatts>,
}

/// The state of a heat pump.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PumpState {
    /// Temperature of the rooms, if it heats any.
    pub rooms: Option<Celsius>,
    /// Heat in the tank, if it has one.
    pub water: Option<KilowattHours>,
    /// What the compressor did last.
    pub compressor: CompressorState,
    /// Its starts on the current local day.
    pub starts_today: usize,
}

/// How far the run of an appliance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Run {
    /// Not begun.
    #[default]
    Waiting,
    /// So many parts are done.
    Begun(usize),
    /// Complete, or too late to begin.
    Over,
}

impl State {
    /// The state at the start of the replay.
    pub fn initial(span: &Span) -> Self {
        let home = span.home();
        let first = span.replayed().start;
        let pump = |pump: &offpeak_domain::HeatPump| PumpState {
            rooms: pump.rooms.as_ref().map(|rooms| rooms.initial),
            water: pump.hot_water.as_ref().map(|water| water.initial),
            compressor: pump.before,
            starts_today: 0,
        };
        // A run that could only have begun before the replay was somebody else's to begin.
        let run = |appliance: &offpeak_domain::Appliance| {
            if appliance.latest_start < first { Run::Over } else { Run::Waiting }
        };
        Self {
            now: first,
            batteries: home.batteries.iter().map(|battery| battery.initial_stored).collect(),
            evs: home.evs.iter().map(|ev| ev.initial_energy).collect(),
            heat_pumps: home.heat_pumps.iter().map(pump).collect(),
            runs: home.appliances.iter().map(run).collect(),
            peaks: home.grid.peak_charges.iter().map(|charge| charge.already_reached).collect(),
        }
    }

    /// Moves every device on by the one interval that `schedule` settled, and on to the next interval.
    pub(crate) fn advance(&mut self, span: &Span, schedule: &Schedule) {
        for (state, stored) in self.batteries.iter_mut().zip(&schedule.battery_stored) {
            *state = stored[1];
        }
        for (state, energy) in self.evs.iter_mut().zip(&schedule.ev_energy) {
            *state = energy[1];
        }
        for (index, state) in self.heat_pumps.iter_mut().enumerate() {
            state.rooms = schedule.room_temperature[index].as_ref().map(|theta| theta[1]);
            state.water = schedule.water_stored[index].as_ref().map(|stored| stored[1]);
            state.run(schedule.setpoints.heat_pumps[index].compressor(0) > offpeak_domain::RUNNING);
        }
        for (peak, charge) in self.peaks.iter_mut().zip(&span.home().grid.peak_charges) {
            if charge.intervals.contains(&self.now) {
                *peak = peak.max(schedule.import[0]);
            }
        }
        let calendar = span.calendar();
        let before = calendar.day_of(self.now);
        self.now += 1;
        if self.now < span.home().horizon.len() && calendar.day_of(self.now) != before {
            self.heat_pumps.iter_mut().for_each(|state| state.starts_today = 0);
        }
    }
}

impl PumpState {
    fn run(&mut self, runs: bool) {
        if runs == self.compressor.running {
            self.compressor.intervals = self.compressor.intervals.saturating_add(1);
            return;
        }
        self.compressor = CompressorState { running: runs, intervals: 1 };
        self.starts_today += usize::from(runs);
    }
}
