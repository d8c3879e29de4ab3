//! The one place that reads the environment: everything else is told what it holds.

/// The variable `name`, if it is set to a text.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment comes from")]
pub(crate) fn read(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
