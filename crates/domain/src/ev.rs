//! An electric vehicle that comes and goes.

use std::ops::Range;

use crate::error::{InvalidInput, in_range};
use crate::units::{CentsPerKilowattHour, KilowattHours, Kilowatts};

/// An EV over a horizon.
///
/// `energy[t+1] = energy[t] + charge_efficiency charge[t] h - discharge[t] h / discharge_efficiency - driven[t] + elsewhere[t]`
///
/// `driven` falls due in the last interval before an arrival; what the car did not hold for it was
/// charged elsewhere: `elsewhere = max(0, driven - what it held)`, at the shortfall price.
#[derive(Debug, Clone, PartialEq)]
pub struct Ev {
    /// Unique among the devices of its home.
    pub id: String,
    /// Most energy the car holds.
    pub capacity: KilowattHours,
    /// Energy at the first edge.
    pub initial_energy: KilowattHours,
    /// Share of the charged energy that is stored, in (0, 1].
    pub charge_efficiency: f64,
    /// Power ranges it can charge in, one per phase mode; off is always possible.
    pub modes: Vec<PowerRange>,
    /// Whether and how it can feed the home.
    pub discharge: Option<EvDischarge>,
    /// Its stays at home, in order.
    pub sessions: Vec<EvSession>,
    /// What a kWh missing at a departure, or charged elsewhere, costs.
    pub shortfall_price: CentsPerKilowattHour,
    /// Energy that comes before price while the car is connected.
    pub urgent: Option<Urgent>,
    /// Worth of the energy at the last edge, for a session that ends after the horizon.
    pub end: Option<EvEnd>,
}

/// A range of power, both ends included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerRange {
    /// Least power.
    pub min: Kilowatts,
    /// Most power.
    pub max: Kilowatts,
}

/// How a car feeds the home (V2H) or the grid (V2G).
#[derive(Debug, Clone, PartialEq)]
pub struct EvDischarge {
    /// Power range at the home's side; off is always possible.
    pub power: PowerRange,
    /// Share of the taken energy that arrives in the home, in (0, 1].
    pub efficiency: f64,
    /// Wear per kWh discharged.
    pub wear: CentsPerKilowattHour,
    /// No interval with discharge ends with less energy than this.
    pub reserve: KilowattHours,
    /// Whether it may discharge while the home exports (V2G); if not, only while it does not (V2H).
    pub grid_export: bool,
}

/// One stay at home.
#[derive(Debug, Clone, PartialEq)]
pub struct EvSession {
    /// The whole intervals in which the car is connected; `end` is also the edge of departure.
    pub connected: Range<usize>,
    /// Energy wished for at the departure; none for a session that ends after the horizon.
    pub target: Option<KilowattHours>,
    /// Energy driven since the last session, due in the interval before `connected`.
    pub driven_before: KilowattHours,
}

/// A minimum energy as soon as possible: every hour and kWh below it costs so much that no price is worth waiting for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Urgent {
    /// The minimum energy, counted at the end of every connected interval.
    pub energy: KilowattHours,
    /// Penalty in ct per kWh and hour below it.
    pub price_ct_per_kwh_h: f64,
}

/// Worth of the energy at the last edge, up to a target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EvEnd {
    /// The target of the session after the horizon; energy beyond it is worth nothing.
    pub target: KilowattHours,
    /// What each kWh up to the target is worth.
    pub value: CentsPerKilowattHour,
}

impl Ev {
    /// Whether the car is connected, per interval.
    pub fn connected(&self, intervals: usize) -> Vec<bool> {
        let mut connected = vec![false; intervals];
        for session in &self.sessions {
            connected[session.connected.clone()].fill(true);
        }
        connected
    }

    /// Energy driven, per interval: due in the last interval before each arrival.
    pub fn driven(&self, intervals: usize) -> Vec<KilowattHours> {
        let mut driven = vec![KilowattHours::ZERO; intervals];
        for session in &self.sessions {
            if session.connected.start > 0 {
                driven[session.connected.start - 1] += session.driven_before;
            }
        }
        driven
    }

    /// The charging ranges with overlapping ones joined, in rising order.
    ///
    /// One phase at 1.38..7.36 kW and three at 4.14..11 kW make one range 1.38..11 kW.
    pub fn joined_modes(&self) -> Vec<PowerRange> {
        let mut modes = self.modes.clone();
        modes.sort_by(|a, b| a.min.0.total_cmp(&b.min.0));
        let mut joined: Vec<PowerRange> = Vec::with_capacity(modes.len());
        for mode in modes {
            match joined.last_mut() {
                Some(last) if mode.min <= last.max => last.max = last.max.max(mode.max),
                _ => joined.push(mode),
            }
        }
        joined
    }

    /// The most power it charges with in any mode.
    pub fn max_charge(&self) -> Kilowatts {
        self.modes.iter().map(|mode| mode.max).fold(Kilowatts::ZERO, Kilowatts::max)
    }

    pub(crate) fn check(&self, intervals: usize) -> Result<(), InvalidInput> {
        in_range("capacity_kwh", self.capacity.0, 0.0, 1e6)?;
        in_range("initial_energy_kwh", self.initial_energy.0, 0.0, self.capacity.0)?;
        in_range("charge_efficiency", self.charge_efficiency, 0.01, 1.0)?;
        in_range("shortfall_price_ct_per_kwh", self.shortfall_price.0, 0.0, 1e6)?;
        for mode in &self.modes {
            mode.check("charge_kw")?;
        }
        if let Some(discharge) = &self.discharge {
            discharge.power.check("discharge_kw")?;
            in_range("discharge_efficiency", discharge.efficiency, 0.01, 1.0)?;
            in_range("wear_ct_per_kwh", discharge.wear.0, 0.0, 1e5)?;
            in_range("reserve_kwh", discharge.reserve.0, 0.0, self.capacity.0)?;
        }
        if let Some(urgent) = &self.urgent {
            in_range("min_energy_now_kwh", urgent.energy.0, 0.0, self.capacity.0)?;
            in_range("urgency_ct_per_kwh_h", urgent.price_ct_per_kwh_h, 0.0, 1e6)?;
        }
        if let Some(end) = &self.end {
            in_range("end target_kwh", end.target.0, 0.0, self.capacity.0)?;
            in_range("end_value_ct_per_kwh", end.value.0, 0.0, 1e5)?;
        }
        self.check_sessions(intervals)
    }

    fn check_sessions(&self, intervals: usize) -> Result<(), InvalidInput> {
        let mut free_from = 0;
        for (index, session) in self.sessions.iter().enumerate() {
            let field = format!("sessions[{index}]");
            let connected = &session.connected;
            let driven = session.driven_before;
            in_range(format_args!("{field} driven_kwh"), driven.0, 0.0, 1e6)?;
            if let Some(target) = session.target {
                in_range(format_args!("{field} target_kwh"), target.0, 0.0, self.capacity.0)?;
            }
            let earliest = if driven.0 > 0.0 { free_from.max(1) } else { free_from };
            if connected.start < earliest || connected.end < connected.start || connected.end > intervals {
                return Err(InvalidInput::new(
                    field,
                    format!("intervals {connected:?}"),
                    format!("must lie in {earliest}..{intervals}, after the session before it"),
                ));
            }
            let has_driven_next = self.sessions.get(index + 1).is_some_and(|next| next.driven_before.0 > 0.0);
            free_from = connected.end + usize::from(has_driven_next);
        }
        Ok(())
    }
}

impl PowerRange {
    fn check(&self, field: &str) -> Result<(), InvalidInput> {
        in_range(format_args!("min_{field}"), self.min.0, 0.0, 1e6)?;
        in_range(format_args!("max_{field}"), self.max.0, self.min.0, 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(min: f64, max: f64) -> PowerRange {
        PowerRange { min: Kilowatts(min), max: Kilowatts(max) }
    }

    #[test]
    fn overlapping_phase_modes_are_one_range_and_distant_ones_stay_apart() {
        let mut ev = Ev {
            id: "ev".into(),
            capacity: KilowattHours(60.0),
            initial_energy: KilowattHours(20.0),
            charge_efficiency: 0.9,
            modes: vec![range(4.14, 11.0), range(1.38, 7.36)],
            discharge: None,
            sessions: Vec::new(),
            shortfall_price: CentsPerKilowattHour(500.0),
            urgent: None,
            end: None,
        };
        assert_eq!(ev.joined_modes(), vec![range(1.38, 11.0)]);
        ev.modes = vec![range(4.14, 11.0), range(1.38, 3.68)];
        assert_eq!(ev.joined_modes(), vec![range(1.38, 3.68), range(4.14, 11.0)]);
    }
}
