//! The true home: what becomes of wishes for one interval when load, sun, weather and cars are what they are.
//!
//! The grid connection is shared out in a fixed order: runs of appliances, heat pumps, cars, batteries, each in the order of the
//! home. Whoever finds no room draws less or nothing. Two device rules come before price: a car charges when it would otherwise
//! miss the energy that its driver asked for, and, where a policy relies on it, a heat pump's own thermostat keeps the
//! comfort band (see [`Wishes::guarded`]). Batteries follow the meter within limits (see [`Following`]).

mod appliance;
mod battery;
mod ev;
mod following;
mod heat_pump;
mod meter;

use offpeak_domain::{Home, InvalidInput, Kilowatts, Prices, Schedule, Setpoints, StorePower};

use crate::outlook::Truth;
use crate::span::Span;
use crate::state::State;
use crate::window::{Frame, cut};

pub use following::Following;

/// What a policy wants for one interval.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wishes {
    /// Power of each device in the one interval; of batteries what is foreseen, see `batteries`. The part on appliances is empty,
    /// see `runs`.
    pub setpoints: Setpoints,
    /// Appliances of the span that should begin, or go on where they may pause.
    pub runs: Vec<usize>,
    /// How each battery follows the meter.
    pub batteries: Vec<Following>,
    /// Whether what would be fed in is thrown away beyond the curtailment wished for, where the home can.
    pub no_export: bool,
    /// Whether the heat pumps' own thermostats guard the comfort bands.
    pub guarded: bool,
}

/// What really happened in one interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// Powers, meter and states of the interval; without appliances, which count as its load.
    pub schedule: Schedule,
    /// Which appliances of the span ran, and with which part of their profiles.
    pub runs: Vec<(usize, usize)>,
}

/// Applies `wishes` to the interval that comes next, and moves `state` on.
pub(crate) fn step(
    span: &Span,
    prices: &Prices,
    state: &mut State,
    wishes: &Wishes,
) -> Result<Applied, InvalidInput> {
    let t = state.now;
    let runs = appliance::choose(span, state, &wishes.runs);
    let drawn: Kilowatts =
        runs.iter().map(|(index, part)| span.home().appliances[*index].profile[*part]).sum();
    let frame = Frame { span, state, range: t..t + 1 };
    let home = cut(&frame, &Truth { span, prices }, Vec::new(), &|_| drawn)?;
    let setpoints = feasible(&home, span, state, wishes);
    let schedule = Schedule::settle(&home, setpoints);
    appliance::advance(span, state, &runs);
    state.advance(span, &schedule);
    Ok(Applied { schedule, runs })
}

/// The setpoints nearest to the wishes that the home of one interval can follow.
fn feasible(home: &Home, span: &Span, state: &State, wishes: &Wishes) -> Setpoints {
    let mut setpoints = Setpoints::idle(home);
    let mut room = Room::beside_load(home);
    for (index, pump) in home.heat_pumps.iter().enumerate() {
        room.free += pump.forced_power(0);
        let wish = &wishes.setpoints.heat_pumps[index];
        let power = heat_pump::follow(home, index, wish, wishes.guarded, room.free);
        room.free -= power.total(0);
        setpoints.heat_pumps[index] = power;
    }
    for (index, ev) in home.evs.iter().enumerate() {
        let wish = &wishes.setpoints.evs[index];
        let owed = ev::owed(span, index, state);
        let power = ev::follow(ev, wish, owed, home.horizon.length(0), room.free);
        room.free += power.discharge[0] - power.charge[0];
        setpoints.evs[index] = power;
    }
    // A battery leaves to those after it what they are foreseen to do.
    setpoints.batteries.clone_from(&wishes.setpoints.batteries);
    for (index, one) in home.batteries.iter().enumerate() {
        setpoints.batteries[index] = store_power(Kilowatts::ZERO, Kilowatts::ZERO);
        let wish = battery::Wish {
            following: wishes.batteries[index],
            net: home.grid.base(0) + setpoints.device_power(0),
            free: room.free,
            left_today: span.calendar().days()[span.calendar().day_of(state.now)].intervals.end
                - state.now
                - 1,
        };
        let power = battery::follow(one, &wish, home.horizon.length(0));
        room.free += power.discharge[0] - power.charge[0];
        setpoints.batteries[index] = power;
    }
    meter::keep_rules(home, wishes, &mut setpoints);
    setpoints
}

/// Power that devices may still draw in the one interval.
struct Room {
    free: Kilowatts,
}

impl Room {
    /// Beside load and generation, with what compressors must draw set apart.
    fn beside_load(home: &Home) -> Self {
        let limit = home.grid.import_limit[0] + home.import_overshoot_allowed(0);
        let forced: Kilowatts = home.heat_pumps.iter().map(|pump| pump.forced_power(0)).sum();
        Self { free: limit - home.grid.base(0) - forced }
    }
}

/// Charge and discharge of the one interval.
fn single(power: &StorePower) -> (Kilowatts, Kilowatts) {
    let first = |powers: &[Kilowatts]| powers.first().copied().unwrap_or_default();
    (first(&power.charge), first(&power.discharge))
}

/// One interval of charging or discharging.
fn store_power(charge: Kilowatts, discharge: Kilowatts) -> StorePower {
    StorePower { charge: vec![charge], discharge: vec![discharge] }
}

/// `power` if it is at least `least`, else 0; what rounding took from the least power is given back.
fn at_least_or_off(power: Kilowatts, least: Kilowatts) -> Kilowatts {
    if power > Kilowatts::ZERO && power + ROUNDING >= least { power.max(least) } else { Kilowatts::ZERO }
}

/// How far a power may lie below a least power by rounding alone.
const ROUNDING: Kilowatts = Kilowatts(1e-7);
