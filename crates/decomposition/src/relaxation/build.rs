//! The structure of the linear program and the numbers that stay.

use super::coupling::Coupling;
use super::{MeterFamilies, Relaxation, Rows};
use crate::lp::{Family, InteriorPoint, Program};
use crate::model::{Edge, Model};

/// Box of a slack or a limit that never binds, kW.
pub(crate) const LOOSE: f64 = 1e3;

impl Relaxation {
    /// The program of all that `keeps`; the ports and states of other stores are no part of it.
    pub(crate) fn of(model: &Model, keeps: impl Fn(usize) -> bool) -> Self {
        let mut states = vec![None; model.stores.len()];
        let kept = (0..states.len()).filter(|store| keeps(*store));
        let balance = kept.enumerate().map(|(row, store)| states[store] = Some(row)).count();
        let couplings = Coupling::all(model, balance + 1);
        let pairs = balance + 1 + couplings.len();
        let peaks = pairs + model.shared.len();
        let rows = Rows { balance, pairs, peaks };
        let mut program = Program::default();
        program.reset(model.intervals, balance, peaks + model.grid.peaks.len() - balance);
        let meter = add_meter(&mut program, model, rows, couplings[0].row);
        let ports = (0..model.ports.len())
            .map(|port| add_port(&mut program, model, (rows, &states, &couplings), port))
            .collect();
        add_slacks(&mut program, model, rows, (&states, &couplings));
        add_peak_rows(&mut program, model, rows);
        let mut segments = vec![Vec::new(); model.stores.len()];
        for (store, row) in states.iter().enumerate().filter_map(|(store, row)| Some((store, (*row)?))) {
            segments[store] = add_store(&mut program, model, store, row);
        }
        let mut relaxation =
            Self { program, solver: InteriorPoint::default(), meter, ports, segments, couplings, rows };
        relaxation.clear_border(model, 0);
        relaxation.write_couplings(model);
        relaxation
    }

    /// Leaves only the excesses of peaks as columns over all intervals, and `links` rows over further ones.
    pub(crate) fn clear_border(&mut self, model: &Model, links: usize) {
        self.program.clear_border(links);
        for (index, peak) in model.grid.peaks.iter().enumerate().take(Program::MOST_ROWS - 2) {
            let excess = self.program.add_border(0.0, LOOSE, peak.price.0);
            let row = self.rows.peaks + index;
            self.program.border_coef_mut(excess, row)[peak.intervals.clone()].fill(-1.0);
        }
    }

    fn write_couplings(&mut self, model: &Model) {
        for (port, family) in
            self.ports.iter().enumerate().filter_map(|(port, family)| Some((port, (*family)?)))
        {
            let own = self.couplings.iter().filter(|coupling| coupling.counts(model, port));
            for (place, coupling) in own.enumerate() {
                let shares = &coupling.shares[port * model.intervals..][..model.intervals];
                self.program.coef_mut(family, FIRST_COUPLING + place).copy_from_slice(shares);
            }
        }
    }
}

/// Place of the first coupling among the rows of a port's family: after the balance and its store.
const FIRST_COUPLING: usize = 2;

fn add_meter(program: &mut Program, model: &Model, rows: Rows, cut: usize) -> MeterFamilies {
    let grid = &model.grid;
    let mut with_cut = vec![rows.balance, cut];
    with_cut.extend((0..grid.peaks.len().min(Program::MOST_ROWS - 2)).map(|peak| rows.peaks + peak));
    let mut add = |rows: &[usize], sign: f64, cost: &dyn Fn(usize) -> f64| {
        let family = program.add_local_family(rows);
        program.coef_mut(family, 0).fill(sign);
        for (t, slot) in program.cost_mut(family).iter_mut().enumerate() {
            *slot = cost(t);
        }
        family
    };
    let import = add(&with_cut, 1.0, &|t| grid.import_slope[t]);
    let import_over = add(&with_cut, 1.0, &|t| grid.import_slope[t] + grid.overshoot_slope[t]);
    let export = add(&[rows.balance], -1.0, &|_| 0.0);
    let export_over = add(&[rows.balance], -1.0, &|_| 0.0);
    let curtail = add(&[rows.balance], -1.0, &|_| 0.0);
    for family in [import, import_over] {
        program.coef_mut(family, 1).fill(1.0);
        for (place, peak) in grid.peaks.iter().enumerate().take(with_cut.len() - 2) {
            program.coef_mut(family, 2 + place)[peak.intervals.clone()].fill(1.0);
        }
    }
    program.upper_mut(curtail).copy_from_slice(&grid.curtail);
    MeterFamilies { import, import_over, export, export_over, curtail }
}

/// The family of a port; none where its store is no part of the program. An appliance's power comes in with the load.
fn add_port(
    program: &mut Program,
    model: &Model,
    (rows, states, couplings): (Rows, &[Option<usize>], &[Coupling]),
    index: usize,
) -> Option<Family> {
    let port = &model.ports[index];
    let store = store_of(model, index)?;
    let mut touched = vec![rows.balance, states[store]?];
    touched.extend(
        couplings.iter().filter(|coupling| coupling.counts(model, index)).map(|coupling| coupling.row),
    );
    let pair = model
        .shared
        .iter()
        .position(|pair| [pair.main, pair.served].iter().any(|own| uses(model, *own, index)));
    touched.extend(pair.map(|pair| rows.pairs + pair));
    let family = program.add_local_family(&touched);
    program.coef_mut(family, 0).fill(-port.sign);
    program.cost_mut(family).copy_from_slice(&port.cost);
    write(program.coef_mut(family, 1), |t| -port.gain[t]);
    if pair.is_some() {
        write(program.coef_mut(family, touched.len() - 1), |t| 1.0 / port.most[t]);
    }
    Some(family)
}

fn write(slots: &mut [f64], value: impl Fn(usize) -> f64) {
    slots.iter_mut().enumerate().for_each(|(t, slot)| *slot = value(t));
}

/// The store that a port moves, if any.
fn store_of(model: &Model, port: usize) -> Option<usize> {
    (0..model.stores.len())
        .find(|store| model.stores[*store].heater == Some(port) || uses(model, *store, port))
}

/// Whether the automaton of `store` uses `port`.
fn uses(model: &Model, store: usize, port: usize) -> bool {
    model.stores[store].ports().any(|own| own == port)
}

/// Slacks of the couplings and of the shared compressors.
fn add_slacks(
    program: &mut Program,
    model: &Model,
    rows: Rows,
    (states, couplings): (&[Option<usize>], &[Coupling]),
) {
    for coupling in couplings {
        let slack = program.add_local_family(&[coupling.row]);
        let (sign, most) = if coupling.is_rule() { (1.0, 1.0) } else { (-1.0, LOOSE) };
        program.coef_mut(slack, 0).fill(sign);
        program.upper_mut(slack).fill(most);
        program.rhs_mut(coupling.row).fill(if coupling.is_rule() { 1.0 } else { 0.0 });
    }
    for (pair, shared) in model.shared.iter().enumerate() {
        let free = program.add_local_family(&[rows.pairs + pair]);
        program.coef_mut(free, 0).fill(1.0);
        // As columns, each interval that one sink takes is one that the other gives: a row with no slack. With slack, the
        // compressor could bridge a pause at no power by serving a sink that takes nothing.
        let capacity = if states[shared.main].is_some() { 1.0 } else { 0.0 };
        program.upper_mut(free).fill(capacity);
        program.rhs_mut(rows.pairs + pair).fill(capacity);
    }
}

/// `import + slack = peak already reached + excess` in each window; the excess is a column over all intervals.
fn add_peak_rows(program: &mut Program, model: &Model, rows: Rows) {
    for (index, peak) in model.grid.peaks.iter().enumerate().take(Program::MOST_ROWS - 2) {
        let row = rows.peaks + index;
        let slack = program.add_local_family(&[row]);
        program.coef_mut(slack, 0)[peak.intervals.clone()].fill(1.0);
        program.upper_mut(slack)[peak.intervals.clone()].fill(LOOSE);
        program.rhs_mut(row)[peak.intervals.clone()].fill(peak.already_reached.0);
    }
}

/// The state of a store as low end plus segments of rising slope, which follows its convex wishes exactly.
fn add_store(program: &mut Program, model: &Model, index: usize, row: usize) -> Vec<Family> {
    let store = &model.stores[index].store;
    let segments: Vec<Vec<(f64, f64)>> = store.edges.iter().map(segments).collect();
    let most = segments.iter().map(Vec::len).max().unwrap_or(0);
    let mut families = Vec::with_capacity(most);
    for place in 0..most {
        let family = program.add_state_family(row, 1.0);
        for (t, segments) in segments.iter().enumerate() {
            let (length, slope) = segments.get(place).copied().unwrap_or((0.0, 0.0));
            program.upper_mut(family)[t] = length;
            program.cost_mut(family)[t] = slope;
        }
        families.push(family);
    }
    program.decay_mut(row).copy_from_slice(&store.decay);
    let mut before = store.initial;
    for (t, edge) in store.edges.iter().enumerate() {
        program.rhs_mut(row)[t] = store.decay[t] * before + store.drift[t] - edge.low;
        before = edge.low;
    }
    if store.edges.iter().any(|edge| edge.lift_price.is_some()) {
        let lift = program.add_local_family(&[row]);
        program.coef_mut(lift, 0).fill(-1.0);
        for (t, price) in store.edges.iter().enumerate().filter_map(|(t, edge)| Some((t, edge.lift_price?))) {
            program.upper_mut(lift)[t] = -store.drift[t];
            program.cost_mut(lift)[t] = price;
        }
    }
    families
}

/// `(length, slope)` of the parts of an edge's cost between its low and high end.
fn segments(edge: &Edge) -> Vec<(f64, f64)> {
    let mut at: Vec<f64> = edge.hinges.iter().map(|hinge| hinge.at).collect();
    at.retain(|at| *at > edge.low && *at < edge.high);
    at.sort_by(f64::total_cmp);
    at.dedup();
    at.push(edge.high);
    let mut from = edge.low;
    let mut parts = Vec::with_capacity(at.len());
    for to in at {
        let middle = f64::midpoint(from, to);
        let slope = |hinge: &crate::model::Hinge| if middle < hinge.at { -hinge.below } else { hinge.above };
        parts.push((to - from, edge.hinges.iter().map(slope).sum()));
        from = to;
    }
    parts
}
