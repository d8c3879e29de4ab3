//! Bars side by side.

use plotters::prelude::*;

use super::sheet::{ROOM, below, drawn, legend, plane};
use super::{Chart, ChartError};

/// Bars of one colour, one for each label.
pub(super) struct Bars<'a> {
    pub(super) name: &'a str,
    pub(super) colour: RGBColor,
    pub(super) values: Vec<Option<f64>>,
}

/// Bars side by side under each label.
pub(super) fn bar_chart(
    name: &str,
    title: &str,
    labels: &[&str],
    series: &[Bars<'_>],
) -> Result<Chart, ChartError> {
    let values = || series.iter().flat_map(|bars| bars.values.iter().flatten().copied());
    let (low, high) = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
    let room = ((high - low) * 0.05).max(0.01);
    let low = if low < 0.0 { low - room } else { 0.0 };
    let svg = drawn(name, |area| {
        legend(area, title, series.iter().map(|bars| (bars.name, bars.colour)))?;
        let mut plane = plane(area, labels.len(), low..high + room, ROOM)?;
        let width = 0.8 / series.len().max(1) as f64;
        for (nth, bars) in series.iter().enumerate() {
            let bar = |(at, value): (usize, &Option<f64>)| {
                let left = at as f64 + 0.1 + nth as f64 * width;
                Some(Rectangle::new([(left, 0.0), (left + width * 0.92, (*value)?)], bars.colour.filled()))
            };
            plane.draw_series(bars.values.iter().enumerate().filter_map(bar))?;
        }
        below(&mut plane, labels, low)
    })?;
    Ok(Chart::new(name, svg))
}
