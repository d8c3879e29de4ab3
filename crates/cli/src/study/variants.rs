//! Variants of homes: named ones, and every combination of a sweep.

use anyhow::{Result, bail};
use offpeak_replay::{Change, Variant};
use serde::{Deserialize, Serialize};

use super::settings::unique;

/// The name of a home without changes.
const AS_IS: &str = "as is";

/// A variant with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VariantWish {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    battery_kwh: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    battery_kw: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pv_times: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    load_times: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    car_kw: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    insulation_times: Option<f64>,
    #[serde(default)]
    no_batteries: bool,
    #[serde(default)]
    no_cars: bool,
    #[serde(default)]
    no_heat_pumps: bool,
}

/// The name of a size in a sweep, its values, and what each changes.
type Size<'a> = (&'static str, &'a [f64], fn(f64) -> Change);

/// Values of which every combination is a variant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Sweep {
    battery_kwh: Vec<f64>,
    battery_kw: Vec<f64>,
    pv_times: Vec<f64>,
    load_times: Vec<f64>,
    car_kw: Vec<f64>,
    insulation_times: Vec<f64>,
}

/// The variants of a study in order: the homes as they are, those with a name, the sweep.
pub(super) fn variants(as_is: bool, named: &[VariantWish], sweep: &Sweep) -> Result<Vec<Variant>> {
    let mut all = Vec::new();
    if as_is {
        all.push(Variant { id: AS_IS.to_owned(), changes: Vec::new() });
    }
    all.extend(named.iter().map(VariantWish::variant));
    all.extend(sweep.variants());
    if all.is_empty() {
        bail!("as_is = false leaves no variant of the homes; hint: give [[variant]] or [sweep]");
    }
    unique("variant", all.iter().map(|variant| variant.id.as_str()))?;
    for variant in &all {
        variant.changes.iter().try_for_each(|change| check(&variant.id, *change))?;
    }
    Ok(all)
}

fn check(id: &str, change: Change) -> Result<()> {
    let number = match change {
        Change::BatteryKwh(number)
        | Change::BatteryKw(number)
        | Change::PvTimes(number)
        | Change::LoadTimes(number)
        | Change::CarKw(number) => number,
        Change::InsulationTimes(number) if number > 0.0 => number,
        Change::InsulationTimes(number) => bail!("variant `{id}`: insulation_times {number} must be above 0"),
        Change::NoBatteries | Change::NoCars | Change::NoHeatPumps => 0.0,
    };
    if number.is_finite() && number >= 0.0 {
        return Ok(());
    }
    bail!("variant `{id}`: {number} must be at least 0")
}

impl VariantWish {
    fn variant(&self) -> Variant {
        let sized = [
            self.battery_kwh.map(Change::BatteryKwh),
            self.battery_kw.map(Change::BatteryKw),
            self.pv_times.map(Change::PvTimes),
            self.load_times.map(Change::LoadTimes),
            self.car_kw.map(Change::CarKw),
            self.insulation_times.map(Change::InsulationTimes),
            self.no_batteries.then_some(Change::NoBatteries),
            self.no_cars.then_some(Change::NoCars),
            self.no_heat_pumps.then_some(Change::NoHeatPumps),
        ];
        Variant { id: self.id.clone(), changes: sized.into_iter().flatten().collect() }
    }
}

impl Sweep {
    fn variants(&self) -> Vec<Variant> {
        let sizes: [Size<'_>; 6] = [
            ("battery_kwh", &self.battery_kwh, Change::BatteryKwh),
            ("battery_kw", &self.battery_kw, Change::BatteryKw),
            ("pv_times", &self.pv_times, Change::PvTimes),
            ("load_times", &self.load_times, Change::LoadTimes),
            ("car_kw", &self.car_kw, Change::CarKw),
            ("insulation_times", &self.insulation_times, Change::InsulationTimes),
        ];
        let mut all = vec![(Vec::new(), Vec::new())];
        for (name, values, change) in sizes.into_iter().filter(|(_, values, _)| !values.is_empty()) {
            let with = |(names, changes): &(Vec<String>, Vec<Change>), value: &f64| {
                let names = names.iter().cloned().chain([format!("{name}={value}")]).collect();
                (names, changes.iter().copied().chain([change(*value)]).collect())
            };
            all = all.iter().flat_map(|one| values.iter().map(|value| with(one, value))).collect();
        }
        let named = all.into_iter().filter(|(names, _)| !names.is_empty());
        named.map(|(names, changes)| Variant { id: names.join(" "), changes }).collect()
    }
}
