//! `offpeak show`: one home's plan as a chart and a table.

use std::io::Write;

use anyhow::{Context, Result, bail};
use offpeak_tables::{Outcome, Summary, read_schedules, read_summary};

use crate::args::ShowArguments;
use crate::exit::Exit;
use crate::input::{Input, reasons};
use crate::render::home::{Detail, render};
use crate::run_file::RunFile;

pub(crate) fn run(arguments: &ShowArguments, out: &mut dyn Write) -> Result<Exit> {
    let run = RunFile::read(&arguments.plans)?;
    let Some(row) = find_summary(arguments)? else {
        bail!(
            "{} has no plan for home `{}`; hint: its ids stand in the table summary",
            arguments.plans.display(),
            arguments.home.as_deref().unwrap_or("any")
        );
    };
    let summary = match row.outcome {
        Outcome::Planned(summary) => summary,
        Outcome::Failed { reason } => bail!("home `{}` has no plan: {reason}", row.home_id),
    };
    let input = Input::open(&run.input())?;
    let entry = input.homes(&run.window()?)?.find(|entry| entry.home_id == row.home_id);
    let home = match entry.map(|entry| entry.home) {
        Some(Ok(home)) => home,
        Some(Err(errors)) => bail!("home `{}` can't be read any more: {}", row.home_id, reasons(&errors)),
        None => bail!("home `{}` is no longer in the fleet", row.home_id),
    };
    for written in read_schedules(&arguments.plans).context("the plans can't be read")? {
        let written = written.context("the plans can't be read")?;
        if written.home_id == home.id {
            let schedule = written.of_home(&home).context("the plan can't be read")?;
            let detail = if arguments.every_interval { Detail::Intervals } else { Detail::Hours };
            write!(out, "{}", render(&home, &schedule, &summary, detail))?;
            return Ok(Exit::Done);
        }
    }
    bail!("{} has no schedule of home `{}`", arguments.plans.display(), home.id)
}

/// The row of the home asked for, or of the first that was planned.
fn find_summary(arguments: &ShowArguments) -> Result<Option<Summary>> {
    for row in read_summary(&arguments.plans).context("the plans can't be read")? {
        let row = row.context("the summary can't be read")?;
        let wanted = match &arguments.home {
            Some(id) => row.home_id == *id,
            None => matches!(row.outcome, Outcome::Planned(_)),
        };
        if wanted {
            return Ok(Some(row));
        }
    }
    Ok(None)
}
