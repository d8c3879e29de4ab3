//! Charts as SVG files, for papers: the same study is the same bytes.

use std::fmt::Display;
use std::iter::once;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use thiserror::Error;

use crate::study::{StudyGroup, StudyView};

/// Why there is no chart.
#[derive(Debug, Error)]
#[error("chart `{chart}` can't be drawn: {message}")]
pub struct ChartError {
    chart: &'static str,
    message: String,
}

/// A chart: the name of its file, and the file.
pub type Chart = (String, String);

/// Width and height in pixels.
const SIZE: (u32, u32) = (760, 380);

/// The colours of Okabe and Ito, told apart in any kind of sight; the baseline is grey.
const COLOURS: [RGBColor; 8] = [
    RGBColor(0x9a, 0xa3, 0xab),
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0x8c, 0x51, 0x0a),
];
const INK: RGBColor = RGBColor(0x1d, 0x23, 0x29);
const LOW: RGBColor = RGBColor(0x2f, 0x8a, 0xc4);
const HIGH: RGBColor = RGBColor(0xd9, 0x73, 0x0d);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plane<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Bars of one colour, one for each label.
struct Bars<'a> {
    name: &'a str,
    colour: RGBColor,
    values: Vec<Option<f64>>,
}

/// The charts of a study: savings, regret and, under each tariff, savings by month, prices and what moves by month and hour.
///
/// # Errors
/// [`ChartError`] where a chart can't be drawn.
pub fn study_charts(study: &StudyView) -> Result<Vec<Chart>, ChartError> {
    let variants = distinct(study.groups.iter().map(|group| group.key.variant.as_str()));
    let mut charts = Vec::new();
    for (at, variant) in variants.iter().enumerate() {
        let groups: Vec<&StudyGroup> =
            study.groups.iter().filter(|group| group.key.variant == *variant).collect();
        let prefix = if at == 0 { String::new() } else { format!("variant-{}-", at + 1) };
        charts.extend(variant_charts(study, &groups, &prefix)?);
    }
    Ok(charts)
}

fn variant_charts(study: &StudyView, groups: &[&StudyGroup], prefix: &str) -> Result<Vec<Chart>, ChartError> {
    let tariffs = distinct(groups.iter().map(|group| group.key.tariff.as_str()));
    let policies = distinct(groups.iter().map(|group| group.key.policy.as_str()));
    let of = |tariff: &str, policy: &str| {
        groups.iter().copied().find(|group| group.key.tariff == tariff && group.key.policy == policy)
    };
    let bars = |without: &str, value: &dyn Fn(&StudyGroup) -> Option<f64>| -> Vec<Bars<'_>> {
        let shown = policies.iter().enumerate().filter(|(_, policy)| **policy != without);
        let values = |policy: &str| tariffs.iter().map(|tariff| of(tariff, policy).and_then(value)).collect();
        shown
            .map(|(at, policy)| Bars { name: policy, colour: COLOURS[at % 8], values: values(policy) })
            .collect()
    };
    let mut charts = vec![
        bar_chart(
            "savings",
            "Net saving, EUR over all homes",
            &tariffs,
            &bars(&study.baseline, &|group| group.saving),
        )?,
        bar_chart("net", "Net cost, EUR over all homes", &tariffs, &bars("", &|group| Some(group.net)))?,
        bar_chart(
            "regret",
            "Regret, EUR over all homes",
            &tariffs,
            &bars(&study.bound, &|group| group.regret),
        )?,
    ];
    let months: Vec<&str> = study.months.iter().map(String::as_str).collect();
    for (at, tariff) in tariffs.iter().enumerate() {
        let number = at + 1;
        let series: Vec<Bars<'_>> = policies
            .iter()
            .enumerate()
            .filter(|(_, policy)| **policy != study.baseline)
            .filter_map(|(at, policy)| {
                let values = of(tariff, policy)?.by_month.iter().map(|month| month.1).collect();
                Some(Bars { name: policy, colour: COLOURS[at % 8], values })
            })
            .collect();
        let title = format!("Net saving by month, EUR over all homes: {tariff}");
        charts.push(named(bar_chart("months", &title, &months, &series)?, number));
        let Some(first) = policies.iter().find_map(|policy| of(tariff, policy)) else { continue };
        let cells: Vec<Cell> = first.by_hour.iter().map(|cell| (cell.0, cell.1, cell.2)).collect();
        let title = format!("Mean import price, ct/kWh: {tariff}");
        charts.push(named(heat_map("prices", &title, &months, &cells, false)?, number));
        let Some(base) = of(tariff, &study.baseline) else { continue };
        for (at, policy) in policies.iter().enumerate().filter(|(_, policy)| **policy != study.baseline) {
            let Some(group) = of(tariff, policy) else { continue };
            let title = format!("Flexible load against {}, kW per home: {tariff}, {policy}", study.baseline);
            let chart = heat_map("moves", &title, &months, &difference(group, base), true)?;
            charts.push(named(named(chart, number), at));
        }
    }
    Ok(charts.into_iter().map(|(name, svg)| (format!("{prefix}{name}.svg"), svg)).collect())
}

fn named((name, svg): Chart, number: usize) -> Chart {
    (format!("{name}-{number}"), svg)
}

/// Month, hour and value.
type Cell = (usize, usize, f64);

/// Where a policy has more flexible load than the baseline.
fn difference(group: &StudyGroup, base: &StudyGroup) -> Vec<Cell> {
    let before = |month: usize, hour: usize| {
        base.by_hour.iter().find(|cell| (cell.0, cell.1) == (month, hour)).map_or(0.0, |cell| cell.3)
    };
    group.by_hour.iter().map(|cell| (cell.0, cell.1, cell.3 - before(cell.0, cell.1))).collect()
}

/// Bars side by side under each label.
fn bar_chart(
    name: &'static str,
    title: &str,
    labels: &[&str],
    series: &[Bars<'_>],
) -> Result<Chart, ChartError> {
    let values = || series.iter().flat_map(|bars| bars.values.iter().flatten().copied());
    let (low, high) = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
    let room = ((high - low) * 0.05).max(0.01);
    let low = if low < 0.0 { low - room } else { 0.0 };
    let svg = drawn(name, |area| {
        legend(area, title, series)?;
        let mut plane = plane(area, labels.len() as f64, low..high + room)?;
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
    Ok((name.to_owned(), svg))
}

/// One field for each month and hour.
fn heat_map(
    name: &'static str,
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
    Ok((name.to_owned(), svg))
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

/// A white sheet on which `draw` draws.
fn drawn(
    chart: &'static str,
    draw: impl FnOnce(&Area<'_>) -> Result<(), Box<dyn std::error::Error>>,
) -> Result<String, ChartError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let failed = |error: &dyn Display| ChartError { chart, message: error.to_string() };
        area.fill(&WHITE).map_err(|error| failed(&error))?;
        draw(&area).map_err(|error| failed(&error))?;
        area.present().map_err(|error| failed(&error))?;
    }
    Ok(svg)
}

/// Axes over `labels` places and a range of values, with lines across.
fn plane<'a, 'b>(
    area: &'a Area<'b>,
    labels: f64,
    values: std::ops::Range<f64>,
) -> Result<Plane<'a, 'b>, Box<dyn std::error::Error>>
where
    'b: 'a,
{
    let mut chart = ChartBuilder::on(area);
    chart.margin_top(64).margin_right(16).margin_bottom(34).set_label_area_size(LabelAreaPosition::Left, 62);
    let mut plane = chart.build_cartesian_2d(0.0..labels.max(1.0), values)?;
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

/// Labels below their places, at the height of the value `low`.
fn below(plane: &mut Plane<'_, '_>, labels: &[&str], low: f64) -> Result<(), Box<dyn std::error::Error>> {
    let style = TextStyle::from(font(12)).color(&INK).pos(Pos::new(HPos::Center, VPos::Top));
    for (at, label) in labels.iter().enumerate() {
        let place =
            EmptyElement::at((at as f64 + 0.5, low)) + Text::new((*label).to_owned(), (0, 8), style.clone());
        plane.draw_series(once(place))?;
    }
    Ok(())
}

/// The title, and below it what each colour is.
fn legend(area: &Area<'_>, title: &str, series: &[Bars<'_>]) -> Result<(), Box<dyn std::error::Error>> {
    text(area, title, (16, 12), 15)?;
    let mut left = 16;
    for bars in series {
        area.draw(&Rectangle::new([(left, 38), (left + 12, 48)], bars.colour.filled()))?;
        text(area, bars.name, (left + 17, 37), 12)?;
        left += 34 + 7 * i32::try_from(bars.name.chars().count()).unwrap_or(20);
    }
    Ok(())
}

fn text(area: &Area<'_>, text: &str, place: (i32, i32), size: i32) -> Result<(), Box<dyn std::error::Error>> {
    area.draw(&Text::new(text.to_owned(), place, TextStyle::from(font(size)).color(&INK)))?;
    Ok(())
}

fn font(size: i32) -> FontDesc<'static> {
    ("sans-serif", size).into_font()
}

/// Each name once, in the order in which they come.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{HomeTotal, HourTotal, StudyBuilder, StudyKey};

    fn study() -> StudyView {
        let mut study = StudyBuilder::default();
        for (policy, saving) in [("uncontrolled", 0.0), ("day-ahead", -250.0), ("<script>", 1e4)] {
            let key =
                StudyKey { variant: "as is".into(), tariff: "flat & fair".into(), policy: policy.into() };
            let home = HomeTotal {
                home_id: "a".into(),
                bill_ct: 1.0,
                net_ct: 2.0,
                saving_ct: Some(saving),
                regret_ct: None,
                discomfort_k_h: 0.0,
                departure_kwh: 0.0,
                best_tariff: true,
            };
            study.add_home(&key, home);
            for month in ["2026-01", "2026-02"] {
                study.add_day(&key, month, 1.0, Some(saving / 2.0));
                for hour in 0..24 {
                    let total =
                        HourTotal { hour, hours: 31.0, flexible_kwh: saving, price_ct_per_kwh: hour as f64 };
                    study.add_hour(&key, month, total);
                }
            }
        }
        study.view("uncontrolled", "perfect-foresight", Vec::new())
    }

    #[test]
    fn a_study_has_its_charts_and_the_same_bytes_every_time() {
        let charts = study_charts(&study()).unwrap();
        let names: Vec<&str> = charts.iter().map(|(name, _)| name.as_str()).collect();
        let expected = [
            "savings.svg",
            "net.svg",
            "regret.svg",
            "months-1.svg",
            "prices-1.svg",
            "moves-1-1.svg",
            "moves-1-2.svg",
        ];
        assert_eq!(names, expected);
        assert_eq!(charts, study_charts(&study()).unwrap());
        let bars = charts[0].1.matches("<rect").count();
        assert!(bars > 2 * 2, "a sheet, two bars and what they are: {bars}");
        assert!(charts[4].1.matches("<rect").count() > 48, "two months of 24 hours");
    }

    #[test]
    fn names_stay_text() {
        for (name, svg) in study_charts(&study()).unwrap() {
            assert!(!svg.contains("<script>"), "{name}");
            assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{name}");
        }
    }

    #[test]
    fn an_empty_study_has_no_charts() {
        assert_eq!(study_charts(&StudyBuilder::default().view("", "", Vec::new())).unwrap(), []);
    }

    #[test]
    fn the_ends_of_the_scale_are_the_two_colours() {
        assert_eq!([colour(0.0), colour(0.5), colour(1.0)], [LOW, WHITE, HIGH]);
    }
}
