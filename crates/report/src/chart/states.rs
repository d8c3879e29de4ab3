//! What a store holds, with its band.

use std::iter::once;

use plotters::prelude::*;

use super::sheet::{INK, ROOM, below, clock, drawn, plane, role_colour, text};
use super::{Chart, ChartError};
use crate::home::HomeView;
use crate::levels::Level;

/// The level of a store at the end of every interval as a line, and the band that it should keep as a field.
pub(super) fn states_chart(name: &str, home: &HomeView, level: &Level) -> Result<Chart, ChartError> {
    let all = || level.level.iter().chain(&level.low).chain(&level.high).copied();
    let (least, most) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let room = ((most - least) * 0.05).max(0.1);
    let colour = role_colour(level.role);
    let svg = drawn(name, |area| {
        text(
            area,
            &format!("{}: {}, {}; the band it should keep is shaded", home.id, level.label, level.unit),
            (16, 12),
            15,
        )?;
        let mut plane = plane(area, home.times.len(), least - room..most + room, ROOM)?;
        let bands = level.low.iter().zip(&level.high).enumerate().map(|(t, (low, high))| {
            Rectangle::new([(t as f64, *low), (t as f64 + 1.0, *high)], colour.mix(0.15).filled())
        });
        plane.draw_series(bands)?;
        let line = level.level.iter().enumerate().map(|(t, value)| (t as f64 + 1.0, *value));
        plane.draw_series(LineSeries::new(line, colour.stroke_width(2)))?;
        if least < 0.0 {
            let zero = PathElement::new([(0.0, 0.0), (home.times.len() as f64, 0.0)], INK.mix(0.4));
            plane.draw_series(once(zero))?;
        }
        below(&mut plane, &clock(home), least - room)
    })?;
    Ok(Chart::new(name, svg))
}
