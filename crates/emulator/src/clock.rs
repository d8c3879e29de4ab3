//! The emulator's time: given from outside, and movable while it runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the time comes from: whoever starts the emulator decides, so that a test can stand still.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A clock that stands at `now`.
pub fn fixed_clock(now: DateTime<Utc>) -> Clock {
    Arc::new(move || now)
}

/// A clock and how far it was moved.
pub(crate) struct MovableClock {
    base: Clock,
    shift_ms: AtomicI64,
}

impl MovableClock {
    pub(crate) fn new(base: Clock) -> Self {
        Self { base, shift_ms: AtomicI64::new(0) }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.base)() + TimeDelta::milliseconds(self.shift_ms.load(Ordering::Relaxed))
    }

    /// From here on the time is `now`, and runs on as the clock underneath does.
    pub(crate) fn set(&self, now: DateTime<Utc>) {
        self.shift_ms.store((now - (self.base)()).num_milliseconds(), Ordering::Relaxed);
    }
}
