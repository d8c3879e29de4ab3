//! `offpeak prices`: day-ahead prices that anybody may fetch, as a file that `offpeak plan` takes.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use chrono_tz::Tz;
use clap::{Args, ValueEnum};
use offpeak_ingest::price_csv;
use offpeak_providers::{
    BaseUrl, BiddingZone, Budget, EnergyCharts, Http, HttpSettings, LocalDays, PriceSeries, PriceSource as _,
    Publication, Smard,
};
use offpeak_tables::replace_file;

use crate::exit::Exit;
use crate::{clock, runtime};

/// Open services ask for moderation, and one request brings years.
const REQUESTS_PER_SECOND: f64 = 2.0;

#[derive(Debug, Args)]
pub(crate) struct PricesArguments {
    /// Bidding zone: DE-LU, AT, NO2, ...
    #[arg(long, value_name = "ZONE")]
    zone: String,
    /// First day, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    from: NaiveDate,
    /// Last day, included
    #[arg(long, value_name = "DATE")]
    to: NaiveDate,
    /// CSV file for the prices; an earlier one is replaced
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Whom to ask
    #[arg(long, value_enum, default_value = "energy-charts")]
    source: Source,
    /// By whose clock the days begin
    #[arg(long, value_name = "ZONE", default_value = "Europe/Berlin")]
    time_zone: Tz,
    /// Another address of the source, such as a mirror's
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Source {
    /// Energy-Charts of Fraunhofer ISE: all zones, CC BY 4.0 for most
    EnergyCharts,
    /// SMARD of the Bundesnetzagentur: DE-LU only, CC BY 4.0
    Smard,
}

pub(crate) fn run(arguments: &PricesArguments, out: &mut dyn Write) -> Result<Exit> {
    let zone = BiddingZone::parse(&arguments.zone)?;
    let days = LocalDays::new(arguments.from, arguments.to, arguments.time_zone)?;
    let asked = runtime::start()?.block_on(ask(arguments, &zone, days));
    match asked.with_context(|| format!("no prices of {}", zone.as_str()))? {
        Publication::Complete(series) => {
            write(arguments, &series, out)?;
            Ok(Exit::Done)
        }
        Publication::NotYetPublished { days, before } => {
            if let Some(series) = &before {
                write(arguments, series, out)?;
            }
            let first = days.first().map(|one| format!("{}: {}", one.day, one.gap)).unwrap_or_default();
            let count = days.len();
            writeln!(io::stderr(), "note: {count} days are not published, the first {first}")?;
            Ok(Exit::InPart)
        }
        Publication::NotDelivered => bail!("the source has no prices of {} on these days", zone.as_str()),
    }
}

async fn ask(
    arguments: &PricesArguments,
    zone: &BiddingZone,
    days: LocalDays,
) -> Result<Publication, offpeak_providers::ProviderError> {
    let budget = Arc::new(Budget::per_second(REQUESTS_PER_SECOND)?);
    // The seed only spreads the waits before attempts, which change no result.
    let http = Arc::new(Http::new(HttpSettings::default(), budget, 1, Arc::new(clock::now))?);
    let base = |usual: &str| BaseUrl::parse(arguments.base_url.as_deref().unwrap_or(usual));
    match arguments.source {
        Source::EnergyCharts => EnergyCharts::new(http, base(EnergyCharts::URL)?).prices(zone, days).await,
        Source::Smard => Smard::new(http, base(Smard::URL)?).prices(zone, days).await,
    }
}

fn write(arguments: &PricesArguments, series: &PriceSeries, out: &mut dyn Write) -> Result<()> {
    replace_file(&arguments.out, price_csv(series).as_bytes())?;
    let market = || series.prices.iter().map(|price| price.eur_per_mwh());
    let (low, high) = (market().fold(f64::INFINITY, f64::min), market().fold(f64::NEG_INFINITY, f64::max));
    let (first, last) = (series.days.first(), series.days.last());
    writeln!(
        out,
        "{} prices of {} from {first} to {last}, every {} minutes, {low} to {high} EUR/MWh, in {}",
        series.prices.len(),
        arguments.zone,
        series.resolution.minutes(),
        arguments.out.display()
    )?;
    Ok(())
}
