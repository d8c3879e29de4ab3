//! What the compressor may do in an interval: least run and pause, most starts, room on the grid connection.

use offpeak_domain::HeatPump;

use crate::room_left::RoomLeft;

/// The compressor of a heat pump on its way through the horizon.
pub(crate) struct Compressor<'a> {
    pump: &'a HeatPump,
    left: &'a RoomLeft,
    running: bool,
    /// For how many intervals it has run or paused.
    lasted: usize,
    /// Starts so far within each of the pump's caps.
    starts: Vec<usize>,
}

impl<'a> Compressor<'a> {
    pub(crate) fn new(pump: &'a HeatPump, left: &'a RoomLeft) -> Self {
        Self {
            pump,
            left,
            running: pump.before.running,
            lasted: pump.before.intervals,
            starts: vec![0; pump.start_caps.len()],
        }
    }

    /// Whether it has not run its least time yet.
    pub(crate) fn must_run(&self) -> bool {
        self.running && self.lasted < self.pump.min_run
    }

    /// Whether it runs already, or may start: paused long enough, starts left, and room for the least run.
    pub(crate) fn may_run(&self, t: usize) -> bool {
        if self.running {
            return true;
        }
        let run_end = t.saturating_add(self.pump.min_run.max(1)).min(self.left.intervals());
        let has_paused = self.lasted >= self.pump.min_pause;
        has_paused && self.may_start(t) && (t..run_end).all(|later| self.has_room(later))
    }

    /// Whether it runs.
    pub(crate) fn is_running(&self) -> bool {
        self.running
    }

    /// For how many intervals it would pause at least, once stopped.
    pub(crate) fn least_pause(&self) -> usize {
        self.pump.min_pause
    }

    /// Moves on to the end of interval `t`.
    pub(crate) fn advance(&mut self, t: usize, runs: bool) {
        if runs == self.running {
            self.lasted = self.lasted.saturating_add(1);
            return;
        }
        self.running = runs;
        self.lasted = 1;
        if runs {
            for (cap, starts) in self.pump.start_caps.iter().zip(&mut self.starts) {
                *starts += usize::from(cap.intervals.contains(&t));
            }
        }
    }

    /// Whether a start is left in interval `t`.
    pub(crate) fn may_start(&self, t: usize) -> bool {
        let mut caps = self.pump.start_caps.iter().zip(&self.starts);
        caps.all(|(cap, starts)| !cap.intervals.contains(&t) || *starts < cap.most)
    }

    fn has_room(&self, t: usize) -> bool {
        self.pump.compressions().any(|way| self.left.fits(t, way.min_power[t]))
    }
}
