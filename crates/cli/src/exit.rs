//! What the exit code says.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All that was asked for is done.
    Done,
    /// Nothing could be done: an error stands on standard error. Wrong arguments exit with 2.
    Error,
    /// Done, but not for all: homes without a plan, customers or days without prices.
    InPart,
    /// The audit found violations.
    Violations,
}

impl Exit {
    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::InPart => 3,
            Self::Violations => 4,
        })
    }
}

/// The lines that `--help` ends with.
pub(crate) const HELP: &str = "\
Exit codes:
  0  done
  1  an error, which stands on standard error
  2  wrong arguments
  3  done, but not for all: homes without a plan or invalid, customers or days without prices; or the
     doctor found what does not work
  4  the audit found violations

Data and results go to standard output, progress and warnings to standard error.";
