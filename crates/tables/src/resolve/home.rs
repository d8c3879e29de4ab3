//! A home on a horizon, from its rows, its series and its prices.

use std::collections::BTreeSet;

use offpeak_domain::{Celsius, Co2, GramsPerKilowattHour, Grid, Home, HomeSpec, Horizon, Prices};

use super::heat_pump::{Surroundings, heat_pump};
use super::{appliance, battery, dimming, ev, grid};
use crate::error::{At, TableError};
use crate::home_series::HomeSeries;
use crate::rows::{ApplianceRow, BatteryRow, DimmingRow, EvRow, HeatPumpRow, HomeRow, SessionRow};

/// All that is known of a home on a horizon.
pub(crate) struct HomeParts<'a> {
    pub(crate) id: &'a str,
    pub(crate) row: &'a HomeRow,
    pub(crate) horizon: Horizon,
    pub(crate) prices: &'a Prices,
    /// Per interval, in °C; none for a home without `outdoor_id`.
    pub(crate) outdoor: Option<Vec<f64>>,
    /// Per interval, in g/kWh; none where carbon does not count.
    pub(crate) co2: Option<Vec<f64>>,
    pub(crate) series: HomeSeries,
    pub(crate) batteries: Vec<&'a BatteryRow>,
    pub(crate) evs: Vec<&'a EvRow>,
    pub(crate) sessions: Vec<&'a SessionRow>,
    pub(crate) heat_pumps: Vec<&'a HeatPumpRow>,
    pub(crate) appliances: Vec<&'a ApplianceRow>,
    pub(crate) dimming: Vec<&'a DimmingRow>,
}

/// The home, and notes on what of its rows is not in the plan.
///
/// # Errors
/// Every [`TableError`] that is found, at least one.
pub(crate) fn resolve_home(parts: HomeParts<'_>) -> Result<(Home, Vec<String>), Vec<TableError>> {
    let mut errors = Vec::new();
    check_references(&parts, &mut errors);
    let mut notes = Vec::new();
    let grid = connection(&parts);
    let horizon = &parts.horizon;
    let outdoor: Option<Vec<Celsius>> =
        parts.outdoor.as_ref().map(|values| values.iter().copied().map(Celsius).collect());
    let around = Surroundings {
        horizon,
        zone: parts.row.zone,
        outdoor: outdoor.as_deref(),
        gains: &parts.series.gains,
        hot_water_draw: &parts.series.hot_water_draw,
    };
    let mut keep = |error| errors.push(error);
    let evs = parts.evs.iter().map(|row| ev::ev(row, parts.sessions.iter().copied(), &grid, horizon));
    let evs = evs.filter_map(|ev| ev.map_err(&mut keep).ok()).collect();
    let heat_pumps = parts.heat_pumps.iter().map(|row| heat_pump(row, &around));
    let heat_pumps = heat_pumps.filter_map(|pump| pump.map_err(&mut keep).ok()).collect();
    let appliances = parts.appliances.iter().map(|row| appliance::appliance(row, horizon));
    let appliances = appliances.filter_map(|run| run.map_err(|note| notes.push(note)).ok()).collect();
    note_unused_heat(&parts, &mut notes);
    if !errors.is_empty() {
        return Err(errors);
    }
    let spec = HomeSpec {
        id: parts.id.to_owned(),
        time_zone: parts.row.zone,
        batteries: parts.batteries.iter().map(|row| battery::battery(row, horizon)).collect(),
        grid,
        evs,
        heat_pumps,
        appliances,
        horizon: parts.horizon,
    };
    let home = Home::new(spec)
        .map_err(|error| vec![parts.row.at.column(&error.field, error.found, error.allowed)])?;
    Ok((home, notes))
}

fn connection(parts: &HomeParts<'_>) -> Grid {
    let HomeParts { row, horizon, series, prices, .. } = parts;
    let co2 = row.co2.as_ref().zip(parts.co2.as_ref()).map(|(wish, values)| Co2 {
        intensity: values.iter().copied().map(GramsPerKilowattHour).collect(),
        weight: wish.weight,
    });
    Grid {
        load: series.load.clone(),
        pv: series.pv.clone(),
        can_curtail: row.can_curtail,
        import_price: prices.import.clone(),
        export_price: prices.export.clone(),
        import_limit: dimming::import_limits(
            horizon,
            &series.load,
            &series.pv,
            row.import_limit,
            &parts.dimming,
        ),
        export_limit: vec![row.export_limit; horizon.len()],
        overshoot_price: row.overshoot_price,
        peak_charges: row
            .peak
            .as_ref()
            .map(|peak| grid::peak_charges(peak, horizon, row.zone))
            .unwrap_or_default(),
        co2,
    }
}

/// Ids used twice, sessions of no car, and heat that two pumps would both claim.
fn check_references(parts: &HomeParts<'_>, errors: &mut Vec<TableError>) {
    let evs = parts.evs.iter().map(|row| (&row.at, "ev_id", row.ev.id.as_str()));
    let batteries = parts.batteries.iter().map(|row| (&row.at, "battery_id", row.battery.id.as_str()));
    let pumps = parts.heat_pumps.iter().map(|row| (&row.at, "heat_pump_id", row.id.as_str()));
    let appliances = parts.appliances.iter().map(|row| (&row.at, "appliance_id", row.id.as_str()));
    let mut ids = BTreeSet::new();
    for (at, column, id) in batteries.chain(evs).chain(pumps).chain(appliances) {
        if !ids.insert(id) {
            errors.push(at.column(column, id, "must not be the id of another device of the home"));
        }
    }
    for session in &parts.sessions {
        if !parts.evs.iter().any(|row| row.ev.id == session.ev_id) {
            let allowed = "must be an EV of the home in the table `evs`";
            errors.push(session.at.column("ev_id", session.ev_id.as_str(), allowed));
        }
    }
    let heats = |at: &At, column: &str| {
        at.column(column, "a second one", "must be there once in a home: series give heat per home")
    };
    let rooms = parts.heat_pumps.iter().filter(|row| row.rooms.is_some()).skip(1);
    errors.extend(rooms.map(|row| heats(&row.at, "resistance_k_per_kw")));
    let tanks = parts.heat_pumps.iter().filter(|row| row.tank.is_some()).skip(1);
    errors.extend(tanks.map(|row| heats(&row.at, "tank_highest_kwh")));
}

/// Heat in the series that no heat pump of the home has to do with.
fn note_unused_heat(parts: &HomeParts<'_>, notes: &mut Vec<String>) {
    let drawn = parts.series.hot_water_draw.iter().any(|power| power.0 > 0.0);
    if drawn && parts.heat_pumps.iter().all(|row| row.tank.is_none()) {
        notes.push("hot_water_draw_kw is not used: no heat pump of the home has a tank".to_owned());
    }
}
