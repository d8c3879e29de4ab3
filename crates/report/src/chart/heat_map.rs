//! A field for each month and hour.

use std::iter::once;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::sheet::{INK, below, drawn, font, text};
use super::{Chart, ChartError};

const LOW: RGBColor = RGBColor(0x2f, 0x8a, 0xc4);
const HIGH: RGBColor = RGBColor(0xd9, 0x73, 0x0d);

/// Month, hour and value.
pub(super) type Cell = (usize, usize, f64);

/// One field for each month and hour.
pub(super) fn heat_map(
    name: &str,
    title: &str,
    months: &[&str],
    cells: &[Cell],
    diverging: bool,
) -> Result<Chart, ChartError> {
    let least = cells.iter().map(|cell| cell.2).fold(f64::INFINITY, f64::min);
    let most = cells.iter().map(|cell| cell.2).fold(f64::NEG_INFINITY, f64::max);
    let around = least.abs().max(most.abs());
    let (least, most) = if diverging { (-around, around) } else { (least, most) };
    let share = |value: f64| if most > least { (value - least) / (most - least) } else { 0.5 };
    let svg = drawn(name, |area| {
        text(area, title, (16, 12), 15)?;
        text(area, &format!("{least:.1}"), (16, 36), 12)?;
        for step in 0..60_i32 {
            let left = 64 + 3 * step;
            let fill = colour(f64::from(step) / 59.0).filled();
            area.draw(&Rectangle::new([(left, 36), (left + 3, 48)], fill))?;
        }
        text(area, &format!("{most:.1}"), (252, 36), 12)?;
        let rows = months.len() as f64;
        let mut chart = ChartBuilder::on(area);
        chart.margin_top(64).margin_right(16).margin_left(78).margin_bottom(34);
        let mut plane = chart.build_cartesian_2d(0.0..24.0, rows..0.0)?;
        plane.draw_series(cells.iter().map(|(month, hour, value)| {
            let (x, y) = (*hour as f64, *month as f64);
            Rectangle::new([(x, y), (x + 0.97, y + 0.97)], colour(share(*value)).filled())
        }))?;
        let style = font(12).into_text_style(area).color(&INK);
        let side = style.pos(Pos::new(HPos::Right, VPos::Center));
        for (row, month) in months.iter().enumerate() {
            let place = (-0.15, row as f64 + 0.5);
            plane.draw_series(once(Text::new((*month).to_owned(), place, side.clone())))?;
        }
        let hours: Vec<String> =
            (0..24).map(|hour| if hour % 3 == 0 { format!("{hour}:00") } else { String::new() }).collect();
        let hours: Vec<&str> = hours.iter().map(String::as_str).collect();
        below(&mut plane, &hours, rows)
    })?;
    Ok(Chart::new(name, svg))
}

/// Blue for little, orange for much, white between.
fn colour(share: f64) -> RGBColor {
    let (end, part) = if share < 0.5 { (LOW, 1.0 - 2.0 * share) } else { (HIGH, 2.0 * share - 1.0) };
    let mix = |channel: u8| {
        let mixed = 255.0 + (f64::from(channel) - 255.0) * part.clamp(0.0, 1.0);
        (0..=u8::MAX).find(|whole| f64::from(*whole) >= mixed).unwrap_or(u8::MAX)
    };
    RGBColor(mix(end.0), mix(end.1), mix(end.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_scale_are_the_two_colours() {
        assert_eq!([colour(0.0), colour(0.5), colour(1.0)], [LOW, WHITE, HIGH]);
    }
}
