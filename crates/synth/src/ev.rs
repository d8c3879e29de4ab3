//! A car, how it charges and how its driver lives.

use chrono::NaiveDate;
use offpeak_tables::Value;
use rand_chacha::ChaCha8Rng;

use crate::random::{Draw, rounded};

/// Usable kWh and shares among battery-electric cars: small, compact, medium and large ones
/// (KBA stock by model, ADAC data sheets).
const CAPACITIES: [(f64, f64, f64); 4] =
    [(32.0, 42.0, 0.20), (45.0, 60.0, 0.34), (60.0, 77.0, 0.34), (77.0, 100.0, 0.12)];
/// kWh per 100 km at 20 °C and above, with losses while driving: 17 to 20 in the ADAC Ecotest.
const CONSUMPTION: (f64, f64) = (15.5, 20.0);
/// More per K below 20 °C: a fifth to a third more at 0 °C (ADAC winter tests).
const COLD_FACTOR_PER_K: f64 = 0.013;
/// Share of the charged energy that is stored, at 11 kW and 3.7 kW (ADAC: 5 to 13 % losses).
const EFFICIENCY: (f64, f64) = (0.87, 0.94);
/// Three phases from 6 to 16 A at 230 V (IEC 61851-1), the common box of 11 kW.
const THREE_PHASE_KW: (f64, f64) = (4.14, 11.0);
/// One phase from 6 to 16 A, the limit of on-board chargers that take three phases.
const ONE_PHASE_16_A_KW: (f64, f64) = (1.38, 3.68);
/// One phase from 6 to 32 A, for the cars that can.
const ONE_PHASE_32_A_KW: (f64, f64) = (1.38, 7.36);

/// Share of drivers who commute by car; assumed, for the owners of newer cars.
const COMMUTER_SHARE: f64 = 0.62;

/// A car.
#[derive(Debug, Clone)]
pub(crate) struct Car {
    pub(crate) id: &'static str,
    pub(crate) capacity_kwh: f64,
    pub(crate) efficiency: f64,
    consumption_kwh_per_100_km: f64,
    one_phase: Option<(f64, f64)>,
    three_phase: Option<(f64, f64)>,
    discharge: Option<Discharge>,
    min_energy_now_share: Option<f64>,
    pub(crate) driver: Driver,
}

/// How a car feeds the home or the grid.
#[derive(Debug, Clone, Copy)]
struct Discharge {
    max_kw: f64,
    wear: f64,
    reserve_share: f64,
    to_grid: bool,
}

/// How its driver lives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Driver {
    /// Kilometres to work and back, for those who drive there.
    pub(crate) commute_km: Option<f64>,
    /// Local hour at which a working day's trip begins.
    pub(crate) leaves_hour: f64,
    /// Hours away at work.
    pub(crate) away_hours: f64,
    /// Share of stays in which the car is plugged in even though it holds enough.
    pub(crate) plug_share: f64,
    /// Share of the capacity wished for at departure.
    pub(crate) target_share: f64,
}

/// What a home's wall box can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phases {
    /// By what boxes are common.
    Common,
    /// It switches between one phase and three.
    Switching,
}

impl Car {
    pub(crate) fn draw(stream: &mut ChaCha8Rng, id: &'static str, phases: Phases) -> Self {
        let (low, high, _) = CAPACITIES[stream.weighted(&CAPACITIES.map(|(_, _, share)| share))];
        // Boxes that switch phases are a minority (15 to 20 %), single-phase ones rarer.
        let kind = stream.weighted(&[0.75, 0.17, 0.08]);
        let one_phase = if stream.chance(0.4) { ONE_PHASE_32_A_KW } else { ONE_PHASE_16_A_KW };
        let switches = phases == Phases::Switching || kind == 1;
        Self {
            id,
            capacity_kwh: rounded(stream.between(low, high), 0),
            efficiency: stream.between(EFFICIENCY.0, EFFICIENCY.1),
            consumption_kwh_per_100_km: stream.between(CONSUMPTION.0, CONSUMPTION.1),
            one_phase: (switches || kind == 2).then_some(one_phase),
            three_phase: (switches || kind != 2).then_some(THREE_PHASE_KW),
            discharge: stream.chance(0.04).then(|| Discharge::draw(stream)),
            min_energy_now_share: stream.chance(0.3).then(|| stream.between(0.08, 0.2)),
            driver: Driver::draw(stream),
        }
    }

    /// The most power it charges with.
    pub(crate) fn max_charge_kw(&self) -> f64 {
        self.three_phase.or(self.one_phase).map_or(0.0, |(_, max)| max)
    }

    /// Energy that a trip takes at an outdoor temperature.
    pub(crate) fn trip_kwh(&self, km: f64, outdoor_c: f64) -> f64 {
        let cold = 1.0 + COLD_FACTOR_PER_K * (20.0 - outdoor_c).max(0.0);
        km / 100.0 * self.consumption_kwh_per_100_km * cold
    }

    pub(crate) fn row<'a>(&self, home_id: &'a str, initial_kwh: f64) -> Vec<(&'static str, Value<'a>)> {
        let some = |value: Option<f64>| Value::Number(value.map(|value| rounded(value, 2)));
        let discharge = self.discharge;
        let reserve = discharge.map(|d| d.reserve_share * self.capacity_kwh);
        vec![
            ("home_id", home_id.into()),
            ("ev_id", self.id.into()),
            ("capacity_kwh", self.capacity_kwh.into()),
            ("initial_energy_kwh", rounded(initial_kwh.clamp(0.0, self.capacity_kwh), 2).into()),
            ("charge_efficiency", rounded(self.efficiency, 3).into()),
            ("one_phase_min_kw", some(self.one_phase.map(|(min, _)| min))),
            ("one_phase_max_kw", some(self.one_phase.map(|(_, max)| max))),
            ("three_phase_min_kw", some(self.three_phase.map(|(min, _)| min))),
            ("three_phase_max_kw", some(self.three_phase.map(|(_, max)| max))),
            // Six amperes again, on the phases the box has.
            ("discharge_min_kw", some(discharge.map(|_| ONE_PHASE_16_A_KW.0))),
            ("discharge_max_kw", some(discharge.map(|d| d.max_kw))),
            ("discharge_efficiency", some(discharge.map(|_| 0.92))),
            ("discharge_wear_ct_per_kwh", some(discharge.map(|d| d.wear))),
            ("reserve_kwh", some(reserve)),
            ("grid_export", Value::Truth(discharge.map(|d| d.to_grid))),
            ("min_energy_now_kwh", some(self.min_energy_now_share.map(|share| share * self.capacity_kwh))),
        ]
    }
}

impl Discharge {
    fn draw(stream: &mut ChaCha8Rng) -> Self {
        Self {
            max_kw: if stream.chance(0.5) { 10.0 } else { 11.0 },
            wear: stream.between(2.0, 6.0),
            reserve_share: stream.between(0.2, 0.4),
            to_grid: stream.chance(0.4),
        }
    }
}

impl Driver {
    fn draw(stream: &mut ChaCha8Rng) -> Self {
        // A way to work by car has a median of 12 and a mean of 16 km here; the mean of all ways by car is
        // 15 km (Mobilität in Deutschland).
        let commute_km = (2.0 * 12.5 * stream.about(0.0, 0.75).exp()).clamp(4.0, 160.0);
        let commutes = stream.chance(COMMUTER_SHARE);
        Self {
            commute_km: commutes.then_some(commute_km),
            // Ways to work start from 6 to 9 h, others from 9 h on (Mobilität in Deutschland 2017).
            leaves_hour: if commutes { stream.about(7.4, 0.8) } else { stream.about(10.3, 1.3) },
            away_hours: if commutes { stream.about(9.2, 0.9) } else { stream.about(2.6, 0.8) },
            plug_share: if stream.chance(0.6) { 0.95 } else { stream.between(0.3, 0.7) },
            target_share: if stream.chance(0.75) { 0.8 } else { stream.between(0.55, 1.0) },
        }
    }
}

/// The days of which a car's trips matter for some days: a week before, and a week after.
pub(crate) fn days_around(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let from = first.checked_sub_days(chrono::Days::new(8)).unwrap_or(first);
    from.iter_days().take_while(move |date| (*date - last).num_days() <= 8)
}
