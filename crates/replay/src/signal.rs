//! What varies over time and is not the home's own doing, by name.

use offpeak_domain::{Compression, HeatPump, Home, HotWater, Prices, Rooms};

/// One series of a home; devices by their place in the home. Units are those of the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    Load,
    Pv,
    ImportPrice,
    ExportPrice,
    ImportLimit,
    ExportLimit,
    Carbon,
    Outdoor(usize),
    Gains(usize),
    Draw(usize),
    RoomsPower(usize, Part),
    WaterPower(usize, Part),
}

/// What a compressor can do at the temperatures of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Least,
    Most,
    Cop,
}

/// The true value of `signal` in interval `t`.
pub(crate) fn measured(home: &Home, prices: &Prices, signal: Signal, t: usize) -> f64 {
    let grid = &home.grid;
    let pump = |index: usize| &home.heat_pumps[index];
    match signal {
        Signal::Load => grid.load[t].0,
        Signal::Pv => grid.pv[t].0,
        Signal::ImportPrice => prices.import[t].0,
        Signal::ExportPrice => prices.export[t].0,
        Signal::ImportLimit => grid.import_limit[t].0,
        Signal::ExportLimit => grid.export_limit[t].0,
        Signal::Carbon => grid.co2.as_ref().map_or(0.0, |co2| co2.intensity[t].0),
        Signal::Outdoor(index) => rooms(pump(index), |rooms| rooms.outdoor[t].0),
        Signal::Gains(index) => rooms(pump(index), |rooms| rooms.gains[t].0),
        Signal::Draw(index) => water(pump(index), |water| water.draw[t].0),
        Signal::RoomsPower(index, part) => rooms(pump(index), |rooms| part.of(&rooms.compression, t)),
        Signal::WaterPower(index, part) => water(pump(index), |water| part.of(&water.compression, t)),
    }
}

impl Part {
    fn of(self, compression: &Compression, t: usize) -> f64 {
        match self {
            Self::Least => compression.min_power[t].0,
            Self::Most => compression.max_power[t].0,
            Self::Cop => compression.cop[t],
        }
    }
}

/// Nobody asks for the signal of a sink that is not there.
fn rooms(pump: &HeatPump, value: impl Fn(&Rooms) -> f64) -> f64 {
    pump.rooms.as_ref().map_or(f64::NAN, value)
}

fn water(pump: &HeatPump, value: impl Fn(&HotWater) -> f64) -> f64 {
    pump.hot_water.as_ref().map_or(f64::NAN, value)
}
