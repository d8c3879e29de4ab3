//! How much more power the devices may draw before the import limit binds.

use offpeak_domain::{HeatPump, Home, Kilowatts};

/// Power that is still free, per interval; below 0 where the inflexible load alone exceeds the limit.
pub(crate) struct RoomLeft(Vec<Kilowatts>);

impl RoomLeft {
    /// Beside load and generation, with room kept for compressors that must go on running.
    pub(crate) fn beside_load(home: &Home) -> Self {
        let left = |t| {
            let limit = home.grid.import_limit[t] + home.import_overshoot_allowed(t);
            let forced: Kilowatts = home.heat_pumps.iter().map(|pump| pump.forced_power(t)).sum();
            limit - home.grid.base(t) - forced
        };
        Self((0..home.horizon.len()).map(left).collect())
    }

    /// Gives the room kept for `pump` free, for itself to claim.
    pub(crate) fn release_forced(&mut self, pump: &HeatPump) {
        for (t, left) in self.0.iter_mut().enumerate() {
            *left += pump.forced_power(t);
        }
    }

    /// Takes what a device draws.
    pub(crate) fn claim(&mut self, power: impl Fn(usize) -> Kilowatts) {
        for (t, left) in self.0.iter_mut().enumerate() {
            *left -= power(t);
        }
    }

    /// How many intervals there are.
    pub(crate) fn intervals(&self) -> usize {
        self.0.len()
    }

    /// What is free in interval `t`; below 0 where the limit is exceeded already.
    pub(crate) fn at(&self, t: usize) -> Kilowatts {
        self.0[t]
    }

    /// Whether `power` more fits in interval `t`.
    pub(crate) fn fits(&self, t: usize, power: Kilowatts) -> bool {
        // Sums in another order differ in the last digits; the audit allows for a thousand times this.
        // A power of 0 fits even where the limit is exceeded already.
        power.0 <= self.0[t].0.max(0.0) + 1e-9
    }
}
