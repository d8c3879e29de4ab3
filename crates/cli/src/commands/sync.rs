//! `offpeak sync`, `usage` and `bill`: what the provider has of all customers, as tables.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Months, NaiveDate, Utc};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use offpeak_consent::{Gate, Options, OrganisationTokens};
use offpeak_ingest::{Folders, Outcome, Progress, Summary, Sync, SyncOptions};
use offpeak_providers::{BaseUrl, Budget, Http, HttpSettings, LocalDays, Nomos};
use offpeak_serve::{Config, Opened};

use crate::customers::{Customers, StoredTokens};
use crate::exit::Exit;
use crate::{clock, environment, runtime};

/// How many reasons are told; the table has them all.
const MOST_REASONS: usize = 10;

#[derive(Debug, Args)]
pub(crate) struct SyncArguments {
    /// Configuration file, the one of `offpeak serve`
    #[arg(long, value_name = "FILE", default_value = "offpeak.toml")]
    pub(crate) config: PathBuf,
    /// First day of the customers, YYYY-MM-DD [default: tomorrow; for usage and bills: last month's first]
    #[arg(long, value_name = "DATE", requires = "to")]
    from: Option<NaiveDate>,
    /// Last day, included
    #[arg(long, value_name = "DATE", requires = "from")]
    to: Option<NaiveDate>,
    /// Folder for the tables; may be the fleet's, whose tariffs and prices they then are
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Folder where a run that is killed goes on from [default: state, in the folder of the tables]
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// Only this customer; may be repeated [default: all that are connected]
    #[arg(long, value_name = "ID", conflicts_with = "organisation")]
    customer: Vec<String>,
    /// All customers of the organisation, with its own client's token in place of theirs
    #[arg(long)]
    organisation: bool,
    /// How many customers are asked for at once; the rate is the configuration's
    #[arg(long, value_name = "N", default_value_t = SyncOptions::default().at_once)]
    at_once: usize,
    /// Ask for everything again, also what an earlier run has
    #[arg(long)]
    again: bool,
}

/// What to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Prices,
    Usage,
    Bills,
}

pub(crate) fn run(what: What, arguments: &SyncArguments, out: &mut dyn Write) -> Result<Exit> {
    let config = Config::read(&arguments.config)?;
    let days = arguments.days(what, clock::now())?;
    if what == What::Prices {
        refuse_other_tables(&arguments.out)?;
    }
    let ended = runtime::start()?.block_on(async {
        let asked = Asked::open(&config, arguments).await?;
        let summary = tokio::select! {
            summary = asked.run(what, arguments, days) => Some(summary),
            stopped = runtime::stopped() => { stopped?; None }
        };
        // A refresh that is under way is written down, whatever ends the run.
        asked.close().await;
        summary.transpose()
    })?;
    let Some(summary) = ended else {
        bail!("stopped; what was done is kept, and the same command goes on from there");
    };
    tell(what, &summary, days, arguments, out)?;
    let done = [Outcome::Fetched, Outcome::Provisional, Outcome::NotDelivered];
    let all = done.iter().map(|outcome| summary.count(*outcome)).sum::<u64>() == summary.total();
    Ok(if all { Exit::Done } else { Exit::InPart })
}

impl SyncArguments {
    /// Days by the provider's clock.
    fn days(&self, what: What, now: DateTime<Utc>) -> Result<LocalDays> {
        if let (Some(from), Some(to)) = (self.from, self.to) {
            return Ok(LocalDays::new(from, to, Nomos::ZONE)?);
        }
        if what == What::Prices {
            return Ok(LocalDays::tomorrow(now, Nomos::ZONE));
        }
        let today = now.with_timezone(&Nomos::ZONE).date_naive();
        let first = chrono::Datelike::with_day(&today, 1).unwrap_or(today);
        let (from, to) = (first.checked_sub_months(Months::new(1)), first.pred_opt());
        let (from, to) = from.zip(to).context("there is no month before this one")?;
        Ok(LocalDays::new(from, to, Nomos::ZONE)?)
    }

    fn folders(&self) -> Folders {
        let state = self.state.clone().unwrap_or_else(|| self.out.join("state"));
        Folders { state, tables: self.out.clone() }
    }
}

/// A fleet may have one table of each name: two would leave open which one holds.
fn refuse_other_tables(folder: &Path) -> Result<()> {
    for table in ["prices", "tariffs"] {
        let path = folder.join(format!("{table}.csv"));
        if path.exists() {
            bail!(
                "{}: would stand beside the table `{table}.parquet` that a sync writes; must not be there (hint: remove it, \
                 or name another folder with --out)",
                path.display()
            );
        }
    }
    Ok(())
}

/// All that a run works with.
struct Asked {
    sync: Sync<StoredTokens>,
    /// The customers' own consents; none where the organisation asks.
    opened: Option<Opened>,
}

impl Asked {
    async fn open(config: &Config, arguments: &SyncArguments) -> Result<Self> {
        let budget = budget(config.sync_rate())?;
        let nomos = nomos(config, &budget)?;
        let within = Options { before_refresh: Some(turns(&budget)), ..Options::default() };
        let options =
            SyncOptions { at_once: arguments.at_once, again: arguments.again, ..SyncOptions::default() };
        let sync = |tokens| Sync::new(nomos, Arc::new(tokens), arguments.folders(), options, clock::now());
        if arguments.organisation {
            let provider = config.provider(&environment::read)?;
            let tokens = OrganisationTokens::new(provider, Arc::new(clock::now), within)?;
            let sync = sync(StoredTokens::Organisation(Box::new(tokens)))?;
            return Ok(Self { sync, opened: None });
        }
        let opened = config.open(&environment::read, Arc::new(clock::now), within).await?;
        let sync = sync(StoredTokens::Customers(opened.tokens.clone()))?;
        Ok(Self { sync, opened: Some(opened) })
    }

    async fn run(&self, what: What, arguments: &SyncArguments, days: LocalDays) -> Result<Summary> {
        let customers = self.customers(arguments).await?;
        let bar = bar(what);
        let mut progress = |progress: &Progress<'_>| {
            if let Some(total) = progress.total {
                bar.set_length(total);
            }
            bar.set_position(progress.done);
            let failed = progress.summary.count(Outcome::Failed);
            if failed > 0 {
                bar.set_message(format!("{}, {failed} failed", what.doing()));
            }
        };
        let done = match what {
            What::Prices => self.sync.prices(&customers, days, &mut progress).await,
            What::Usage => self.sync.usage(&customers, days, &mut progress).await,
            What::Bills => self.sync.bill(&customers, days, &mut progress).await,
        };
        bar.finish_and_clear();
        done.with_context(|| format!("the tables in {} can't be made", arguments.out.display()))
    }

    /// Whom to ask for.
    async fn customers(&self, arguments: &SyncArguments) -> Result<Customers> {
        Ok(match &self.opened {
            None => Customers::Named(self.sync.customers_of_organisation().await?),
            Some(opened) if arguments.customer.is_empty() => {
                Customers::Connected { tokens: opened.tokens.clone(), count: opened.tokens.count().await? }
            }
            Some(_) => Customers::Named(arguments.customer.iter().cloned().collect()),
        })
    }

    async fn close(self) {
        if let Some(opened) = self.opened {
            opened.tokens.shutdown().await;
            opened.store.close().await;
        }
    }
}

/// At most so many requests a second.
pub(crate) fn budget(rate: u32) -> Result<Arc<Budget>> {
    Ok(Arc::new(Budget::per_second(f64::from(rate))?))
}

/// Where refreshes wait for their turn within the budget of everything else.
pub(crate) fn turns(budget: &Arc<Budget>) -> Gate {
    let budget = Arc::clone(budget);
    Arc::new(move || {
        let budget = Arc::clone(&budget);
        Box::pin(async move { budget.acquire().await })
    })
}

/// The provider's interface, within its budget.
pub(crate) fn nomos(config: &Config, budget: &Arc<Budget>) -> Result<Nomos> {
    // The seed only spreads the waits before attempts, which change no result.
    let http = Http::new(HttpSettings::default(), Arc::clone(budget), 1, Arc::new(clock::now))?;
    Ok(Nomos::new(Arc::new(http), BaseUrl::parse(config.provider.api_url.as_str())?))
}

impl What {
    fn doing(self) -> &'static str {
        match self {
            Self::Prices => "fetching prices",
            Self::Usage => "fetching usage",
            Self::Bills => "billing",
        }
    }

    fn tables(self) -> &'static str {
        match self {
            Self::Prices => "prices, tariffs, customers",
            Self::Usage => "usage, usage_customers",
            Self::Bills => "bills, bill_gaps, bill_customers",
        }
    }
}

/// How many there are is not known before the list is walked: then it counts only.
fn bar(what: What) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} customers, {per_sec}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::no_length().with_style(style).with_message(what.doing())
}

fn tell(
    what: What,
    summary: &Summary,
    days: LocalDays,
    arguments: &SyncArguments,
    out: &mut dyn Write,
) -> Result<()> {
    let (first, last) = (days.first(), days.last());
    let span = if first == last { first.to_string() } else { format!("{first} to {last}") };
    writeln!(out, "customers   {}, {span}", summary.total())?;
    if summary.resumed > 0 {
        writeln!(out, "            {} of them done by an earlier run", summary.resumed)?;
    }
    writeln!(out, "came of it  {summary}")?;
    let mut reasons: Vec<(&String, &u64)> = summary.reasons.iter().collect();
    reasons.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    for (reason, count) in reasons.iter().take(MOST_REASONS) {
        writeln!(out, "            {count} x {reason}")?;
    }
    if reasons.len() > MOST_REASONS {
        writeln!(out, "            ... and {} more reasons", reasons.len() - MOST_REASONS)?;
    }
    writeln!(out, "tables      {} in {}", what.tables(), arguments.out.display())?;
    if what == What::Prices && summary.count(Outcome::Fetched) + summary.count(Outcome::Provisional) > 0 {
        let fleet = arguments.out.display();
        writeln!(out, "plan them   offpeak plan --fleet {fleet} --day {first} --out plans")?;
    }
    Ok(())
}
