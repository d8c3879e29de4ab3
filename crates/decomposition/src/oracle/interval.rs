//! What the meter sees in one interval: its money, and the priced powers of every group of ports.

use crate::allowed::{Allowed, EXPORT, IDLE, IMPORT, port_bit};
use crate::interval::{Choice, Interval, Meter, MeterRule, Segment};
use crate::model::{Group, Model, Port};
use crate::prices::Prices;

/// What an interval is made of.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) model: &'a Model,
    pub(crate) prices: &'a Prices,
    pub(crate) allowed: &'a Allowed,
    /// Powers to stay near, in a search for schedules; none in a bound.
    pub(crate) lean: Option<&'a Lean>,
}

/// Powers that the followers lean to. Priced powers alone promise a store's energy to every interval at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lean {
    /// kW, `[port * T + t]`.
    pub(crate) powers: Vec<f64>,
    /// Cost in ct per kW of distance over an interval.
    pub(crate) weight: f64,
}

/// Writes interval `t` into `interval`, with every group but `pivot` as a follower.
pub(crate) fn write_interval(interval: &mut Interval, view: View, t: usize, pivot: Option<usize>) {
    let View { model, prices, allowed, .. } = view;
    interval.clear(meter(model, prices, allowed.direction(t), t));
    for (index, group) in model.groups.iter().enumerate() {
        let bits = allowed.group(index, t);
        if Some(index) != pivot && bits != IDLE {
            interval.begin_follower();
            add_modes(interval, view, group, bits, t);
        }
    }
}

fn meter(model: &Model, prices: &Prices, direction: u8, t: usize) -> Meter {
    let grid = &model.grid;
    let may = |bit: u8, most: f64| if direction & bit != 0 { most } else { 0.0 };
    Meter {
        base: grid.base[t],
        curtail_max: grid.curtail[t],
        import_slope: grid.import_slope[t] + prices.peak_slope(t),
        import_limit: may(IMPORT, grid.import_limit[t]),
        import_most: may(IMPORT, grid.import_limit[t] + grid.import_over[t]),
        import_overshoot_slope: grid.overshoot_slope[t],
        export_slope: grid.export_slope[t],
        export_limit: may(EXPORT, grid.export_limit[t]),
        export_most: may(EXPORT, grid.export_limit[t] + grid.export_over[t]),
        export_overshoot_slope: grid.overshoot_slope[t],
    }
}

fn add_modes(interval: &mut Interval, view: View, group: &Group, bits: u8, t: usize) {
    let View { model, prices, .. } = view;
    if add_as_one_range(interval, view, group, bits, t) {
        return;
    }
    if bits & IDLE != 0 {
        interval.add_mode(MeterRule::Free, &[Segment { lo: 0.0, hi: 0.0, price: 0.0 }]);
    }
    for (position, port) in group.ports.iter().enumerate() {
        if bits & port_bit(position) == 0 {
            continue;
        }
        let price = prices.port(*port)[t];
        let leant = view.lean.map(|lean| (lean.powers[port * model.intervals + t], lean.weight));
        let port = &model.ports[*port];
        for level in &group.levels {
            interval.add_mode(port.rule, &[Segment { lo: *level, hi: *level, price }]);
        }
        if group.levels.is_empty() {
            let (segments, count) = segments(port.sign, (port.least[t], port.most[t]), price, leant);
            interval.add_mode(port.rule, &segments[..count]);
        }
    }
}

/// The range of a port's power as the meter counts it and its price per kW drawn, in rising order of power; cut in two
/// where it leans to a power inside.
fn segments(
    sign: f64,
    (least, most): (f64, f64),
    price: f64,
    lean: Option<(f64, f64)>,
) -> ([Segment; 2], usize) {
    let part = |from: f64, to: f64, price: f64| {
        let (lo, hi, price) = if sign > 0.0 { (from, to, price) } else { (-to, -from, -price) };
        Segment { lo, hi, price }
    };
    let Some((to, weight)) = lean else { return ([part(least, most, price); 2], 1) };
    if to <= least || to >= most {
        let towards = if to <= least { -weight } else { weight };
        return ([part(least, most, price + towards); 2], 1);
    }
    let (near, far) = (part(least, to, price + weight), part(to, most, price - weight));
    (if sign > 0.0 { [near, far] } else { [far, near] }, 2)
}

/// Whether the whole group is one range through zero: no least power, no rule and no fixing forbids that.
fn is_one_range(model: &Model, group: &Group, bits: u8, t: usize) -> bool {
    let open = || {
        let ports = group.ports.iter().enumerate();
        ports.filter(|(at, _)| bits & port_bit(*at) != 0).map(|(_, port)| &model.ports[*port])
    };
    let plain =
        |port: &Port| port.least[t] <= 0.0 && port.rule == MeterRule::Free && port.floor == f64::NEG_INFINITY;
    let one_way = |sign: f64| open().filter(|port| port.sign * sign > 0.0).count() <= 1;
    bits & IDLE != 0 && group.levels.is_empty() && open().all(plain) && one_way(1.0) && one_way(-1.0)
}

/// Adds the whole group as one range through zero, where it is one; else false.
///
/// Where charging and discharging both attract, the interval splits the range again.
fn add_as_one_range(
    interval: &mut Interval,
    View { model, prices, lean, .. }: View,
    group: &Group,
    bits: u8,
    t: usize,
) -> bool {
    if !is_one_range(model, group, bits, t) {
        return false;
    }
    let mut joined = [Segment { lo: 0.0, hi: 0.0, price: 0.0 }; 4];
    let (mut low, mut high) = (2, 2);
    for (_, index) in group.ports.iter().enumerate().filter(|(at, _)| bits & port_bit(*at) != 0) {
        let port = &model.ports[*index];
        let leant = lean.map(|lean| (lean.powers[index * model.intervals + t], lean.weight));
        let (parts, count) = segments(port.sign, (0.0, port.most[t]), prices.port(*index)[t], leant);
        if port.sign > 0.0 {
            joined[2..2 + count].copy_from_slice(&parts[..count]);
            high += count;
        } else {
            joined[2 - count..2].copy_from_slice(&parts[..count]);
            low -= count;
        }
    }
    interval.add_mode(MeterRule::Free, &joined[low..high]);
    true
}

/// The port in use and its power, for what the follower that [`write_interval`] made of a group chose; none where it idles.
pub(super) fn port_chosen(
    model: &Model,
    group: &Group,
    (bits, t): (u8, usize),
    choice: Choice,
) -> Option<(usize, f64)> {
    let power = choice.power.abs();
    let mut open = group.ports.iter().enumerate().filter(|(at, _)| bits & port_bit(*at) != 0);
    if is_one_range(model, group, bits, t) {
        let port = open.map(|(_, port)| *port).find(|port| model.ports[*port].sign * choice.power > 0.0);
        return port.map(|port| (port, power));
    }
    // Modes come in the order in which they were added: idle, then those of every open port.
    let place = (choice.mode as usize).checked_sub(usize::from(bits & IDLE != 0))?;
    open.nth(place / group.levels.len().max(1)).map(|(_, port)| (*port, power))
}
