//! The optimum of a home in which some optimum lies on whole numbers, by dynamic programming.
//!
//! With all powers, capacities, targets and draws whole multiples of one unit, and no losses that differ between
//! devices, the choice of powers is a flow in a network once every on/off, mode and direction is fixed: a cheapest
//! flow is whole where its limits are. So nothing is lost by looking at whole numbers only.

#![expect(clippy::float_cmp, reason = "a loss that is meant to be none is exactly none")]

use std::collections::BTreeMap;

use offpeak_domain::{Battery, Ev, HeatPump, Home, HotWater};

use crate::grid_cost::{Asked, cheapest};

/// All that the past means for the future of a device.
type State = [i32; 4];

/// What a device can do in one interval.
struct Move {
    next: State,
    /// Net power, in units.
    power: i32,
    /// What it costs apart from the meter, in ct.
    cost: f64,
    forbids_import: bool,
    forbids_export: bool,
}

/// A device on a grid of whole numbers.
trait Machine {
    fn start(&self) -> State;
    fn moves(&self, t: usize, state: State) -> Vec<Move>;
    fn end_cost(&self, state: State) -> f64;
}

/// The unit of power, in kW.
pub(crate) const UNIT: f64 = 0.5;

/// The least objective of `home`, in ct; it has at most two devices.
pub(crate) fn optimum(home: &Home) -> f64 {
    assert!(home.grid.peak_charges.is_empty() && home.appliances.is_empty(), "not on this grid");
    let hours = home.horizon.length(0).0;
    let mut machines: Vec<Box<dyn Machine + '_>> = Vec::new();
    for battery in &home.batteries {
        machines.push(Box::new(BatteryGrid { battery, hours }));
    }
    for ev in &home.evs {
        machines.push(Box::new(EvGrid { ev, hours, intervals: home.horizon.len() }));
    }
    for pump in &home.heat_pumps {
        let water = pump.hot_water.as_ref().expect("a pump on this grid heats water");
        machines.push(Box::new(PumpGrid { pump, water, hours }));
    }
    match machines.as_slice() {
        [one] => cheapest_course(home, one.as_ref(), &Absent),
        [one, other] => cheapest_course(home, one.as_ref(), other.as_ref()),
        _ => panic!("one or two devices"),
    }
}

fn cheapest_course(home: &Home, one: &dyn Machine, other: &dyn Machine) -> f64 {
    let mut costs = BTreeMap::from([((one.start(), other.start()), 0.0)]);
    for t in 0..home.horizon.len() {
        let mut next = BTreeMap::new();
        let mut meter = BTreeMap::new();
        for ((state, other_state), so_far) in costs {
            let other_moves = other.moves(t, other_state);
            for first in one.moves(t, state) {
                for second in &other_moves {
                    let forbids_import = first.forbids_import || second.forbids_import;
                    let forbids_export = first.forbids_export || second.forbids_export;
                    let units = first.power + second.power;
                    let charged =
                        *meter.entry((units, forbids_import, forbids_export)).or_insert_with(|| {
                            let power = f64::from(units) * UNIT;
                            cheapest(home, t, Asked { power, forbids_import, forbids_export })
                        });
                    let Some((charged, _)) = charged else { continue };
                    let cost = so_far + first.cost + second.cost + charged;
                    let least = next.entry((first.next, second.next)).or_insert(f64::INFINITY);
                    *least = cost.min(*least);
                }
            }
        }
        costs = next;
    }
    let ends = costs
        .into_iter()
        .map(|((state, other_state), cost)| cost + one.end_cost(state) + other.end_cost(other_state));
    ends.fold(f64::INFINITY, f64::min)
}

/// `value` in whole `unit`s.
#[expect(clippy::cast_possible_truncation, reason = "checked to be small and whole")]
fn whole(value: f64, unit: f64) -> i32 {
    let count = (value / unit).round();
    assert!(
        (value / unit - count).abs() < 1e-6 && count.abs() < 1e6,
        "{value} is no whole multiple of {unit}"
    );
    count as i32
}

fn below(level: f64, floor: f64) -> f64 {
    (floor - level).max(0.0)
}

struct Absent;

impl Machine for Absent {
    fn start(&self) -> State {
        [0; 4]
    }

    fn moves(&self, _t: usize, next: State) -> Vec<Move> {
        vec![Move { next, power: 0, cost: 0.0, forbids_import: false, forbids_export: false }]
    }

    fn end_cost(&self, _state: State) -> f64 {
        0.0
    }
}

/// State: stored energy.
struct BatteryGrid<'a> {
    battery: &'a Battery,
    hours: f64,
}

impl Machine for BatteryGrid<'_> {
    fn start(&self) -> State {
        let one = self.battery;
        let losses =
            [one.charge_efficiency - 1.0, one.discharge_efficiency - 1.0, one.self_discharge_per_hour];
        assert!(losses.iter().all(|loss| *loss == 0.0) && one.initial_stored >= one.min_stored);
        [whole(one.initial_stored.0, UNIT * self.hours), 0, 0, 0]
    }

    fn moves(&self, t: usize, [stored, ..]: State) -> Vec<Move> {
        let one = self.battery;
        let least = whole(one.min_stored.0, UNIT * self.hours);
        let most = whole(one.max_stored.0, UNIT * self.hours);
        let charge = whole(one.min_charge.0, UNIT).max(1)..=whole(one.max_charge[t].0, UNIT);
        let discharge = whole(one.min_discharge.0, UNIT).max(1)..=whole(one.max_discharge[t].0, UNIT);
        let powers = discharge.map(|power| -power).chain([0]).chain(charge);
        powers
            .filter(|power| (least..=most).contains(&(stored + power)))
            .map(|power| Move {
                next: [stored + power, 0, 0, 0],
                power,
                cost: f64::from((-power).max(0)) * UNIT * self.hours * one.wear.0,
                forbids_import: power > 0 && !one.grid_charging,
                forbids_export: power < 0 && !one.grid_export,
            })
            .collect()
    }

    fn end_cost(&self, [stored, ..]: State) -> f64 {
        let (stored, floor) = (f64::from(stored) * UNIT * self.hours, self.battery.end_floor.0);
        below(stored, floor) * self.battery.end_shortfall_price.0
            - below(floor, stored) * self.battery.end_value.0
    }
}

/// State: energy, in units of what a unit of power adds in an interval.
struct EvGrid<'a> {
    ev: &'a Ev,
    hours: f64,
    intervals: usize,
}

impl EvGrid<'_> {
    fn unit(&self) -> f64 {
        UNIT * self.hours * self.ev.charge_efficiency
    }

    /// What is due at edge `t`: departures, and the worth of the energy at the last edge.
    fn due(&self, t: usize, energy: f64) -> f64 {
        let departs = self.ev.sessions.iter().filter(|session| session.connected.end == t);
        let missing: f64 = departs.filter_map(|session| Some(below(energy, session.target?.0))).sum();
        let end = self.ev.end.as_ref().filter(|_| t == self.intervals);
        missing * self.ev.shortfall_price.0 - end.map_or(0.0, |end| energy.min(end.target.0) * end.value.0)
    }
}

impl Machine for EvGrid<'_> {
    fn start(&self) -> State {
        let lossless = |efficiency: f64| efficiency == 1.0 && self.ev.charge_efficiency == 1.0;
        assert!(self.ev.discharge.as_ref().is_none_or(|rules| lossless(rules.efficiency)));
        [whole(self.ev.initial_energy.0, self.unit()), 0, 0, 0]
    }

    fn moves(&self, t: usize, [energy, ..]: State) -> Vec<Move> {
        let most = whole(self.ev.capacity.0, self.unit());
        let connected = self.ev.sessions.iter().any(|session| session.connected.contains(&t));
        let mut powers = vec![0];
        if connected {
            for mode in &self.ev.modes {
                powers.extend(whole(mode.min.0, UNIT).max(1)..=whole(mode.max.0, UNIT));
            }
            if let Some(rules) = &self.ev.discharge {
                let reserve = whole(rules.reserve.0, self.unit());
                let range = whole(rules.power.min.0, UNIT).max(1)..=whole(rules.power.max.0, UNIT);
                powers.extend(range.filter(|power| energy - power >= reserve).map(|power| -power));
            }
        }
        let reachable = powers.into_iter().filter(|power| (0..=most).contains(&(energy + power)));
        reachable
            .map(|power| {
                let mut next = energy + power;
                let discharged = f64::from((-power).max(0)) * UNIT * self.hours;
                let rules = self.ev.discharge.as_ref();
                let mut cost = discharged * rules.map_or(0.0, |rules| rules.wear.0);
                for session in self.ev.sessions.iter().filter(|session| session.connected.start == t + 1) {
                    let driven = whole(session.driven_before.0, self.unit());
                    cost += f64::from((driven - next).max(0)) * self.unit() * self.ev.shortfall_price.0;
                    next = (next - driven).max(0);
                }
                let held = f64::from(next) * self.unit();
                if let (Some(urgent), true) = (&self.ev.urgent, connected) {
                    cost += self.hours * below(held, urgent.energy.0) * urgent.price_ct_per_kwh_h;
                }
                Move {
                    next: [next, 0, 0, 0],
                    power,
                    cost: cost + self.due(t + 1, held),
                    forbids_import: false,
                    forbids_export: power < 0 && rules.is_some_and(|rules| !rules.grid_export),
                }
            })
            .collect()
    }

    fn end_cost(&self, _state: State) -> f64 {
        0.0
    }
}

/// State: stored heat in units of what a unit of power adds in an interval, whether the compressor runs, for how many
/// intervals it has done so, and its starts.
struct PumpGrid<'a> {
    pump: &'a HeatPump,
    water: &'a HotWater,
    hours: f64,
}

impl PumpGrid<'_> {
    fn unit(&self) -> f64 {
        UNIT * self.hours * self.water.compression.cop[0]
    }

    fn lasted(&self, intervals: usize) -> i32 {
        // Longer than any rule looks back means nothing more.
        i32::try_from(intervals.min(self.pump.min_run.max(self.pump.min_pause))).expect("few")
    }
}

impl Machine for PumpGrid<'_> {
    fn start(&self) -> State {
        let water = self.water;
        let one_cop = water.compression.cop.iter().all(|cop| *cop == water.compression.cop[0]);
        assert!(
            one_cop && water.loss_per_hour == 0.0 && water.heater_max.0 == 0.0 && self.pump.rooms.is_none()
        );
        let before = self.pump.before;
        [whole(water.initial.0, self.unit()), i32::from(before.running), self.lasted(before.intervals), 0]
    }

    fn moves(&self, t: usize, [stored, running, lasted, starts]: State) -> Vec<Move> {
        let (pump, water) = (self.pump, self.water);
        let least = if running == 1 { pump.min_run } else { pump.min_pause };
        let may_switch = lasted >= self.lasted(least);
        let on =
            whole(water.compression.min_power[t].0, UNIT)..=whole(water.compression.max_power[t].0, UNIT);
        let mut moves = Vec::new();
        for power in std::iter::once(0).chain(on) {
            let runs = i32::from(power > 0);
            let started = i32::from(runs == 1 && running == 0);
            let over_cap = pump.start_caps.iter().any(|cap| {
                assert!(cap.intervals.start == 0, "starts are counted from the first interval");
                started == 1 && cap.intervals.contains(&t) && starts >= i32::try_from(cap.most).expect("few")
            });
            if over_cap || (runs != running && !may_switch) {
                continue;
            }
            let next = stored + power - whole(water.draw[t].0, self.unit());
            let held = f64::from(next) * self.unit();
            let outside = below(held, water.lowest[t].0) + below(water.highest[t].0, held);
            let so_long = if runs == running { usize::try_from(lasted).expect("a count") + 1 } else { 1 };
            moves.push(Move {
                next: [next, runs, self.lasted(so_long), starts + started],
                power,
                cost: f64::from(started) * pump.start_cost.0
                    + self.hours * outside * water.discomfort_price_ct_per_kwh_h,
                forbids_import: false,
                forbids_export: false,
            });
        }
        moves
    }

    fn end_cost(&self, [stored, ..]: State) -> f64 {
        let (held, floor) = (f64::from(stored) * self.unit(), self.water.end_floor.0);
        below(held, floor) * self.water.end_shortfall_price_ct_per_kwh
            - below(floor, held) * self.water.end_value_ct_per_kwh
    }
}
