//! Which faults are on, and which strike a request.

use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::state::held;
use crate::world::dice::unit;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FaultKind {
    /// The request is carried out (a token rotates), then the connection closes without an answer.
    DropAnswer,
    /// 429 with `retry-after: 1` and `ratelimit-*`, nothing carried out.
    RateLimited,
    /// 429 without a header.
    RateLimitedBare,
    /// 503, nothing carried out.
    ServerErrorBefore,
    /// The request is carried out, then 500.
    ServerErrorAfter,
    /// The request is carried out, and the answer waits [`Fault::delay`].
    Slow,
    /// Half of the body, then the connection closes.
    CutBody,
    /// 401, nothing carried out.
    Unauthorized,
    /// `expires_in` as `3600.0`.
    FloatExpiresIn,
    /// `expires_in` as `"3600"`.
    StringExpiresIn,
    /// Each second `amount` is null.
    NullAmounts,
    /// `components` are null.
    NullComponents,
    /// `items` is null.
    NullItems,
    /// `items` or `data` in another order.
    Unsorted,
    /// Fields that the document does not know, at the top and in every item.
    UnknownFields,
    /// The last local day of the prices is missing.
    DayMissing,
    /// The last quarter of `items` costs nothing.
    ZeroRun,
    /// The answer is for another subscription.
    WrongSubscription,
}

/// A fault that is on.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// The paths it strikes, such as `/subscriptions/*/prices`: `*` is any one part, `**` at the end all that follows.
    pub path: String,
    /// Requests of the path that it leaves alone first.
    pub skip: u32,
    /// How often it strikes; for ever where none.
    pub times: Option<u32>,
    /// How likely it strikes each time, drawn from the seed; 1 is always.
    pub probability: f64,
    /// How long [`FaultKind::Slow`] waits.
    pub delay: Duration,
}

impl Fault {
    /// Always, on `path`; [`FaultKind::Slow`] waits 3 s.
    pub fn new(kind: FaultKind, path: &str) -> Self {
        let delay = Duration::from_secs(3);
        Self { kind, path: path.to_owned(), skip: 0, times: None, probability: 1.0, delay }
    }

    /// The next time only.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// The next `times` times only.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// After `skip` requests of the path.
    #[must_use]
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Now and then only: `probability` is 0 to 1.
    #[must_use]
    pub fn with_probability(self, probability: f64) -> Self {
        Self { probability, ..self }
    }

    /// How long [`FaultKind::Slow`] waits.
    #[must_use]
    pub fn delayed(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    fn is_on(&self, path: &str) -> bool {
        let (mut wanted, mut given) = (self.path.split('/'), path.split('/'));
        loop {
            match (wanted.next(), given.next()) {
                (Some("**"), _) | (None, None) => return true,
                (Some("*"), Some(_)) => {}
                (Some(wanted), Some(given)) if wanted == given => {}
                _ => return false,
            }
        }
    }
}

/// A kind by its name in kebab case; the error names all there are.
impl FromStr for FaultKind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        serde_json::from_value(serde_json::Value::from(name)).map_err(|cause| cause.to_string())
    }
}

/// All faults that are on.
pub(crate) struct Faults {
    seed: u64,
    /// Spares the lock on every request of a run without faults.
    is_any: AtomicBool,
    on: Mutex<(Vec<Fault>, u64)>,
}

impl Faults {
    pub(crate) fn new(seed: u64, faults: Vec<Fault>) -> Self {
        Self { seed, is_any: AtomicBool::new(!faults.is_empty()), on: Mutex::new((faults, 0)) }
    }

    pub(crate) fn add(&self, fault: Fault) {
        held(&self.on).0.push(fault);
        self.is_any.store(true, Ordering::Release);
    }

    pub(crate) fn clear(&self) {
        held(&self.on).0.clear();
        self.is_any.store(false, Ordering::Release);
    }

    /// Those that strike a request of `path` now; each counts itself down.
    pub(crate) fn striking(&self, path: &str) -> Vec<Fault> {
        if !self.is_any.load(Ordering::Acquire) {
            return Vec::new();
        }
        let mut on = held(&self.on);
        let (faults, rolls) = &mut *on;
        let mut striking = Vec::new();
        for fault in faults.iter_mut().filter(|fault| fault.is_on(path) && fault.times != Some(0)) {
            *rolls += 1;
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if unit(self.seed, 20, *rolls, 0) < fault.probability {
                fault.times = fault.times.map(|times| times - 1);
                striking.push(fault.clone());
            }
        }
        striking
    }
}
