//! `offpeak report` of a folder that `offpeak replay` wrote.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use offpeak_report::{
    Fact, HomeTotal, HourTotal, Report, StudyBuilder, StudyKey, StudyView, page, study_charts,
};
use offpeak_tables::{ResultRow, TableError, read_results, replace_file};

use super::charts;
use super::report::ReportArguments;
use crate::exit::Exit;
use crate::study::{DAYS, HOURS, STUDY_FILE, SUMMARY, WrittenStudy};

/// Whether a folder holds a study.
pub(super) fn is_there(folder: &Path) -> bool {
    folder.join(STUDY_FILE).exists()
}

/// Writes the page.
pub(super) fn run(arguments: &ReportArguments, out: &mut dyn Write) -> Result<Exit> {
    let file = &arguments.out;
    let report = report(&arguments.plans)?;
    let page = page(&report).context("the report can't be written")?;
    replace_file(file, page.as_bytes()).context("the report can't be written")?;
    writeln!(out, "{}: {}, {:.1} MB", file.display(), report.title, page.len() as f64 / 1e6)?;
    if let Some(study) = &report.study {
        charts::write(arguments, || study_charts(study), out)?;
    }
    Ok(Exit::Done)
}

/// What the tables of a study say.
fn view(folder: &Path) -> Result<(WrittenStudy, StudyView)> {
    let written = WrittenStudy::read(folder)?;
    let (study, failures) = read(folder).context("the results can't be read")?;
    let (baseline, bound) = (&written.settings.baseline, &written.settings.bound);
    let view = study.view(baseline, bound, failures);
    Ok((written, view))
}

fn report(folder: &Path) -> Result<Report> {
    let (written, study) = view(folder)?;
    let settings = &written.settings;
    let homes = study.groups.iter().map(|group| group.homes).max().unwrap_or(0);
    let homes = if homes == 1 { "one home".to_owned() } else { format!("{homes} homes") };
    let mut facts = vec![
        Fact::new("", format!("{} to {}", settings.from, settings.to)),
        Fact::new("", homes.clone()),
        Fact::new("savings against", &settings.baseline),
        Fact::new("offpeak", &written.offpeak),
    ];
    if !study.failures.is_empty() {
        facts.push(Fact::new("without a result", study.failures.len().to_string()));
    }
    Ok(Report { title: format!("Replay of {homes}"), facts, study: Some(study), ..Report::default() })
}

type Failures = Vec<(String, String)>;

fn read(folder: &Path) -> Result<(StudyBuilder, Failures), TableError> {
    let (mut study, mut failures) = (StudyBuilder::default(), Vec::new());
    read_results(folder, "summary", &SUMMARY, &mut |row| {
        let home_id = row.text("home_id")?;
        if row.text("status")? == "failed" {
            let place = [home_id, row.text("variant")?, row.text("tariff_id")?, row.text("policy")?];
            let place: Vec<String> = place.into_iter().filter(|part| !part.is_empty()).collect();
            failures.push((place.join(", "), row.text("error")?));
            return Ok(());
        }
        study.add_home(&key(row)?, home(home_id, row)?);
        Ok(())
    })?;
    read_results(folder, "days", &DAYS, &mut |row| {
        let date = row.text("date")?;
        let month = date.get(..7).unwrap_or_default();
        study.add_day(&key(row)?, month, number(row, "net_ct")?, row.number("saving_ct")?);
        Ok(())
    })?;
    read_results(folder, "hours", &HOURS, &mut |row| {
        let hour = number(row, "hour")?;
        let total = HourTotal {
            hour: (0_u8..24).find(|whole| f64::from(*whole) >= hour).unwrap_or(0).into(),
            hours: number(row, "hours")?,
            flexible_kwh: number(row, "flexible_kwh")?,
            price_ct_per_kwh: number(row, "import_price_ct_per_kwh")?,
        };
        study.add_hour(&key(row)?, &row.text("month")?, total);
        Ok(())
    })?;
    Ok((study, failures))
}

fn key(row: &ResultRow<'_>) -> Result<StudyKey, TableError> {
    Ok(StudyKey {
        variant: row.text("variant")?,
        tariff: row.text("tariff_id")?,
        policy: row.text("policy")?,
    })
}

fn home(home_id: String, row: &ResultRow<'_>) -> Result<HomeTotal, TableError> {
    Ok(HomeTotal {
        home_id,
        bill_ct: number(row, "bill_ct")?,
        net_ct: number(row, "net_ct")?,
        saving_ct: row.number("saving_ct")?,
        regret_ct: row.number("regret_ct")?,
        discomfort_k_h: number(row, "discomfort_k_h")?,
        departure_kwh: number(row, "departure_kwh")?,
        best_tariff: row.truth("best_tariff")?,
    })
}

/// A number that every row of a result has.
fn number(row: &ResultRow<'_>, column: &str) -> Result<f64, TableError> {
    row.required_number(column)
}
