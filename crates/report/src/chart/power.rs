//! Prices, and below them who draws and who gives.

use plotters::prelude::*;

use super::sheet::{INK, ROOM, below, clock, drawn, legend, plane, role_colour, steps};
use super::{Chart, ChartError};
use crate::home::HomeView;
use crate::tracks::Track;

/// How much of the sheet the prices take, in pixels from the top.
const PRICES: i32 = 150;

/// Import price and feed-in pay above, the power of every device stacked below: drawn above zero, given below.
pub(super) fn power_chart(name: &str, home: &HomeView) -> Result<Chart, ChartError> {
    let intervals = home.times.len();
    let svg = drawn(name, |area| {
        let title = format!("{}: price in ct/kWh, power in kW", home.id);
        legend(
            area,
            &title,
            home.tracks.iter().map(|track| (track.label.as_str(), role_colour(track.role))),
        )?;
        let (upper, lower) = area.split_vertically(PRICES);
        let prices = || home.import_price.iter().chain(&home.export_price).copied();
        let range = prices().fold(0.0, f64::min)..prices().fold(1.0, f64::max) * 1.05;
        let mut plane_of_prices = plane(&upper, intervals, range, (ROOM.0, 6))?;
        plane_of_prices.draw_series(LineSeries::new(steps(&home.import_price), INK.stroke_width(2)))?;
        plane_of_prices
            .draw_series(LineSeries::new(steps(&home.export_price), INK.mix(0.4).stroke_width(1)))?;
        let (least, most) = heights(&home.tracks, intervals);
        let mut plane = plane(&lower, intervals, least * 1.05..(most * 1.05).max(0.1), (6, ROOM.1))?;
        for (at, track) in home.tracks.iter().enumerate() {
            let colour = role_colour(track.role).filled();
            let bars = (0..intervals).filter(|t| track.kw[*t].abs() > 0.0).map(|t| {
                let from = stacked(&home.tracks[..at], t, track.kw[t]);
                Rectangle::new([(t as f64, from), (t as f64 + 1.0, from + track.kw[t])], colour)
            });
            plane.draw_series(bars)?;
        }
        plane.draw_series(LineSeries::new(steps(&home.net_kw), INK.stroke_width(1)))?;
        let labels = clock(home);
        below(&mut plane, &labels, least * 1.05)
    })?;
    Ok(Chart::new(name, svg))
}

/// Where a value of this sign begins in interval `t`, on top of the tracks before it.
fn stacked(before: &[Track], t: usize, value: f64) -> f64 {
    before.iter().map(|track| track.kw[t]).filter(|kw| kw.signum() * value > 0.0).sum()
}

/// The lowest and the highest that the stack reaches.
fn heights(tracks: &[Track], intervals: usize) -> (f64, f64) {
    let reach = |sign: f64| (0..intervals).map(move |t| sign * stacked(tracks, t, sign).abs());
    (reach(-1.0).fold(0.0, f64::min), reach(1.0).fold(0.0, f64::max))
}
