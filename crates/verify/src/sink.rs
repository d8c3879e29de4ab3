//! What a heat pump heats: rooms or a tank, as one affine store of heat with a soft band.

use offpeak_domain::{Compression, HotWater, Rooms};

use crate::function::Function;
use crate::problem::Problem;
use crate::store::{bent, widened};

/// `next = decay state + gain (cop compressor + heater) + drift`; all vectors have one value per interval.
pub(crate) struct Sink {
    pub(crate) initial: f64,
    pub(crate) decay: Vec<f64>,
    pub(crate) drift: Vec<f64>,
    /// Change of the state per kW of heat.
    pub(crate) gain: Vec<f64>,
    pub(crate) cop: Vec<f64>,
    /// Most power of the heater in kW.
    pub(crate) heater_max: f64,
    /// What the state costs at every edge, over all states that can be reached.
    pub(crate) edges: Vec<Function>,
}

/// A soft band and what the last state is worth.
struct Wishes {
    lowest: Vec<f64>,
    highest: Vec<f64>,
    /// Price per unit outside the band and hour.
    discomfort: f64,
    end_floor: f64,
    end_value: f64,
    end_shortfall: f64,
}

impl Sink {
    /// The rooms: the state is their temperature in °C.
    pub(crate) fn rooms(problem: &Problem, rooms: &Rooms) -> Self {
        let resistance = rooms.building.resistance().0;
        let decay: Vec<f64> =
            problem.home.horizon.lengths().map(|length| rooms.building.decay(length)).collect();
        let warmth = rooms.outdoor.iter().zip(&rooms.gains).map(|(out, gain)| out.0 + resistance * gain.0);
        let wishes = Wishes {
            lowest: rooms.lowest.iter().map(|value| value.0).collect(),
            highest: rooms.highest.iter().map(|value| value.0).collect(),
            discomfort: rooms.discomfort_price.0,
            end_floor: rooms.end_floor.0,
            end_value: rooms.end_value_ct_per_k,
            end_shortfall: rooms.end_shortfall_price_ct_per_k,
        };
        Self {
            initial: rooms.initial.0,
            drift: decay.iter().zip(warmth).map(|(decay, warmth)| (1.0 - decay) * warmth).collect(),
            gain: decay.iter().map(|decay| (1.0 - decay) * resistance).collect(),
            decay,
            cop: rooms.compression.cop.clone(),
            heater_max: rooms.backup_max.0,
            edges: Vec::new(),
        }
        .with_edges(problem, &rooms.compression, &wishes)
    }

    /// The tank: the state is its stored heat in kWh.
    pub(crate) fn hot_water(problem: &Problem, water: &HotWater) -> Self {
        let wishes = Wishes {
            lowest: water.lowest.iter().map(|value| value.0).collect(),
            highest: water.highest.iter().map(|value| value.0).collect(),
            discomfort: water.discomfort_price_ct_per_kwh_h,
            end_floor: water.end_floor.0,
            end_value: water.end_value_ct_per_kwh,
            end_shortfall: water.end_shortfall_price_ct_per_kwh,
        };
        Self {
            initial: water.initial.0,
            decay: problem.hours.iter().map(|h| 1.0 - water.loss_per_hour * h).collect(),
            drift: water.draw.iter().map(|draw| -draw.0).collect(),
            gain: problem.hours.clone(),
            cop: water.compression.cop.clone(),
            heater_max: water.heater_max.0,
            edges: Vec::new(),
        }
        .with_edges(problem, &water.compression, &wishes)
    }

    fn with_edges(mut self, problem: &Problem, compression: &Compression, wishes: &Wishes) -> Self {
        let (mut coldest, mut warmest) = (self.initial, self.initial);
        let (lo, hi) = widened(coldest, warmest);
        self.edges = vec![Function::zero(lo, hi)];
        for (t, h) in problem.hours.iter().enumerate() {
            let most = self.gain[t] * (self.cop[t] * compression.max_power[t].0 + self.heater_max);
            coldest = self.decay[t] * coldest + self.drift[t];
            warmest = self.decay[t] * warmest + self.drift[t] + most;
            let (lo, hi) = widened(coldest, warmest);
            let price = h * wishes.discomfort;
            let cold = bent(lo, hi, wishes.lowest[t], price, 0.0);
            let mut edge = cold.plus(&bent(lo, hi, wishes.highest[t], 0.0, price));
            if t + 1 == problem.intervals() {
                edge = edge.plus(&bent(lo, hi, wishes.end_floor, wishes.end_shortfall, -wishes.end_value));
            }
            self.edges.push(edge);
        }
        self
    }
}
