//! The command line, as a newcomer reads it.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use offpeak_domain::{Cents, GapTolerance};
use offpeak_solver::{Effort, Options};
use offpeak_synth::Mix;
use offpeak_tables::{Format, PlanWindow, Span};

use crate::commands::doctor::DoctorArguments;
use crate::commands::emulate::EmulateArguments;
use crate::commands::invite::InviteArguments;
use crate::commands::prices::PricesArguments;
use crate::commands::replay::ReplayArguments;
use crate::commands::report::ReportArguments;
use crate::commands::reseal::ResealArguments;
use crate::commands::serve::ServeArguments;
use crate::commands::sync::SyncArguments;

/// Plan the flexible loads of homes at the lowest cost, each plan with a proof of how close to the optimum it is.
#[derive(Debug, Parser)]
#[command(name = "offpeak", version, after_help = crate::exit::HELP, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Plan a fleet (or one home) for a day and write schedules and a summary
    Plan(PlanArguments),
    /// Show the plan of one home as a chart and a table
    Show(ShowArguments),
    /// Write plans as one HTML page with charts, decisions and what they are worth
    Report(ReportArguments),
    /// What policies and tariffs would have cost a fleet over months, with what could have been known
    Replay(ReplayArguments),
    /// Recompute every equation and the money of written plans
    Audit(AuditArguments),
    /// Check a fleet folder without planning it
    Validate(ValidateArguments),
    /// Make up a random German fleet from a seed
    Synth(SynthArguments),
    /// Fetch day-ahead prices of a bidding zone, without an account
    Prices(PricesArguments),
    /// Serve the pages at which customers connect, and tokens, webhooks and metrics
    Serve(ServeArguments),
    /// Print a link by which a customer connects
    Invite(InviteArguments),
    /// Fetch tomorrow's prices of all connected customers into the tables that a plan reads
    Sync(SyncArguments),
    /// Fetch what the customers' meters told, last month's unless told otherwise
    Usage(SyncArguments),
    /// Bill the customers month by month and set it against the provider's invoices
    Bill(SyncArguments),
    /// Check configuration, secrets, database, keys, clock and provider, and say what to do
    Doctor(DoctorArguments),
    /// Seal all kept tokens with the newest key
    Reseal(ResealArguments),
    /// Play the provider on this machine, for whoever has no account
    Emulate(EmulateArguments),
}

#[derive(Debug, Args)]
pub(crate) struct PlanArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    #[command(flatten)]
    pub(crate) window: WindowArguments,
    /// Folder for the plans; earlier plans in it are replaced
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// Format of the tables `schedules` and `summary`
    #[arg(long, value_enum, default_value = "csv")]
    pub(crate) format: TableFormat,
    /// Also write `certificates.jsonl`: what proves each bound, for `offpeak audit --certificate`
    #[arg(long)]
    pub(crate) certificates: bool,
    /// Folder with earlier plans of these homes: what they did is looked at first, and their certificates' prices
    #[arg(long, value_name = "PLANS")]
    pub(crate) previous: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) search: SearchArguments,
}

/// Where homes and prices come from.
#[derive(Debug, Clone, Args)]
pub(crate) struct InputArguments {
    /// Fleet folder with the tables homes, series, tariffs, ... (see docs/tables.md)
    #[arg(long, value_name = "FOLDER", required_unless_present = "home_file", conflicts_with = "home_file")]
    pub(crate) fleet: Option<PathBuf>,
    /// One home as a JSON file, in place of a fleet
    #[arg(long, value_name = "FILE")]
    pub(crate) home_file: Option<PathBuf>,
    /// Prices (CSV or Parquet), in place of those in the fleet
    #[arg(long, value_name = "FILE")]
    pub(crate) prices: Option<PathBuf>,
}

/// What time to plan.
#[derive(Debug, Clone, Args)]
pub(crate) struct WindowArguments {
    /// First local day of each home, YYYY-MM-DD
    #[arg(long, value_name = "DATE", required_unless_present = "from", conflicts_with = "from")]
    pub(crate) day: Option<NaiveDate>,
    /// How many local days
    #[arg(long, value_name = "N", default_value_t = 1, requires = "day")]
    pub(crate) days: u32,
    /// Start, with zone: 2026-01-15T14:07Z
    #[arg(long, value_name = "INSTANT", requires = "to", value_parser = instant)]
    pub(crate) from: Option<DateTime<Utc>>,
    /// End, with zone: 2026-01-17T00:00+01:00
    #[arg(long, value_name = "INSTANT", requires = "from", value_parser = instant)]
    pub(crate) to: Option<DateTime<Utc>>,
    /// Length of an interval in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 15)]
    pub(crate) interval: u32,
}

/// When a search stops.
#[derive(Debug, Clone, Args)]
pub(crate) struct SearchArguments {
    /// A home is closed at this gap, in percent of its objective ...
    #[arg(long, value_name = "PERCENT", default_value_t = 0.1, value_parser = not_negative)]
    pub(crate) gap_percent: f64,
    /// ... or at this gap in ct, whichever is more
    #[arg(long, value_name = "CT", default_value_t = 1.0, value_parser = not_negative)]
    pub(crate) gap_ct: f64,
    /// How far to go for a home that does not close at once
    #[arg(long, value_enum, default_value_t = EffortName::Standard)]
    pub(crate) effort: EffortName,
    /// Most nodes of HiGHS's search with `--effort proof`; what is open then keeps its proven gap
    #[arg(long, value_name = "N", default_value_t = Options::default().node_limit)]
    pub(crate) node_limit: u64,
    /// Threads, each planning one home at a time; does not change the plans [default: all cores]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// Folder that `offpeak plan` wrote
    #[arg(value_name = "PLANS")]
    pub(crate) plans: PathBuf,
    /// Which home; none: the first that was planned
    #[arg(long, value_name = "ID")]
    pub(crate) home: Option<String>,
    /// Every interval in the table, not every hour
    #[arg(long)]
    pub(crate) every_interval: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArguments {
    /// Folder that `offpeak plan` wrote
    #[arg(value_name = "PLANS")]
    pub(crate) plans: PathBuf,
    /// Recompute every lower bound too, from the multipliers that `offpeak plan --certificates` wrote
    #[arg(long)]
    pub(crate) certificate: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    #[command(flatten)]
    pub(crate) window: WindowArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SynthArguments {
    /// How many homes
    #[arg(long, value_name = "N")]
    pub(crate) homes: usize,
    /// Where all randomness comes from; the same seed gives the same bytes
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub(crate) seed: u64,
    /// First local day (Europe/Berlin), YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    pub(crate) day: NaiveDate,
    /// How many local days
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) days: u32,
    /// Which devices the homes have
    #[arg(long, default_value_t = Mix::Realistic, value_parser = mixes())]
    pub(crate) mix: Mix,
    /// Give each home a tariff of its own name and no prices: for customers whose prices `offpeak sync` fetches
    #[arg(long)]
    pub(crate) tariff_per_home: bool,
    /// Folder for the fleet; it must not hold tables yet
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// Format of the tables
    #[arg(long, value_enum, default_value = "csv")]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    Csv,
    Parquet,
}

impl TableFormat {
    pub(crate) fn format(self) -> Format {
        match self {
            Self::Csv => Format::Csv,
            Self::Parquet => Format::Parquet,
        }
    }
}

impl WindowArguments {
    pub(crate) fn window(&self) -> PlanWindow {
        let span = match (self.day, self.from, self.to) {
            (Some(first), _, _) => Span::LocalDays { first, days: self.days },
            (None, Some(from), Some(to)) => Span::Instants { from, to },
            // clap lets neither through without the other.
            (None, _, _) => Span::LocalDays { first: NaiveDate::MIN, days: self.days },
        };
        PlanWindow { span, interval_minutes: self.interval }
    }
}

impl SearchArguments {
    pub(crate) fn options(&self) -> Options {
        let tolerance = GapTolerance { relative: self.gap_percent / 100.0, absolute: Cents(self.gap_ct) };
        Options { tolerance, node_limit: self.node_limit, effort: self.effort.effort() }
    }
}

/// The words for mixes, each with what it stands for.
fn mixes() -> impl TypedValueParser<Value = Mix> {
    let words = Mix::ALL.map(|mix| PossibleValue::new(mix.name()).help(mix.about()));
    PossibleValuesParser::new(words).try_map(|word| word.parse::<Mix>())
}

pub(crate) fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let with_seconds = DateTime::parse_from_rfc3339(text);
    let without = || DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z");
    let short = || DateTime::parse_from_str(&text.replace('Z', "+0000"), "%Y-%m-%dT%H:%M%z");
    let parsed = with_seconds.or_else(|_| without()).or_else(|_| short());
    parsed
        .map(|instant| instant.with_timezone(&Utc))
        .map_err(|_| "must be a date and time with a zone, such as 2026-01-15T14:00Z or ...+01:00".to_owned())
}

fn not_negative(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "must be a number".to_owned())?;
    if number.is_finite() && number >= 0.0 { Ok(number) } else { Err("must be at least 0".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn an_instant_needs_a_zone() {
        let three = instant("2026-01-15T14:00Z").expect("a zone");
        assert_eq!(instant("2026-01-15T15:00+01:00"), Ok(three));
        assert_eq!(instant("2026-01-15T14:00:00Z"), Ok(three));
        assert!(instant("2026-01-15T14:00").is_err());
    }
}

/// Words of the command line for [`Effort`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EffortName {
    /// A bound and a few schedules: one millisecond for a car, a hundred for a house with everything
    Quick,
    /// Better prices round by round
    Standard,
    /// HiGHS too, for what is open then: seconds a home
    Proof,
}

impl EffortName {
    fn effort(self) -> Effort {
        match self {
            Self::Quick => Effort::Quick,
            Self::Standard => Effort::Standard,
            Self::Proof => Effort::Proof,
        }
    }
}
