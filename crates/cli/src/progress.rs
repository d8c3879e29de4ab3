//! A progress bar on a terminal, nothing in a pipe.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over the units of a study, as [`bar`] is over homes.
pub(crate) fn units(units: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("replaying {wide_bar} {pos}/{len}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(units as u64).with_style(style)
}

/// A bar over `homes` on standard error; indicatif hides it where that is no terminal.
pub(crate) fn bar(homes: usize, doing: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} homes, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(homes as u64).with_style(style).with_message(doing)
}
