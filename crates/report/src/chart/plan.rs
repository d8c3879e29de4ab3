//! The charts of plans.

use super::bars::{Bars, bar_chart};
use super::power::power_chart;
use super::sheet::COLOURS;
use super::states::states_chart;
use super::waterfall::waterfall_chart;
use super::{Chart, ChartError};
use crate::fleet::FleetView;
use crate::home::HomeView;
use crate::report::Report;

/// The charts of plans: of the fleet the spread of savings and the way from the baseline to the plans; of every home that is shown
/// by itself prices and power, every store with its band, and the way from the baseline to the plan.
///
/// # Errors
/// [`ChartError`] where a chart can't be drawn.
pub fn plan_charts(report: &Report) -> Result<Vec<Chart>, ChartError> {
    let mut charts = Vec::new();
    if let Some(fleet) = &report.fleet {
        charts.extend(spreads(fleet)?);
        charts.push(waterfall_chart("fleet-waterfall", "From no plan to the plans, EUR", &fleet.waterfall)?);
    }
    for (at, home) in report.homes.iter().enumerate() {
        charts.extend(home_charts(&format!("home-{}", at + 1), home)?);
    }
    Ok(charts)
}

fn spreads(fleet: &FleetView) -> Result<Vec<Chart>, ChartError> {
    let charts = fleet.spreads.iter().enumerate().map(|(at, spread)| {
        let every = spread.counts.len().div_ceil(8).max(1);
        let label = |bin: usize| {
            let shown = bin.is_multiple_of(every);
            if shown { format!("{:.2}", spread.from + bin as f64 * spread.width) } else { String::new() }
        };
        let labels: Vec<String> = (0..spread.counts.len()).map(label).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let values = spread.counts.iter().map(|count| Some(*count as f64)).collect();
        let bars = [Bars { name: "homes", colour: COLOURS[1], values }];
        bar_chart(&format!("fleet-spread-{}", at + 1), spread.label, &labels, &bars)
    });
    charts.collect()
}

fn home_charts(prefix: &str, home: &HomeView) -> Result<Vec<Chart>, ChartError> {
    let mut charts = vec![power_chart(&format!("{prefix}-power"), home)?];
    for (at, level) in home.levels.iter().enumerate() {
        charts.push(states_chart(&format!("{prefix}-store-{}", at + 1), home, level)?);
    }
    let title = format!("{}: from no plan to the plan, EUR", home.id);
    charts.push(waterfall_chart(&format!("{prefix}-waterfall"), &title, &home.waterfall)?);
    Ok(charts)
}
