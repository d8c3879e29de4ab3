//! A heat pump: one compressor that serves the rooms or the hot water, never both in an interval.

use std::ops::Range;

use crate::error::{InvalidInput, each_in_range, in_range};
use crate::units::{
    Celsius, Cents, CentsPerKelvinHour, Hours, KelvinsPerKilowatt, KilowattHours, KilowattHoursPerKelvin,
    Kilowatts,
};

/// A heat pump over a horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatPump {
    /// Unique among the devices of its home.
    pub id: String,
    /// The rooms it heats, if any.
    pub rooms: Option<Rooms>,
    /// The hot-water tank it heats, if any.
    pub hot_water: Option<HotWater>,
    /// Least intervals the compressor runs once started.
    pub min_run: usize,
    /// Least intervals it pauses once stopped.
    pub min_pause: usize,
    /// What it did before the horizon.
    pub before: CompressorState,
    /// What a start costs.
    pub start_cost: Cents,
    /// Most starts within some intervals, one entry per local day.
    pub start_caps: Vec<StartCap>,
}

/// What the compressor did before the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompressorState {
    /// Whether it ran.
    pub running: bool,
    /// For how many intervals it had run or paused.
    pub intervals: usize,
}

/// Most compressor starts within some intervals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartCap {
    /// The intervals.
    pub intervals: Range<usize>,
    /// Most starts in them.
    pub most: usize,
}

/// How the compressor serves one sink; every vector has one value per interval.
///
/// Off, or electric power from `min_power` to `max_power`; heat is `cop` times that.
#[derive(Debug, Clone, PartialEq)]
pub struct Compression {
    /// Least electric power while it runs, above 0.
    pub min_power: Vec<Kilowatts>,
    /// Most electric power; equal to the least for a fixed-speed pump.
    pub max_power: Vec<Kilowatts>,
    /// Heat per electric energy at this sink's flow temperature.
    pub cop: Vec<f64>,
}

/// The rooms of a house as one thermal mass (1R1C), discretised exactly.
///
/// `theta[t+1] = a theta[t] + (1 - a) (outdoor + R (cop power + backup + gains))`, `a = exp(-h / (R C))`
#[derive(Debug, Clone, PartialEq)]
pub struct Rooms {
    /// The compressor's way to the rooms.
    pub compression: Compression,
    /// The thermal model of the building.
    pub building: Building,
    /// Room temperature at the first edge.
    pub initial: Celsius,
    /// Outdoor temperature, per interval.
    pub outdoor: Vec<Celsius>,
    /// Heat from sun, people and appliances, per interval.
    pub gains: Vec<Kilowatts>,
    /// Least comfortable temperature at the end of every interval.
    pub lowest: Vec<Celsius>,
    /// Most comfortable temperature at the end of every interval.
    pub highest: Vec<Celsius>,
    /// What a kelvin outside the band for an hour costs.
    pub discomfort_price: CentsPerKelvinHour,
    /// Most electric power of the backup heater (COP 1); 0 where there is none.
    pub backup_max: Kilowatts,
    /// Temperature wished for at the last edge.
    pub end_floor: Celsius,
    /// What each kelvin above the floor at the last edge is worth, in ct/K.
    pub end_value_ct_per_k: f64,
    /// What each kelvin below the floor at the last edge costs, in ct/K.
    pub end_shortfall_price_ct_per_k: f64,
}

/// Thermal models of a building.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Building {
    /// One resistance to the outside, one capacitance.
    OneMass {
        /// Between rooms and outside.
        resistance: KelvinsPerKilowatt,
        /// Of rooms, walls and furniture together.
        capacitance: KilowattHoursPerKelvin,
    },
}

/// A hot-water tank as one store of heat, counted from the least useful temperature.
///
/// `stored[t+1] = stored[t] (1 - loss h) + (cop power + heater) h - draw[t]`
///
/// Below 0 the tank is colder than useful: the comfort penalty says what that costs.
#[derive(Debug, Clone, PartialEq)]
pub struct HotWater {
    /// The compressor's way to the tank.
    pub compression: Compression,
    /// Stored heat at the first edge.
    pub initial: KilowattHours,
    /// Share of the stored heat lost in an hour.
    pub loss_per_hour: f64,
    /// Heat drawn, per interval.
    pub draw: Vec<KilowattHours>,
    /// Least stored heat wished for at the end of every interval.
    pub lowest: Vec<KilowattHours>,
    /// Most stored heat wished for at the end of every interval.
    pub highest: Vec<KilowattHours>,
    /// What a kWh outside the band for an hour costs, in ct/(kWh h).
    pub discomfort_price_ct_per_kwh_h: f64,
    /// Most electric power of the immersion heater (COP 1); 0 where there is none.
    pub heater_max: Kilowatts,
    /// Stored heat wished for at the last edge.
    pub end_floor: KilowattHours,
    /// What each kWh above the floor at the last edge is worth, in ct/kWh.
    pub end_value_ct_per_kwh: f64,
    /// What each kWh below the floor at the last edge costs, in ct/kWh.
    pub end_shortfall_price_ct_per_kwh: f64,
}

impl Building {
    /// The share of a temperature difference left after `length`: `exp(-h / (R C))`.
    pub fn decay(&self, length: Hours) -> f64 {
        let Self::OneMass { resistance, capacitance } = self;
        (-length.0 / (resistance.0 * capacitance.0)).exp()
    }

    /// How many kelvins a kW of heat keeps up.
    pub fn resistance(&self) -> KelvinsPerKilowatt {
        let Self::OneMass { resistance, .. } = self;
        *resistance
    }

    /// Heat that warms the building by a kelvin.
    pub fn capacitance(&self) -> KilowattHoursPerKelvin {
        let Self::OneMass { capacitance, .. } = self;
        *capacitance
    }
}

impl HeatPump {
    /// The intervals from the first in which the state before the horizon still binds, and whether it binds to running.
    pub fn bound_by_state_before(&self, intervals: usize) -> (usize, bool) {
        let least = if self.before.running { self.min_run } else { self.min_pause };
        (least.saturating_sub(self.before.intervals).min(intervals), self.before.running)
    }

    /// The least power it must draw in interval `t` because it was started before the horizon.
    pub fn forced_power(&self, t: usize) -> Kilowatts {
        let (intervals, running) = self.bound_by_state_before(t + 1);
        if !running || t >= intervals {
            return Kilowatts::ZERO;
        }
        self.compressions()
            .map(|compression| compression.min_power[t])
            .fold(Kilowatts(f64::INFINITY), Kilowatts::min)
    }

    /// The compressor's ways to its sinks.
    pub fn compressions(&self) -> impl Iterator<Item = &Compression> {
        let rooms = self.rooms.iter().map(|rooms| &rooms.compression);
        rooms.chain(self.hot_water.iter().map(|water| &water.compression))
    }

    pub(crate) fn check(&self, intervals: usize, longest: Hours) -> Result<(), InvalidInput> {
        if self.rooms.is_none() && self.hot_water.is_none() {
            return Err(InvalidInput::new("sinks", "none", "must heat rooms, hot water or both"));
        }
        if let Some(rooms) = &self.rooms {
            rooms.check(intervals).map_err(|error| error.within("rooms"))?;
        }
        if let Some(water) = &self.hot_water {
            water.check(intervals, longest).map_err(|error| error.within("hot water"))?;
        }
        for cap in &self.start_caps {
            if cap.intervals.start > cap.intervals.end || cap.intervals.end > intervals {
                return Err(InvalidInput::new(
                    "most_starts",
                    format!("intervals {:?}", cap.intervals),
                    format!("must lie in 0..{intervals}"),
                ));
            }
        }
        in_range("start_cost_ct", self.start_cost.0, 0.0, 1e6)
    }
}

impl Compression {
    fn check(&self, intervals: usize) -> Result<(), InvalidInput> {
        let power = |field: &str, values: &[Kilowatts], least: f64| {
            each_in_range(field, values.iter().map(|value| value.0), intervals, least, 1e6)
        };
        power("min_power_kw", &self.min_power, 1e-3)?;
        power("max_power_kw", &self.max_power, 1e-3)?;
        each_in_range("cop", self.cop.iter().copied(), intervals, 0.1, 50.0)?;
        for (t, (min, max)) in self.min_power.iter().zip(&self.max_power).enumerate() {
            in_range(format_args!("max_power_kw[{t}]"), max.0, min.0, 1e6)?;
        }
        Ok(())
    }
}

impl Rooms {
    fn check(&self, intervals: usize) -> Result<(), InvalidInput> {
        let celsius = |field: &str, values: &[Celsius]| {
            each_in_range(field, values.iter().map(|value| value.0), intervals, -100.0, 100.0)
        };
        self.compression.check(intervals)?;
        in_range("resistance_k_per_kw", self.building.resistance().0, 1e-3, 1e6)?;
        in_range("capacitance_kwh_per_k", self.building.capacitance().0, 1e-3, 1e6)?;
        in_range("initial_c", self.initial.0, -100.0, 100.0)?;
        celsius("outdoor_c", &self.outdoor)?;
        let gains = self.gains.iter().map(|value| value.0);
        each_in_range("gains_kw", gains, intervals, -1e4, 1e4)?;
        celsius("lowest_c", &self.lowest)?;
        celsius("highest_c", &self.highest)?;
        for (t, (lowest, highest)) in self.lowest.iter().zip(&self.highest).enumerate() {
            in_range(format_args!("highest_c[{t}]"), highest.0, lowest.0, 100.0)?;
        }
        in_range("discomfort_price_ct_per_k_h", self.discomfort_price.0, 0.0, 1e6)?;
        in_range("backup_max_kw", self.backup_max.0, 0.0, 1e6)?;
        in_range("end_floor_c", self.end_floor.0, -100.0, 100.0)?;
        let shortfall = self.end_shortfall_price_ct_per_k;
        in_range("end_shortfall_price_ct_per_k", shortfall, 0.0, 1e6)?;
        in_range("end_value_ct_per_k", self.end_value_ct_per_k, 0.0, shortfall)
    }
}

impl HotWater {
    fn check(&self, intervals: usize, longest: Hours) -> Result<(), InvalidInput> {
        let heat = |field: &str, values: &[KilowattHours]| {
            each_in_range(field, values.iter().map(|value| value.0), intervals, 0.0, 1e6)
        };
        self.compression.check(intervals)?;
        in_range("initial_kwh", self.initial.0, -1e6, 1e6)?;
        in_range("loss_per_hour", self.loss_per_hour, 0.0, 1.0 / longest.0)?;
        heat("draw_kwh", &self.draw)?;
        heat("lowest_kwh", &self.lowest)?;
        heat("highest_kwh", &self.highest)?;
        for (t, (lowest, highest)) in self.lowest.iter().zip(&self.highest).enumerate() {
            in_range(format_args!("highest_kwh[{t}]"), highest.0, lowest.0, 1e6)?;
        }
        let price = self.discomfort_price_ct_per_kwh_h;
        in_range("discomfort_price_ct_per_kwh_h", price, 0.0, 1e6)?;
        in_range("heater_max_kw", self.heater_max.0, 0.0, 1e6)?;
        in_range("end_floor_kwh", self.end_floor.0, -1e6, 1e6)?;
        let shortfall = self.end_shortfall_price_ct_per_kwh;
        in_range("end_shortfall_price_ct_per_kwh", shortfall, 0.0, 1e6)?;
        in_range("end_value_ct_per_kwh", self.end_value_ct_per_kwh, 0.0, shortfall)
    }
}
