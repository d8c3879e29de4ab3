//! Electric vehicles: sessions first, then what follows from them and the prices.

use offpeak_domain::{Ev, Grid, Horizon};

use super::ev_end;
use super::ev_sessions::sessions;
use crate::error::TableError;
use crate::rows::{EvRow, SessionRow};

/// The EV on a horizon, with those of the home's sessions that are its own.
pub(super) fn ev<'a>(
    row: &EvRow,
    all_sessions: impl Iterator<Item = &'a SessionRow>,
    grid: &Grid,
    horizon: &Horizon,
) -> Result<Ev, TableError> {
    let own: Vec<&SessionRow> = all_sessions.filter(|session| session.ev_id == row.ev.id).collect();
    let capacity = row.ev.capacity;
    if let Some(session) = own.iter().find(|session| session.target > capacity) {
        let allowed = format!("must be at most {}, the capacity of the car in kWh", capacity.0);
        return Err(session.at.column("target_kwh", session.target.0.to_string(), allowed));
    }
    let found = sessions(own, horizon)?;
    let mut ev = Ev { sessions: found.sessions, ..row.ev.clone() };
    ev.end = found.target_after.map(|target| ev_end::end(&ev, target, row.end_value, grid, horizon));
    ev.urgent = row.min_energy_now.map(|energy| ev_end::urgent(&ev, energy, grid, horizon));
    Ok(ev)
}
