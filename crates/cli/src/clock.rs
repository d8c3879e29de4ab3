//! The one place that reads the computer's clock: everything else is told what time it is.

use chrono::{DateTime, Utc};

/// What time it is.
#[expect(clippy::disallowed_methods, reason = "the command line is where time comes from")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}
