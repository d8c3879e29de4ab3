//! Rooms and tank as one thing: a store whose level decays, drifts, and rises with power.

use offpeak_domain::{Home, HotWater, Rooms};

/// The room thermostat switches on below the lowest comfortable temperature and off this much above it, in K
/// (or at the highest comfortable one, if that is less).
const ROOM_HYSTERESIS: f64 = 1.0;

/// The tank's thermostat switches on below the least heat wished for and off at this share of its band.
const TANK_HYSTERESIS: f64 = 0.5;

/// `level[t+1] = keep level[t] + drift + rise power + heater_rise heater`
///
/// The level is °C for rooms and kWh for a tank, powers are kW; every vector has one value per interval, and
/// bounds hold at its end.
pub(crate) struct Sink {
    pub(crate) initial: f64,
    keep: Vec<f64>,
    drift: Vec<f64>,
    rise: Vec<f64>,
    heater_rise: Vec<f64>,
    pub(crate) heater_max: f64,
    pub(crate) min_power: Vec<f64>,
    pub(crate) max_power: Vec<f64>,
    pub(crate) lowest: Vec<f64>,
    pub(crate) highest: Vec<f64>,
    /// Where the thermostat switches off.
    pub(crate) switch_off: Vec<f64>,
    /// How far it heats ahead of a higher bound.
    pub(crate) ahead_most: Vec<f64>,
    pub(crate) end_floor: f64,
    /// What a unit above the highest bound for an hour costs, ct.
    pub(crate) discomfort_price: f64,
}

impl Sink {
    /// The rooms: `a theta + (1 - a) (outdoor + R (cop power + backup + gains))`.
    pub(crate) fn of_rooms(home: &Home, rooms: &Rooms) -> Self {
        let resistance = rooms.building.resistance().0;
        let keep: Vec<f64> = home.horizon.lengths().map(|length| rooms.building.decay(length)).collect();
        let settle = |t: usize| rooms.outdoor[t].0 + resistance * rooms.gains[t].0;
        let heater_rise: Vec<f64> = keep.iter().map(|keep| (1.0 - keep) * resistance).collect();
        let lowest: Vec<f64> = rooms.lowest.iter().map(|value| value.0).collect();
        let highest: Vec<f64> = rooms.highest.iter().map(|value| value.0).collect();
        // Never warmer in advance than the warmest hour asks for: nobody heats today for a cold tomorrow.
        let warmest = lowest.iter().copied().fold(rooms.end_floor.0, f64::max);
        let bounds = || lowest.iter().zip(&highest);
        Self {
            initial: rooms.initial.0,
            drift: keep.iter().enumerate().map(|(t, keep)| (1.0 - keep) * settle(t)).collect(),
            rise: heater_rise.iter().zip(&rooms.compression.cop).map(|(rise, cop)| rise * cop).collect(),
            heater_max: rooms.backup_max.0,
            min_power: rooms.compression.min_power.iter().map(|power| power.0).collect(),
            max_power: rooms.compression.max_power.iter().map(|power| power.0).collect(),
            switch_off: bounds().map(|(lowest, highest)| highest.min(lowest + ROOM_HYSTERESIS)).collect(),
            ahead_most: highest.iter().map(|highest| highest.min(warmest)).collect(),
            end_floor: rooms.end_floor.0,
            discomfort_price: rooms.discomfort_price.0,
            keep,
            heater_rise,
            lowest,
            highest,
        }
    }

    /// The tank: `stored (1 - loss h) + (cop power + heater) h - draw`.
    pub(crate) fn of_hot_water(home: &Home, water: &HotWater) -> Self {
        let hours: Vec<f64> = home.horizon.lengths().map(|length| length.0).collect();
        let lowest: Vec<f64> = water.lowest.iter().map(|value| value.0).collect();
        let highest: Vec<f64> = water.highest.iter().map(|value| value.0).collect();
        let bounds = || lowest.iter().zip(&highest);
        let switch_off = |(lowest, highest): (&f64, &f64)| lowest + TANK_HYSTERESIS * (highest - lowest);
        Self {
            initial: water.initial.0,
            keep: hours.iter().map(|h| 1.0 - water.loss_per_hour * h).collect(),
            drift: water.draw.iter().map(|draw| -draw.0).collect(),
            rise: hours.iter().zip(&water.compression.cop).map(|(h, cop)| h * cop).collect(),
            heater_max: water.heater_max.0,
            min_power: water.compression.min_power.iter().map(|power| power.0).collect(),
            max_power: water.compression.max_power.iter().map(|power| power.0).collect(),
            switch_off: bounds().map(switch_off).collect(),
            ahead_most: highest.clone(),
            end_floor: water.end_floor.0,
            discomfort_price: water.discomfort_price_ct_per_kwh_h,
            heater_rise: hours,
            lowest,
            highest,
        }
    }

    /// The level at the end of interval `t` with compressor and heater at these powers.
    pub(crate) fn level_after(&self, t: usize, level: f64, compressor: f64, heater: f64) -> f64 {
        self.keep[t] * level + self.drift[t] + self.rise[t] * compressor + self.heater_rise[t] * heater
    }

    /// The level at the start of interval `t` from which `compressor` leads to `after`; none where no level would.
    pub(crate) fn level_before(&self, t: usize, after: f64, compressor: f64) -> Option<f64> {
        let to_keep = after - self.drift[t] - self.rise[t] * compressor;
        (self.keep[t] > 0.0).then(|| to_keep / self.keep[t])
    }

    /// Compressor power that lifts the level by `missing` in interval `t`.
    pub(crate) fn power_for(&self, t: usize, missing: f64) -> f64 {
        missing / self.rise[t]
    }

    /// Heater power that lifts the level by `missing` in interval `t`.
    pub(crate) fn heater_for(&self, t: usize, missing: f64) -> f64 {
        missing / self.heater_rise[t]
    }
}
