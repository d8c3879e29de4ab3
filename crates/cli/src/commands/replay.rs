//! `offpeak replay`: what policies would have cost homes over months, with what they could have known.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use clap::Args;
use offpeak_replay::{Checkpoints, Study, UnitKey};
use offpeak_tables::replace_file;

use crate::args::TableFormat;
use crate::exit::Exit;
use crate::progress;
use crate::render::replay::StudyReport;
use crate::study::{Inputs, Reader, Results, STUDY_FILE, Settings, StudyEntry, study_json};

/// Homes in memory at a time. A constant, so that the tables' bytes do not depend on the machine.
const CHUNK: usize = 16;

/// The folder of finished units in that of the results, as long as the study is not complete.
const UNITS: &str = "units";

#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// A study as a file, such as replay.toml (see docs/replay.md), in place of all that says what to replay
    #[arg(value_name = "STUDY", required_unless_present = "fleet", conflicts_with = "Wishes")]
    study: Option<PathBuf>,
    #[command(flatten)]
    wishes: Wishes,
    /// Folder for the results; earlier ones in it are replaced. What a stopped replay left there is taken up again
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Format of the tables
    #[arg(long, value_enum, default_value = "csv")]
    format: TableFormat,
    /// Threads; does not change the results [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// What to replay.
#[derive(Debug, Args)]
struct Wishes {
    /// Fleet folder with the tables homes, series, tariffs, ... (see docs/tables.md)
    #[arg(long, value_name = "FOLDER", requires = "from", requires = "to")]
    fleet: Option<PathBuf>,
    /// Prices (CSV or Parquet), in place of those in the fleet
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
    /// Measured usage (CSV or Parquet, see docs/replay.md), in place of the homes' load
    #[arg(long, value_name = "FILE")]
    usage: Option<PathBuf>,
    /// First local day, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// Last local day, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    to: Option<NaiveDate>,
    /// Days before the first that the series hold too: forecasts are made of them [default: 7]
    #[arg(long, value_name = "N")]
    history_days: Option<u32>,
    /// A policy; may be repeated [default: uncontrolled, cheapest-intervals, day-ahead, perfect-foresight]
    #[arg(long, value_name = "WORD", long_help = policy_help())]
    policy: Vec<String>,
    /// A tariff of the table `tariffs` for all homes; may be repeated [default: each home's own]
    #[arg(long, value_name = "ID")]
    tariff: Vec<String>,
    /// A home; may be repeated [default: all]
    #[arg(long, value_name = "ID")]
    home: Vec<String>,
    /// Also write every interval, as the table `intervals`
    #[arg(long)]
    intervals: bool,
}

fn policy_help() -> String {
    let words = crate::study::POLICY_WORDS.map(|(word, about)| format!("- {word}: {about}"));
    let default = "uncontrolled, cheapest-intervals, day-ahead, perfect-foresight";
    format!("A policy; may be repeated [default: {default}]\n\n{}", words.join("\n"))
}

impl Wishes {
    fn settings(&self) -> Result<Settings> {
        let (Some(fleet), Some(from), Some(to)) = (&self.fleet, self.from, self.to) else {
            bail!("neither a study nor a fleet with --from and --to is named");
        };
        let mut settings = Settings::new(fleet.clone(), from, to);
        settings.prices.clone_from(&self.prices);
        settings.usage.clone_from(&self.usage);
        settings.history_days = self.history_days.unwrap_or(settings.history_days);
        settings.policies.clone_from(&self.policy);
        settings.tariffs.clone_from(&self.tariff);
        settings.homes.clone_from(&self.home);
        settings.intervals = self.intervals;
        Ok(settings)
    }
}

pub(crate) fn run(arguments: &ReplayArguments, out: &mut dyn Write) -> Result<Exit> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.threads.unwrap_or(0))
        .build()
        .context("the threads can't be started")?;
    let (settings, base) = match &arguments.study {
        Some(file) => (Settings::read(file)?, file.parent().unwrap_or(Path::new("")).to_owned()),
        None => (arguments.wishes.settings()?, PathBuf::new()),
    };
    let inputs = Inputs::read(&settings, &base)?;
    let reader = Reader::open(&settings, &base, &inputs)?;
    let units = arguments.out.join(UNITS);
    let checkpoints = Checkpoints::open(&units)?;
    let names = (settings.baseline.as_str(), settings.bound.as_str());
    let mut results = Results::create(&arguments.out, arguments.format.format(), names, settings.intervals)?;
    let bar = progress::units(reader.units());
    let mut report = StudyReport::default();
    let mut entries = reader.entries();
    let mut seen = Vec::new();
    loop {
        let mut chunk: Vec<StudyEntry> = entries.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            break;
        }
        let counts: Vec<usize> = chunk.iter().map(|entry| count(entry, reader.policies.len())).collect();
        let homes = chunk.iter_mut().flat_map(|entry| std::mem::take(&mut entry.variants)).collect();
        let study = Study { homes, policies: reader.policies.clone(), intervals: settings.intervals };
        let units = pool.install(|| study.run(Some(&checkpoints), &|_| bar.inc(1)));
        let mut units = units.as_slice();
        for (entry, count) in chunk.iter().zip(counts) {
            let (own, rest) = units.split_at(count);
            units = rest;
            tell(entry, own, &mut results, &mut report)?;
            seen.push(entry.home_id.clone());
        }
    }
    bar.finish_and_clear();
    if let Some(home) = reader.missing(&seen).next() {
        bail!("home `{home}` is not in the fleet; hint: its ids stand in the table homes");
    }
    if report.is_empty() {
        bail!("nothing could be replayed; first: {}", report.failures.first().unwrap_or("none"));
    }
    results.finish()?;
    write_study(arguments, &settings, &inputs)?;
    std::fs::remove_dir_all(&units).with_context(|| format!("{} can't be removed", units.display()))?;
    warn(&report)?;
    let exit = if report.failures.count() > 0 { Exit::InPart } else { Exit::Done };
    write!(out, "{}", report.render(&arguments.out))?;
    Ok(exit)
}

/// How many units a home has.
fn count(entry: &StudyEntry, policies: usize) -> usize {
    entry.variants.iter().map(|home| home.tariffs.len() * policies).sum()
}

/// Writes what came of a home and adds it to the report.
fn tell(
    entry: &StudyEntry,
    units: &[offpeak_replay::Unit],
    results: &mut Results,
    report: &mut StudyReport,
) -> Result<()> {
    let home = &entry.home_id;
    for note in &entry.notes {
        report.notes.push(format_args!("{home}: {note}"));
    }
    for (variant, tariff, reason) in &entry.failures {
        let key = UnitKey {
            home: home.clone(),
            variant: variant.clone(),
            tariff: tariff.clone(),
            policy: String::new(),
        };
        results.write_failure(&key, reason)?;
        report.failures.push(format_args!("{home}: {reason}"));
    }
    for unit in units {
        if let Err(error) = &unit.replay {
            report.failures.push(format_args!("{home}, {}, {}: {error}", unit.key.tariff, unit.key.policy));
        }
    }
    results.write_home(units)?.iter().for_each(|line| report.add(line));
    Ok(())
}

/// Writes `study.json`, and `replay.toml`: the file as it was, or one that says what the command line said.
fn write_study(arguments: &ReplayArguments, settings: &Settings, inputs: &Inputs) -> Result<()> {
    let json = study_json(settings, inputs)?;
    let text = match &arguments.study {
        Some(file) => {
            std::fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?
        }
        None => toml::to_string(settings).context("the settings can't be written")?,
    };
    for (name, text) in [(STUDY_FILE, json), ("replay.toml", text)] {
        replace_file(&arguments.out.join(name), text.as_bytes()).context("the settings can't be written")?;
    }
    Ok(())
}

/// Failures and notes on standard error, the first few of each.
fn warn(report: &StudyReport) -> io::Result<()> {
    let mut talk = io::stderr().lock();
    report.failures.tell(&mut talk, "no result for ", ", all named in the summary")?;
    report.notes.tell(&mut talk, "note: ", " notes")
}
