//! What every chart stands on: a white sheet, axes, text, colours.

use std::fmt::Display;
use std::iter::once;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::ChartError;
use crate::home::HomeView;
use crate::tracks::Role;

/// What a title and a legend need above a plane, and labels below it, in pixels.
pub(super) const ROOM: (u32, u32) = (64, 48);

/// Width and height in pixels.
const SIZE: (u32, u32) = (760, 380);

/// The colours of Okabe and Ito, told apart in any kind of sight; the baseline is grey.
pub(super) const COLOURS: [RGBColor; 8] = [
    RGBColor(0x9a, 0xa3, 0xab),
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0x8c, 0x51, 0x0a),
];
pub(super) const INK: RGBColor = RGBColor(0x1d, 0x23, 0x29);
pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Plane<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// What went wrong in a drawing.
pub(super) type Failure = Box<dyn std::error::Error>;

/// A white sheet on which `draw` draws.
pub(super) fn drawn(
    chart: &str,
    draw: impl FnOnce(&Area<'_>) -> Result<(), Failure>,
) -> Result<String, ChartError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let failed = |error: &dyn Display| ChartError { chart: chart.to_owned(), message: error.to_string() };
        area.fill(&WHITE).map_err(|error| failed(&error))?;
        draw(&area).map_err(|error| failed(&error))?;
        area.present().map_err(|error| failed(&error))?;
    }
    Ok(svg)
}

/// Axes over `labels` places and a range of values, with lines across, so many pixels from the top and the bottom.
pub(super) fn plane<'a, 'b>(
    area: &'a Area<'b>,
    labels: usize,
    values: std::ops::Range<f64>,
    (top, bottom): (u32, u32),
) -> Result<Plane<'a, 'b>, Failure>
where
    'b: 'a,
{
    let mut chart = ChartBuilder::on(area);
    chart
        .margin_top(top)
        .margin_right(16)
        .margin_bottom(bottom)
        .set_label_area_size(LabelAreaPosition::Left, 62);
    let mut plane = chart.build_cartesian_2d(0.0..labels.max(1) as f64, values)?;
    plane
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(0)
        .y_labels(6)
        .light_line_style(TRANSPARENT)
        .bold_line_style(RGBColor(0xe2, 0xe6, 0xea))
        .axis_style(RGBColor(0x9a, 0xa3, 0xab))
        .y_label_style(font(12).color(&INK))
        .draw()?;
    Ok(plane)
}

/// Labels below their places, at the height of the value `low`; in two rows where one has no room for them.
pub(super) fn below(plane: &mut Plane<'_, '_>, labels: &[&str], low: f64) -> Result<(), Failure> {
    let style = TextStyle::from(font(12)).color(&INK).pos(Pos::new(HPos::Center, VPos::Top));
    let widest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let crowded = !labels.iter().any(|label| label.is_empty()) && widest * labels.len() > 100;
    for (at, label) in labels.iter().enumerate().filter(|(_, label)| !label.is_empty()) {
        let down = if crowded && at % 2 == 1 { 22 } else { 8 };
        let place = EmptyElement::at((at as f64 + 0.5, low))
            + Text::new((*label).to_owned(), (0, down), style.clone());
        plane.draw_series(once(place))?;
    }
    Ok(())
}

/// The title, and below it what each colour is.
pub(super) fn legend<'a>(
    area: &Area<'_>,
    title: &str,
    names: impl Iterator<Item = (&'a str, RGBColor)>,
) -> Result<(), Failure> {
    text(area, title, (16, 12), 15)?;
    let (mut left, mut top) = (16, 34);
    for (name, colour) in names {
        let width = 34 + 7 * i32::try_from(name.chars().count()).unwrap_or(20);
        if left + width > i32::try_from(SIZE.0).unwrap_or(i32::MAX) {
            (left, top) = (16, top + 14);
        }
        area.draw(&Rectangle::new([(left, top + 1), (left + 12, top + 11)], colour.filled()))?;
        text(area, name, (left + 17, top), 12)?;
        left += width;
    }
    Ok(())
}

pub(super) fn text(area: &Area<'_>, text: &str, place: (i32, i32), size: i32) -> Result<(), Failure> {
    area.draw(&Text::new(text.to_owned(), place, TextStyle::from(font(size)).color(&INK)))?;
    Ok(())
}

pub(super) fn font(size: i32) -> FontDesc<'static> {
    ("sans-serif", size).into_font()
}

/// The colour of a kind of device, as on the page.
pub(super) fn role_colour(role: Role) -> RGBColor {
    let place = match role {
        Role::Load => 0,
        Role::Ev => 1,
        Role::Battery => 2,
        Role::Pv => 3,
        Role::Rooms => 4,
        Role::HotWater => 5,
        Role::Appliance => 6,
        Role::Heater => 7,
    };
    COLOURS[place]
}

/// A line that holds each value over its interval.
pub(super) fn steps(values: &[f64]) -> impl Iterator<Item = (f64, f64)> + '_ {
    values.iter().enumerate().flat_map(|(t, value)| [(t as f64, *value), (t as f64 + 1.0, *value)])
}

/// The local time of some intervals of a home, evenly spread; nothing for the others.
pub(super) fn clock(home: &HomeView) -> Vec<&str> {
    let every = home.times.len().div_ceil(8).max(1);
    home.times
        .iter()
        .enumerate()
        .map(
            |(t, start)| if t.is_multiple_of(every) { start.rsplit(' ').next().unwrap_or(start) } else { "" },
        )
        .collect()
}
