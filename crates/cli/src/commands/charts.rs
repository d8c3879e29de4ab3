//! The charts of a report as files.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use offpeak_report::{Chart, ChartError};
use offpeak_tables::replace_file;

use super::report::ReportArguments;

/// Writes the charts into the folders that were asked for, as SVG, PNG or both.
pub(super) fn write(
    arguments: &ReportArguments,
    draw: impl FnOnce() -> Result<Vec<Chart>, ChartError>,
    out: &mut dyn Write,
) -> Result<()> {
    if arguments.svg.is_none() && arguments.png.is_none() {
        return Ok(());
    }
    let charts = draw()?;
    if let Some(folder) = &arguments.svg {
        write_each(folder, "svg", &charts, &|chart| Ok(chart.svg.clone().into_bytes()), out)?;
    }
    if let Some(folder) = &arguments.png {
        write_each(folder, "png", &charts, &Chart::png, out)?;
    }
    Ok(())
}

fn write_each(
    folder: &Path,
    extension: &str,
    charts: &[Chart],
    bytes: &dyn Fn(&Chart) -> Result<Vec<u8>, ChartError>,
    out: &mut dyn Write,
) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    for chart in charts {
        let file = folder.join(&chart.name).with_extension(extension);
        replace_file(&file, &bytes(chart)?).context("the charts can't be written")?;
    }
    writeln!(out, "{}: {} charts", folder.display(), charts.len())?;
    Ok(())
}
