//! Wall time as an argument.

use chrono::{DateTime, Utc};

/// Says what time it is. A closure that returns the time is a clock.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}

impl<F: Fn() -> DateTime<Utc> + Send + Sync> Clock for F {
    fn now(&self) -> DateTime<Utc> {
        self()
    }
}
