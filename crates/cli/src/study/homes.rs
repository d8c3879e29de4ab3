//! The homes of a study: read from the fleet, with their variants, tariffs and forecasts.

use std::path::Path;

use anyhow::{Context, Result, bail};
use offpeak_domain::{Home, HomeSpec, InvalidInput, Prices};
use offpeak_replay::{Forecasts, PolicySpec, Span, SpanTariff, StudyHome, Variant};
use offpeak_tables::{Fleet, SpanEntry, SpanHomes, TariffEntry, Usage};

use super::hashes::Inputs;
use super::settings::Settings;
use crate::input::reasons;

/// What a study reads.
pub(crate) struct Reader {
    settings: Settings,
    fleet: Fleet,
    forecasts: Option<Fleet>,
    usage: Option<Usage>,
    variants: Vec<Variant>,
    hashes: Vec<String>,
    /// The policies of the study.
    pub(crate) policies: Vec<PolicySpec>,
}

/// A home of a study: its variants, and what of it can't be replayed.
pub(crate) struct StudyEntry {
    pub(crate) home_id: String,
    pub(crate) variants: Vec<StudyHome>,
    /// Variant and tariff, empty where it concerns all, and why.
    pub(crate) failures: Vec<(String, String, String)>,
    pub(crate) notes: Vec<String>,
}

impl Reader {
    /// Opens all that `settings` name, relative to `base`.
    pub(crate) fn open(settings: &Settings, base: &Path, inputs: &Inputs) -> Result<Self> {
        let prices = settings.prices.as_ref().map(|file| base.join(file));
        let open = |folder: &Path| {
            Fleet::open(&base.join(folder), prices.as_deref()).context("the fleet can't be read")
        };
        let fleet = open(&settings.fleet)?;
        if fleet.is_empty() {
            bail!("{}: no home in the table homes", settings.fleet.display());
        }
        let usage = settings.usage.as_ref().map(|file| Usage::read(&base.join(file)));
        let variants = settings.variants()?;
        let hashes = variants.iter().map(|variant| inputs.of_unit(settings, variant));
        Ok(Self {
            fleet,
            forecasts: settings.forecasts.fleet.as_deref().map(open).transpose()?,
            usage: usage.transpose().context("the usage can't be read")?,
            hashes: hashes.collect::<Result<_>>()?,
            policies: settings.policies()?,
            variants,
            settings: settings.clone(),
        })
    }

    /// How many units there are, as far as is known before the homes are read.
    pub(crate) fn units(&self) -> usize {
        let homes = match self.settings.homes.len() {
            0 => self.fleet.len(),
            homes => homes,
        };
        homes * self.variants.len() * self.settings.tariffs.len().max(1) * self.policies.len()
    }

    /// The homes of the study, in the order of the fleet.
    pub(crate) fn entries(&self) -> impl Iterator<Item = StudyEntry> + '_ {
        let window = self.settings.window();
        let mut forecasts = self.forecasts.as_ref().map(|fleet| fleet.spans(&window, &self.settings.tariffs));
        let homes = self.fleet.spans(&window, &self.settings.tariffs);
        homes.filter(|entry| self.is_wanted(&entry.home_id)).map(move |entry| {
            let given = forecasts.as_mut().map(|homes| forecast_of(homes, &entry.home_id));
            self.entry(entry, given)
        })
    }

    /// Names of homes that are asked for but were not among `seen`.
    pub(crate) fn missing<'a>(&'a self, seen: &'a [String]) -> impl Iterator<Item = &'a str> + 'a {
        self.settings.homes.iter().filter(|home| !seen.contains(home)).map(String::as_str)
    }

    fn is_wanted(&self, home: &str) -> bool {
        self.settings.homes.is_empty() || self.settings.homes.iter().any(|wanted| wanted == home)
    }

    fn entry(&self, entry: SpanEntry, given: Option<Result<Home, String>>) -> StudyEntry {
        let SpanEntry { home_id, home, tariffs, notes } = entry;
        let mut made = StudyEntry { home_id, variants: Vec::new(), failures: Vec::new(), notes };
        let read = home.map_err(|errors| reasons(&errors)).and_then(|home| {
            let home = self.measured(home, &mut made.notes)?;
            Ok((at_start(home, &self.settings).map_err(|error| error.to_string())?, given.transpose()?))
        });
        let (home, given) = match read {
            Ok(read) => read,
            Err(reason) => {
                made.failures.push((String::new(), String::new(), reason));
                return made;
            }
        };
        let forecasts = Forecasts { given: given.map(Box::new), ..self.settings.forecasts.methods() };
        let tariffs = self.tariffs(tariffs, &mut made.failures);
        for (variant, inputs) in self.variants.iter().zip(&self.hashes) {
            match self.variant(&home, variant) {
                Ok(span) => made.variants.push(StudyHome {
                    variant: variant.id.clone(),
                    span,
                    tariffs: tariffs.clone(),
                    forecasts: forecasts.clone(),
                    inputs: inputs.clone(),
                }),
                Err(error) => made.failures.push((variant.id.clone(), String::new(), error.to_string())),
            }
        }
        made
    }

    fn variant(&self, home: &Home, variant: &Variant) -> Result<Span, InvalidInput> {
        let home = variant.of(home)?;
        let (from, to) = self.settings.window().replayed(home.time_zone);
        Span::new(home, from, to)
    }

    fn tariffs(
        &self,
        entries: Vec<TariffEntry>,
        failures: &mut Vec<(String, String, String)>,
    ) -> Vec<SpanTariff> {
        let mut tariffs = Vec::new();
        for TariffEntry { tariff_id, prices, published, standing } in entries {
            match prices {
                Ok(prices) => tariffs.push(SpanTariff {
                    id: tariff_id,
                    prices: Prices::clone(&prices),
                    publication: published.then(|| self.settings.publication()),
                    standing,
                }),
                Err(error) => failures.push((String::new(), tariff_id, error.to_string())),
            }
        }
        tariffs
    }

    /// The home with what its meter measured in place of its load.
    fn measured(&self, home: Home, notes: &mut Vec<String>) -> Result<Home, String> {
        let Some(usage) = &self.usage else { return Ok(home) };
        let Some(load) = usage.of(&home.id, &home.horizon).map_err(|error| error.to_string())? else {
            notes.push("no measured usage: its load of the table series stands".to_owned());
            return Ok(home);
        };
        let mut spec = home.into_spec();
        spec.grid.load = load;
        Home::new(spec).map_err(|error| error.to_string())
    }
}

/// The forecast that a fleet holds for a home; both fleets have their homes in the same order.
fn forecast_of(homes: &mut SpanHomes<'_>, id: &str) -> Result<Home, String> {
    match homes.find(|entry| entry.home_id == id) {
        Some(SpanEntry { home: Ok(home), .. }) => Ok(home),
        Some(SpanEntry { home: Err(errors), .. }) => Err(format!("forecast: {}", reasons(&errors))),
        None => Err("the fleet of forecasts has no such home, or not in the order of the fleet".to_owned()),
    }
}

/// The home whose peak already reached belongs to the billing window in which the replay begins, not to that of its history.
fn at_start(home: Home, settings: &Settings) -> Result<Home, InvalidInput> {
    let (from, _) = settings.window().replayed(home.time_zone);
    let first = home.horizon.edges().partition_point(|edge| *edge < from);
    let mut spec: HomeSpec = home.into_spec();
    let reached = spec.grid.peak_charges.first().map(|charge| charge.already_reached).unwrap_or_default();
    for charge in &mut spec.grid.peak_charges {
        let current = charge.intervals.contains(&first);
        charge.already_reached = if current { reached } else { offpeak_domain::Kilowatts::ZERO };
    }
    Home::new(spec)
}
