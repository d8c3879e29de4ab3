//! Examines a whole installation and says what to do.

mod provider;
mod settings;
mod store;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use offpeak_consent::Clock;

use crate::{Config, Environment};

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What: `configuration`, `secrets`, `database`, `key`, `clock`, `provider`.
    pub about: &'static str,
    /// How it is.
    pub health: Health,
    /// What was found. Never a secret.
    pub found: String,
    /// What to do; none where nothing is to be done.
    pub advice: Option<String>,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Good,
    /// Works, and should be looked at.
    Doubtful,
    /// Does not work.
    Bad,
}

impl fmt::Display for Health {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Good => "good",
            Self::Doubtful => "doubtful",
            Self::Bad => "bad",
        })
    }
}

impl Finding {
    fn good(about: &'static str, found: impl Into<String>) -> Self {
        Self { about, health: Health::Good, found: found.into(), advice: None }
    }

    fn doubtful(about: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { about, health: Health::Doubtful, found: found.into(), advice: Some(advice.into()) }
    }

    fn bad(about: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { about, health: Health::Bad, found: found.into(), advice: Some(advice.into()) }
    }
}

/// Looks at configuration, secrets, database, key, clock and provider, in this order, and goes on where it can.
/// Sends no secret anywhere; writes one audit row, to know that the database can be written to. May run beside a
/// service that is up.
pub async fn examine(path: &Path, environment: &Environment, clock: Arc<dyn Clock>) -> Vec<Finding> {
    let config = match Config::read(path) {
        Ok(config) => config,
        Err(error) => {
            return vec![Finding::bad("configuration", error.to_string(), "mend the file and try again")];
        }
    };
    let mut findings = vec![Finding::good("configuration", format!("{} is read", path.display()))];
    findings.extend(settings::examine(&config));
    findings.extend(settings::secrets(&config, environment));
    findings.extend(store::examine(&config, environment, &*clock).await);
    findings.extend(provider::examine(&config, &*clock).await);
    findings
}
