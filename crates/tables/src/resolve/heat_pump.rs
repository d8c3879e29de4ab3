//! Heat pumps: minutes become intervals, temperatures become COPs, days become caps on starts.

use chrono_tz::Tz;
use offpeak_domain::{
    Celsius, CompressorState, HeatPump, Horizon, HotWater, KilowattHours, Kilowatts, Rooms, StartCap,
};

use super::heat_pump_curve::compression;
use super::{comfort, interval_minutes};
use crate::error::TableError;
use crate::rows::{HeatPumpRow, RoomsRow, TankRow};

/// What the heat pumps of a home share.
pub(super) struct Surroundings<'a> {
    pub(super) horizon: &'a Horizon,
    pub(super) zone: Tz,
    /// None for a home without `outdoor_id`.
    pub(super) outdoor: Option<&'a [Celsius]>,
    pub(super) gains: &'a [Kilowatts],
    pub(super) hot_water_draw: &'a [Kilowatts],
}

/// The heat pump on a horizon.
///
/// Least times are rounded up to whole intervals, the time in the present state down: both are on the safe side.
pub(super) fn heat_pump(row: &HeatPumpRow, around: &Surroundings<'_>) -> Result<HeatPump, TableError> {
    let minutes = interval_minutes(around.horizon);
    let rooms = row.rooms.as_ref().map(|rooms_row| rooms(row, rooms_row, around)).transpose()?;
    let hot_water = row.tank.as_ref().map(|tank| hot_water(row, tank, around)).transpose()?;
    Ok(HeatPump {
        id: row.id.clone(),
        rooms,
        hot_water,
        min_run: whole(f64::from(row.min_run_minutes) / minutes, f64::ceil),
        min_pause: whole(f64::from(row.min_pause_minutes) / minutes, f64::ceil),
        before: CompressorState {
            running: row.running_before,
            intervals: whole(f64::from(row.minutes_in_state) / minutes, f64::floor),
        },
        start_cost: row.start_cost,
        start_caps: start_caps(row, around),
    })
}

fn whole(intervals: f64, round: fn(f64) -> f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rounded number of at least 0"
    )]
    let whole = round(intervals) as usize;
    whole
}

/// One cap per local day; that of a day begun before the horizon holds for what is left of it.
fn start_caps(row: &HeatPumpRow, around: &Surroundings<'_>) -> Vec<StartCap> {
    let Some(most) = row.most_starts_per_day else { return Vec::new() };
    let days = around.horizon.local_day_ranges(around.zone).into_iter();
    days.map(|intervals| StartCap { intervals, most: most as usize }).collect()
}

fn rooms(pump: &HeatPumpRow, row: &RoomsRow, around: &Surroundings<'_>) -> Result<Rooms, TableError> {
    let Some(outdoor) = around.outdoor else {
        let allowed = "must be missing where the home has no outdoor_id, which rooms need";
        return Err(pump.at.column("resistance_k_per_kw", row.building.resistance().0.to_string(), allowed));
    };
    let lowest = comfort::lowest(row, around.horizon, around.zone);
    let last = lowest[around.horizon.len() - 1];
    let end_floor = row.end_floor.unwrap_or_else(|| row.initial.max(last).min(row.highest));
    Ok(Rooms {
        compression: compression(pump, row.flow, around.outdoor, around.horizon)?,
        building: row.building,
        initial: row.initial,
        outdoor: outdoor.to_vec(),
        gains: around.gains.to_vec(),
        lowest,
        highest: vec![row.highest; around.horizon.len()],
        discomfort_price: row.discomfort_price,
        backup_max: row.backup_max,
        end_floor,
        end_value_ct_per_k: row.end_value_ct_per_k,
        end_shortfall_price_ct_per_k: row.end_shortfall_price_ct_per_k,
    })
}

fn hot_water(pump: &HeatPumpRow, row: &TankRow, around: &Surroundings<'_>) -> Result<HotWater, TableError> {
    let draw = around.hot_water_draw.iter().zip(around.horizon.lengths());
    let every = |heat: KilowattHours| vec![heat; around.horizon.len()];
    Ok(HotWater {
        compression: compression(pump, row.flow, around.outdoor, around.horizon)?,
        initial: row.initial,
        loss_per_hour: row.loss_per_hour,
        draw: draw.map(|(power, length)| *power * length).collect(),
        lowest: every(row.lowest),
        highest: every(row.highest),
        discomfort_price_ct_per_kwh_h: row.discomfort_price_ct_per_kwh_h,
        heater_max: row.heater_max,
        end_floor: row.end_floor,
        end_value_ct_per_kwh: row.end_value_ct_per_kwh,
        end_shortfall_price_ct_per_kwh: row.end_shortfall_price_ct_per_kwh,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_times_are_rounded_up_and_the_time_in_a_state_down() {
        assert_eq!(whole(20.0 / 15.0, f64::ceil), 2);
        assert_eq!(whole(20.0 / 15.0, f64::floor), 1);
        assert_eq!(whole(0.0, f64::ceil), 0);
    }
}
