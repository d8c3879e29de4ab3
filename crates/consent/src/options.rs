//! Times and limits of refreshing, and its named steps.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;

use crate::ConfigError;

/// How long things may take. The lease outlasts the request and the wait after a lost answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// An access token counts as ended this long before it does.
    pub skew: Duration,
    /// Total time of one request to the token endpoint.
    pub request: Duration,
    /// How long a process alone may refresh a customer.
    pub lease: Duration,
    /// After this long an attempt without an answer is certainly dead at the provider too.
    pub certainly_dead: Duration,
    /// How often a process that waits for another's refresh looks again.
    pub poll: Duration,
    /// First wait after a lost retry; doubled each time, at most an hour.
    pub doubt_wait: Duration,
    /// How long refreshes stop after a storm of refusals.
    pub halt: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            skew: Duration::from_secs(90),
            request: Duration::from_secs(15),
            lease: Duration::from_mins(1),
            certainly_dead: Duration::from_secs(20),
            poll: Duration::from_millis(200),
            doubt_wait: Duration::from_mins(1),
            halt: Duration::from_mins(5),
        }
    }
}

impl Timing {
    /// Whether nobody takes over while an answer may still come.
    pub(crate) fn checked(&self) -> Result<(), ConfigError> {
        let refuse = |problem| Err(ConfigError::Timing { problem });
        if self.request.is_zero() || self.poll.is_zero() {
            return refuse("request and poll must be more than nothing");
        }
        if self.lease < self.request * 2 {
            return refuse("lease must be at least twice request");
        }
        if self.certainly_dead < self.request {
            return refuse("certainly_dead must be at least request");
        }
        Ok(())
    }
}

/// A step of a refresh, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Nothing is written yet.
    Started,
    /// The row says `refreshing` and the lease is this process's.
    Leased,
    /// The request is about to be sent.
    Sending,
    /// The answer is in memory and nowhere else.
    Answered,
    /// The raw answer is durable.
    Kept,
    /// The tokens are durable in their row.
    Settled,
}

impl Step {
    /// Every step in order.
    pub const ALL: [Self; 6] =
        [Self::Started, Self::Leased, Self::Sending, Self::Answered, Self::Kept, Self::Settled];
}

/// Makes a future that ends when a request may be sent.
pub type Gate = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// What a caller may set.
#[derive(Clone)]
pub struct Options {
    /// Times.
    pub timing: Timing,
    /// How many customers refused in a row are a storm: then nobody is marked and refreshes stop for a while.
    pub storm: usize,
    /// Awaited before each refresh: where requests are counted against a budget that reads share.
    pub before_refresh: Option<Gate>,
    /// Called at each step of a refresh: tests of crashes end the process there.
    pub on_step: Option<Arc<dyn Fn(Step) + Send + Sync>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { timing: Timing::default(), storm: 20, before_refresh: None, on_step: None }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Options")
            .field("timing", &self.timing)
            .field("storm", &self.storm)
            .field("before_refresh", &self.before_refresh.is_some())
            .field("on_step", &self.on_step.is_some())
            .finish()
    }
}
