//! One home's plan: what it costs, a chart, and a table.

use std::fmt::Write;

use comfy_table::{CellAlignment, Table, presets};
use offpeak_domain::{HeatPumpPower, Home, Kilowatts, Schedule, StorePower};
use offpeak_tables::PlannedSummary;

use super::chart::{Track, WIDTH, tenths};
use super::{euros, share};

/// Rows of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Means of each hour.
    Hours,
    /// Every interval.
    Intervals,
}

/// The whole page of one home.
pub(crate) fn render(home: &Home, schedule: &Schedule, summary: &PlannedSummary, detail: Detail) -> String {
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = write_head(&mut text, home, summary);
    let tracks = tracks(home, schedule);
    let width = WIDTH.min(home.horizon.len());
    let _ = writeln!(text, "{}", hours_line(home, width));
    for track in tracks.iter().filter(|track| track.values.iter().any(|value| value.abs() > 1e-9)) {
        let _ = writeln!(text, "{}", track.render(width));
    }
    let _ = write!(text, "\n{}\n", table(home, &tracks, detail));
    text
}

fn write_head(text: &mut String, home: &Home, summary: &PlannedSummary) -> std::fmt::Result {
    let zone = home.time_zone;
    let local = |edge: chrono::DateTime<chrono::Utc>| edge.with_timezone(&zone).format("%Y-%m-%d %H:%M");
    let (start, end) = (local(home.horizon.start()), local(home.horizon.end()));
    writeln!(text, "{}  {start} to {end} {zone}, {} intervals", home.id, home.horizon.len())?;
    let (bill, alone) = (summary.money.bill(), summary.baseline_bill);
    let saved = summary.savings.bill;
    writeln!(
        text,
        "bill        {} EUR, uncontrolled {} EUR, saved {} EUR{}; net {} EUR",
        euros(bill),
        euros(alone),
        euros(saved),
        share(saved, alone),
        euros(summary.savings.net)
    )?;
    let certificate = &summary.certificate;
    writeln!(
        text,
        "proof       objective {:.2} ct, no plan below {:.2} ct, gap {:.2} ct: {} ({}, {} iterations)",
        certificate.objective.0,
        certificate.bound.0,
        certificate.gap().0,
        if summary.closed { "closed" } else { "open" },
        certificate.backend,
        certificate.iterations
    )?;
    for missed in missed(summary) {
        writeln!(text, "missed      {missed}")?;
    }
    writeln!(text)
}

/// What the plan misses, in words.
fn missed(summary: &PlannedSummary) -> Vec<String> {
    let shortfalls = &summary.shortfalls;
    let amounts = [
        (shortfalls.departure.0, "kWh at a departure"),
        (shortfalls.charged_elsewhere.0, "kWh that a car charges elsewhere"),
        (shortfalls.discomfort_kelvin_hours, "K h outside the comfort band"),
        (shortfalls.hot_water_kwh_hours, "kWh h outside the tank's band"),
        (shortfalls.end_energy.0, "kWh in stores at the end"),
        (shortfalls.end_kelvins, "K in rooms at the end"),
        (shortfalls.overshoot.0, "kWh beyond a grid limit"),
        (shortfalls.skipped_runs as f64, "appliance runs"),
    ];
    let real = amounts.iter().filter(|(amount, _)| *amount > 5e-3);
    real.map(|(amount, what)| format!("{amount:.2} {what}")).collect()
}

/// Local hours above the blocks.
fn hours_line(home: &Home, width: usize) -> String {
    let mut line: Vec<char> = " ".repeat(21 + width + 6).chars().collect();
    let mut free_from = 21;
    for piece in 0..width {
        let t = piece * home.horizon.len() / width;
        let time = home.horizon.local_time(t, home.time_zone).format("%H:%M").to_string();
        let is_mark =
            time.ends_with(":00") && home.horizon.local_time(t, home.time_zone) >= chrono::NaiveTime::MIN;
        let hour: u32 = time[..2].parse().unwrap_or(1);
        if is_mark && hour.is_multiple_of(6) && 21 + piece >= free_from {
            for (offset, character) in time.chars().enumerate() {
                line[21 + piece + offset] = character;
            }
            free_from = 21 + piece + 6;
        }
    }
    line.into_iter().collect::<String>().trim_end().to_owned()
}

fn tracks(home: &Home, schedule: &Schedule) -> Vec<Track> {
    let kw = |label: String, powers: &[Kilowatts]| Track {
        label,
        values: powers.iter().map(|power| power.0).collect(),
        unit: "kW",
        from_zero: true,
    };
    let prices = home.grid.import_price.iter().map(|price| price.0).collect();
    let net: Vec<Kilowatts> =
        schedule.import.iter().zip(&schedule.export).map(|(import, export)| *import - *export).collect();
    let mut tracks = vec![
        Track { label: "import price".into(), values: prices, unit: "ct/kWh", from_zero: false },
        kw("load".into(), &home.grid.load),
        kw("PV".into(), &home.grid.pv),
        kw("grid".into(), &net),
    ];
    for (battery, (power, stored)) in
        home.batteries.iter().zip(schedule.setpoints.batteries.iter().zip(&schedule.battery_stored))
    {
        tracks.push(kw(battery.id.clone(), &net_power(power)));
        tracks.push(level(format!("{} kWh", battery.id), stored.iter().map(|value| value.0), "kWh", true));
    }
    for (ev, (power, energy)) in home.evs.iter().zip(schedule.setpoints.evs.iter().zip(&schedule.ev_energy)) {
        tracks.push(kw(ev.id.clone(), &net_power(power)));
        tracks.push(level(format!("{} kWh", ev.id), energy.iter().map(|value| value.0), "kWh", true));
    }
    for (index, pump) in home.heat_pumps.iter().enumerate() {
        let power = &schedule.setpoints.heat_pumps[index];
        tracks.extend(pump_tracks(&pump.id, power).map(|(label, powers)| kw(label, powers)));
        if let Some(theta) = &schedule.room_temperature[index] {
            tracks.push(level("rooms °C".into(), theta.iter().map(|value| value.0), "°C", false));
        }
        if let Some(stored) = &schedule.water_stored[index] {
            tracks.push(level("tank kWh".into(), stored.iter().map(|value| value.0), "kWh", true));
        }
    }
    for (appliance, power) in home.appliances.iter().zip(&schedule.setpoints.appliances) {
        tracks.push(kw(appliance.id.clone(), power));
    }
    tracks
}

fn pump_tracks<'a>(id: &str, power: &'a HeatPumpPower) -> impl Iterator<Item = (String, &'a [Kilowatts])> {
    let id = id.to_owned();
    let parts: [(&str, &'a [Kilowatts]); 4] = [
        ("rooms", &power.rooms),
        ("water", &power.hot_water),
        ("backup", &power.backup),
        ("immersion", &power.immersion),
    ];
    parts.into_iter().map(move |(part, powers)| (format!("{id} {part}"), powers))
}

/// Levels at the ends of the intervals.
fn level(label: String, edges: impl Iterator<Item = f64>, unit: &'static str, from_zero: bool) -> Track {
    Track { label, values: edges.skip(1).collect(), unit, from_zero }
}

fn net_power(power: &StorePower) -> Vec<Kilowatts> {
    power.charge.iter().zip(&power.discharge).map(|(charge, discharge)| *charge - *discharge).collect()
}

fn table(home: &Home, tracks: &[Track], detail: Detail) -> Table {
    let shown: Vec<&Track> =
        tracks.iter().filter(|track| track.values.iter().any(|value| value.abs() > 1e-9)).collect();
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let head = |track: &&Track| track.label.replace([' ', '-'], "\n");
    table.set_header(std::iter::once("local".to_owned()).chain(shown.iter().map(head)));
    for rows in row_ranges(home, detail) {
        let local = home.horizon.start_of(rows.start).with_timezone(&home.time_zone);
        let mean = |track: &&Track| {
            let values = &track.values[rows.clone()];
            let is_level = track.label.ends_with("kWh") || track.unit == "°C";
            let value = if is_level {
                values[values.len() - 1]
            } else {
                values.iter().sum::<f64>() / values.len() as f64
            };
            if value.abs() < 5e-3 { "·".to_owned() } else { format!("{:.1}", tenths(value)) }
        };
        table.add_row(std::iter::once(local.format("%H:%M").to_string()).chain(shown.iter().map(mean)));
    }
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_padding((0, 1));
    }
    table
}

/// The intervals of each row: one, or those that start in the same hour.
fn row_ranges(home: &Home, detail: Detail) -> Vec<std::ops::Range<usize>> {
    let hour = |t: usize| home.horizon.start_of(t).timestamp().div_euclid(3600);
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
    for t in 0..home.horizon.len() {
        match ranges.last_mut() {
            Some(range) if detail == Detail::Hours && hour(range.start) == hour(t) => range.end = t + 1,
            _ => ranges.push(t..t + 1),
        }
    }
    ranges
}
