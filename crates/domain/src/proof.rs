//! What it takes to recompute a lower bound: multipliers of a Lagrangian decomposition, leaf by leaf of a search.
//!
//! Every device has a copy of its powers, and so has the meter; a price on each copy says what their difference costs. For
//! any prices the sum of all separate minima is a lower bound: what a proof holds can make the bound weak, never wrong.
//!
//! A *port* is one kind of power of a device, at least 0: a battery's and an EV's charge and discharge, a heat pump's
//! rooms, hot water, backup and immersion, an appliance's power. Prices are in ct per kW of mean power over the interval,
//! with the interval's length in them; a device pays its port's price, the meter is paid it. All vectors have one value per
//! interval of the horizon; those of a port that the home lacks, or that belongs to the pivot, may be empty and are not read.

use serde::{Deserialize, Serialize};

use crate::home::Home;
use crate::units::Cents;

/// Cases that together hold every schedule, each with a lower bound and what proves it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Proof {
    /// The cases; one without fixings where no search was needed.
    pub leaves: Vec<Leaf>,
}

/// One case of a proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Leaf {
    /// What is fixed in this case.
    pub fixings: Vec<Fixing>,
    /// What proves its bound.
    pub multipliers: Multipliers,
    /// The claim: no schedule of this case has a lower objective.
    pub bound: Cents,
}

/// Prices of power copies, and what else is dualised.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Multipliers {
    /// The one store that meets the meter without prices.
    pub pivot: Option<Pivot>,
    /// One entry per battery.
    pub batteries: Vec<StorePrices>,
    /// One entry per EV.
    pub evs: Vec<StorePrices>,
    /// One entry per heat pump.
    pub heat_pumps: Vec<PumpPrices>,
    /// One entry per appliance: its price.
    pub appliances: Vec<Vec<f64>>,
    /// One entry per peak charge, in ct/kW: at least 0, 0 outside its window, in sum at most the charge's price.
    pub peaks: Vec<Vec<f64>>,
    /// Per heat pump, one value per start cap: what a start within it costs more, in ct, at least 0.
    pub start_caps: Vec<Vec<f64>>,
}

/// The store whose own schedule is found together with the meter's, so that its ports need no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pivot {
    /// The battery of this number.
    Battery(usize),
    /// The EV of this number.
    Ev(usize),
    /// The main sink of the heat pump of this number with its heater: the rooms, or hot water where it heats no rooms.
    HeatPump(usize),
}

/// Prices of a battery or an EV.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StorePrices {
    /// Of charging, whatever the mode.
    pub charge: Vec<f64>,
    /// Of discharging.
    pub discharge: Vec<f64>,
}

/// Prices of a heat pump.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PumpPrices {
    /// Of the compressor while it serves the rooms.
    pub rooms: Vec<f64>,
    /// Of the compressor while it serves the hot water.
    pub hot_water: Vec<f64>,
    /// Of the backup heater.
    pub backup: Vec<f64>,
    /// Of the immersion heater.
    pub immersion: Vec<f64>,
    /// Of serving the hot water, in ct per interval: the hot water pays it and the main sink's automaton is paid it. Only
    /// where there are two sinks.
    pub serve: Vec<f64>,
}

/// What may still be chosen in one interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fixing {
    /// The interval.
    pub interval: usize,
    /// Whose choice it is, and which choices are left.
    pub what: Fixed,
}

/// The choices that are left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fixed {
    /// Of a battery.
    Battery {
        /// Its number.
        index: usize,
        /// No power.
        idle: bool,
        /// Charging.
        charge: bool,
        /// Discharging.
        discharge: bool,
    },
    /// Of an EV.
    Ev {
        /// Its number.
        index: usize,
        /// No power.
        idle: bool,
        /// Charging, for each of [`Ev::joined_modes`](crate::Ev::joined_modes) in their order.
        modes: Vec<bool>,
        /// Discharging.
        discharge: bool,
    },
    /// Of a heat pump's compressor.
    Compressor {
        /// The heat pump's number.
        index: usize,
        /// No power.
        idle: bool,
        /// Serving the rooms.
        rooms: bool,
        /// Serving the hot water.
        hot_water: bool,
    },
    /// Of the meter; standing still is both.
    Direction {
        /// Net power of at least 0.
        import: bool,
        /// Net power of at most 0.
        export: bool,
    },
}

impl Proof {
    /// The bound it claims for the home: the least of its leaves'.
    pub fn bound(&self) -> Cents {
        self.leaves.iter().map(|leaf| leaf.bound).fold(Cents(f64::INFINITY), Cents::min)
    }

    /// The prices that speak for the home: those of the case that decides the bound, the first where several do.
    ///
    /// They say what a kWh is worth, and a search for a similar home starts from them. None where nothing is proven.
    pub fn deciding_multipliers(&self) -> Option<&Multipliers> {
        let lowest = self.leaves.iter().min_by(|one, other| one.bound.0.total_cmp(&other.bound.0));
        lowest.map(|leaf| &leaf.multipliers)
    }
}

impl Multipliers {
    /// All of them 0, for every port that `home` could have.
    pub fn zero(home: &Home) -> Self {
        let each = || vec![0.0; home.horizon.len()];
        let store = || StorePrices { charge: each(), discharge: each() };
        let pump = || PumpPrices {
            rooms: each(),
            hot_water: each(),
            backup: each(),
            immersion: each(),
            serve: each(),
        };
        Self {
            pivot: None,
            batteries: home.batteries.iter().map(|_| store()).collect(),
            evs: home.evs.iter().map(|_| store()).collect(),
            heat_pumps: home.heat_pumps.iter().map(|_| pump()).collect(),
            appliances: home.appliances.iter().map(|_| each()).collect(),
            peaks: home.grid.peak_charges.iter().map(|_| each()).collect(),
            start_caps: home.heat_pumps.iter().map(|pump| vec![0.0; pump.start_caps.len()]).collect(),
        }
    }
}
