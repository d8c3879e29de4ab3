//! Charts as files, for papers: the same report is the same bytes.

mod bars;
mod heat_map;
mod plan;
mod png;
mod power;
mod sheet;
mod states;
mod study;
mod waterfall;

use thiserror::Error;

pub use plan::plan_charts;
pub use study::study_charts;

/// Why there is no chart.
#[derive(Debug, Error)]
#[error("chart `{chart}` can't be drawn: {message}")]
pub struct ChartError {
    chart: String,
    message: String,
}

/// A chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Its name, fit for a file: no id stands in it.
    pub name: String,
    /// The chart as an SVG file.
    pub svg: String,
}

impl Chart {
    fn new(name: impl Into<String>, svg: String) -> Self {
        Self { name: name.into(), svg }
    }

    /// The chart as a PNG file of twice the width and height, with a font of its own, so that it looks the same everywhere.
    ///
    /// # Errors
    /// [`ChartError`] where it can't be drawn.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        png::of(&self.svg).map_err(|message| ChartError { chart: self.name.clone(), message })
    }
}
