//! The grid connection: power balance, limits, direction, curtailment, peaks, and the money that flows there.

use good_lp::{Expression, Variable, constraint};
use offpeak_domain::{Grid, Home, Kilowatts, PeakCharge, Schedule};

use super::Part;
use super::model::{Model, Values};
use super::potential::Potential;

/// Which way power may flow at the meter, per interval, where that must be decided.
pub(crate) struct Direction(Vec<Option<Ways>>);

/// Expressions of binaries: 1 where power may flow that way, 0 where none does. At most one of them is 1.
#[derive(Clone)]
pub(crate) struct Ways {
    pub(crate) may_import: Expression,
    pub(crate) may_export: Expression,
}

impl Direction {
    pub(crate) fn of(&self, t: usize) -> Option<&Ways> {
        self.0[t].as_ref()
    }
}

pub(crate) struct GridVariables {
    curtail: Vec<Option<Variable>>,
}

/// A direction is needed only where money or a meter rule makes importing and exporting at once attractive.
pub(crate) fn add_direction(
    model: &mut Model,
    home: &Home,
    potential: &Potential,
    schedule: &Schedule,
) -> Direction {
    let rules = MeterRules::of(home);
    let needed = |t: usize| potential.crosses_zero(t) && (rules.any() || home.grid.pays_to_circulate(t));
    let intervals = 0..home.horizon.len();
    Direction(intervals.map(|t| needed(t).then(|| add_ways(model, &rules, schedule, t))).collect())
}

/// Which meter rules the stores of a home keep.
struct MeterRules {
    /// One may charge only while nothing is imported.
    no_grid_charging: bool,
    /// One may discharge only while nothing is exported.
    no_grid_export: bool,
}

impl MeterRules {
    fn of(home: &Home) -> Self {
        let discharges = home.evs.iter().filter_map(|ev| ev.discharge.as_ref());
        Self {
            no_grid_charging: home.batteries.iter().any(|battery| !battery.grid_charging),
            no_grid_export: home.batteries.iter().any(|battery| !battery.grid_export)
                || discharges.into_iter().any(|discharge| !discharge.grid_export),
        }
    }

    fn any(&self) -> bool {
        self.no_grid_charging || self.no_grid_export
    }
}

/// One binary, or two where both kinds of rule meet: a meter that stands still keeps both.
fn add_ways(model: &mut Model, rules: &MeterRules, schedule: &Schedule, t: usize) -> Ways {
    let exports = schedule.export[t] > Kilowatts::ZERO;
    if !(rules.no_grid_charging && rules.no_grid_export) {
        let importing = model.binary(!exports);
        return Ways { may_import: importing.into(), may_export: 1.0 - importing };
    }
    let may_import = model.binary(schedule.import[t] > Kilowatts::ZERO);
    let may_export = model.binary(exports);
    model.require(constraint!(may_import + may_export <= 1.0));
    Ways { may_import: may_import.into(), may_export: may_export.into() }
}

pub(super) fn add_to(model: &mut Model, part: &Part) -> GridVariables {
    let home = part.home;
    let intervals = home.horizon.len();
    let (mut imports, mut curtails) = (Vec::with_capacity(intervals), Vec::with_capacity(intervals));
    for (t, length) in home.horizon.lengths().enumerate() {
        let curtail = add_curtailment(model, part, t);
        let most_in = part.potential.most_imported(home, t);
        let most_out = part.potential.most_exported(home, t);
        let import = model.continuous(0.0, most_in, part.schedule.import[t].0);
        let export = model.continuous(0.0, most_out, part.schedule.export[t].0);
        add_balance(model, &home.grid, t, (import, export), curtail);
        if let Some(ways) = part.direction.of(t) {
            model.require(constraint!(import <= most_in * ways.may_import.clone()));
            model.require(constraint!(export <= most_out * ways.may_export.clone()));
        }
        model.cost(import, length.0 * home.grid.import_value(t).0);
        model.cost(export, -length.0 * home.grid.export_price[t].0);
        let price = length.0 * home.grid.overshoot_price.0;
        let import_limit = home.grid.import_limit[t].0;
        let export_limit = home.grid.export_limit[t].0;
        add_overshoot(model, import, import_limit, home.import_overshoot_allowed(t).0, price);
        add_overshoot(model, export, export_limit, home.export_overshoot_allowed(t).0, price);
        imports.push(import);
        curtails.push(curtail);
    }
    for charge in &home.grid.peak_charges {
        add_peak_charge(model, charge, &imports, part.schedule);
    }
    GridVariables { curtail: curtails }
}

/// `0 <= curtail[t] <= pv[t]`, only where the home can curtail
fn add_curtailment(model: &mut Model, part: &Part, t: usize) -> Option<Variable> {
    let grid = &part.home.grid;
    let possible = grid.can_curtail && grid.pv[t] > Kilowatts::ZERO;
    possible.then(|| model.continuous(0.0, grid.pv[t].0, part.schedule.setpoints.curtail[t].0))
}

/// `import[t] - export[t] = load[t] - pv[t] + curtail[t] + sum of device powers`
fn add_balance(
    model: &mut Model,
    grid: &Grid,
    t: usize,
    (import, export): (Variable, Variable),
    curtail: Option<Variable>,
) {
    let mut net = std::mem::take(&mut model.power[t]) + grid.base(t).0;
    if let Some(curtail) = curtail {
        net += curtail;
    }
    model.require(constraint!(net - import + export == 0.0));
}

/// `flow[t] <= limit[t] + overshoot[t]`, where load and generation alone may break the limit
fn add_overshoot(model: &mut Model, flow: Variable, limit: f64, allowed: f64, price: f64) {
    if allowed > 0.0 {
        let overshoot = model.continuous(0.0, allowed, allowed);
        model.require(constraint!(flow - overshoot <= limit));
        model.cost(overshoot, price);
    }
}

/// `peak >= import[t]` in the billing window; only what exceeds the peak already reached costs
fn add_peak_charge(model: &mut Model, charge: &PeakCharge, imports: &[Variable], schedule: &Schedule) {
    let reached = charge.already_reached.0;
    let start = charge.intervals.clone().map(|t| schedule.import[t].0).fold(reached, f64::max);
    let peak = model.continuous(reached, 1e7, start);
    for t in charge.intervals.clone() {
        model.require(constraint!(imports[t] <= peak));
    }
    model.cost(peak, charge.price.0);
    model.money += Expression::from(-charge.price.0 * reached);
}

impl GridVariables {
    pub(crate) fn read(&self, home: &Home, values: &Values) -> Vec<Kilowatts> {
        let pv = &home.grid.pv;
        let read = |(t, variable): (usize, &Option<Variable>)| {
            Kilowatts(variable.map_or(0.0, |variable| values.of(variable).clamp(0.0, pv[t].0)))
        };
        self.curtail.iter().enumerate().map(read).collect()
    }
}
