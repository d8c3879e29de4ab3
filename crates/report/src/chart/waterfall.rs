//! From one total to another, step by step.

use plotters::prelude::*;

use super::sheet::{COLOURS, ROOM, below, drawn, legend, plane};
use super::{Chart, ChartError};
use crate::waterfall::Step;

/// A bar for each step, from where the one before it ended; totals stand on zero.
pub(super) fn waterfall_chart(name: &str, title: &str, steps: &[Step]) -> Result<Chart, ChartError> {
    let bars = bars(steps);
    let ends = || bars.iter().flat_map(|(from, to)| [*from, *to]);
    let (low, high) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    let room = ((high - low) * 0.05).max(0.01);
    let low = if low < 0.0 { low - room } else { 0.0 };
    let (total, less, more) = (COLOURS[0], COLOURS[2], COLOURS[4]);
    let svg = drawn(name, |area| {
        legend(area, title, [("total", total), ("saves", less), ("costs", more)].into_iter())?;
        let mut plane = plane(area, steps.len(), low..high + room, ROOM)?;
        plane.draw_series(bars.iter().zip(steps).enumerate().map(|(at, ((from, to), step))| {
            let colour = match step.total {
                true => total,
                false if to < from => less,
                false => more,
            };
            Rectangle::new([(at as f64 + 0.15, *from), (at as f64 + 0.85, *to)], colour.filled())
        }))?;
        let labels: Vec<&str> = steps.iter().map(|step| step.label).collect();
        below(&mut plane, &labels, low)
    })?;
    Ok(Chart::new(name, svg))
}

/// Where each step begins and ends, in EUR.
fn bars(steps: &[Step]) -> Vec<(f64, f64)> {
    let mut reached = 0.0;
    let bar = |step: &Step| {
        let from = if step.total { 0.0 } else { reached };
        reached = from + step.ct / 100.0;
        (from, reached)
    };
    steps.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_begins_where_the_one_before_it_ended() {
        let step = |ct, total| Step { label: "x", ct, total };
        let steps = [step(500.0, true), step(-200.0, false), step(50.0, false), step(350.0, true)];
        assert_eq!(bars(&steps), [(0.0, 5.0), (5.0, 3.0), (3.0, 3.5), (0.0, 3.5)]);
    }
}
