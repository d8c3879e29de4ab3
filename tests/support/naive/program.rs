//! The program while it grows: variables, rows, money, and the power of the devices added so far.

use good_lp::solvers::highs::HighsProblem;
use good_lp::{Constraint, Expression, ProblemVariables, SolverModel, Variable, constraint, variable};
use offpeak_domain::{Home, Kilowatts};

pub(super) struct Program {
    variables: ProblemVariables,
    rows: Vec<Constraint>,
    money: Expression,
    /// Power into the devices less power out of them, in kW per interval.
    pub(super) power: Vec<Expression>,
    /// Binaries: whether anything may be imported, per interval.
    pub(super) importing: Vec<Variable>,
    /// Binaries: whether anything may be exported, per interval.
    pub(super) exporting: Vec<Variable>,
    /// More than any power of this home can be, in kW.
    pub(super) big: f64,
}

impl Program {
    pub(super) fn new(home: &Home) -> Self {
        let intervals = home.horizon.len();
        let mut program = Self {
            variables: ProblemVariables::new(),
            rows: Vec::new(),
            money: Expression::default(),
            power: vec![Expression::default(); intervals],
            importing: Vec::new(),
            exporting: Vec::new(),
            big: everything_at_once(home),
        };
        program.importing = (0..intervals).map(|_| program.binary()).collect();
        program.exporting = (0..intervals).map(|_| program.binary()).collect();
        program
    }

    /// A variable of any value.
    pub(super) fn free(&mut self) -> Variable {
        self.variables.add(variable())
    }

    /// A variable of at least 0.
    pub(super) fn positive(&mut self) -> Variable {
        self.variables.add(variable().min(0.0))
    }

    pub(super) fn binary(&mut self) -> Variable {
        self.variables.add(variable().binary())
    }

    /// A power that is 0, or within `lowest` and `highest` kW while `on` is set.
    pub(super) fn switched(&mut self, on: Variable, lowest: Kilowatts, highest: Kilowatts) -> Variable {
        let power = self.positive();
        self.require(constraint!(power >= lowest.0 * on));
        self.require(constraint!(power <= highest.0 * on));
        power
    }

    pub(super) fn require(&mut self, row: Constraint) {
        self.rows.push(row);
    }

    /// `ct` for every unit of `variable`.
    pub(super) fn pay(&mut self, ct: f64, variable: Variable) {
        self.money.add_mul(ct, variable);
    }

    /// `ct` for every unit by which `reached` stays below `wished`.
    pub(super) fn pay_missing(&mut self, ct: f64, reached: Variable, wished: f64) {
        let missing = self.positive();
        self.require(constraint!(reached + missing >= wished));
        self.pay(ct, missing);
    }

    /// What `last` is above `floor` is worth `value` per unit, what it is below costs `price`.
    pub(super) fn pay_end(&mut self, last: Variable, floor: f64, value: f64, price: f64) {
        let (above, below) = (self.positive(), self.positive());
        self.require(constraint!(last - floor == above - below));
        self.pay(-value, above);
        self.pay(price, below);
    }

    /// Hands the program over.
    pub(super) fn finish(self) -> HighsProblem {
        let mut problem = self.variables.minimise(self.money).using(good_lp::highs);
        for row in self.rows {
            problem.add_constraint(row);
        }
        problem
    }
}

/// Load, generation and all devices at their highest power, in kW.
fn everything_at_once(home: &Home) -> f64 {
    let batteries = home.batteries.iter().map(|one| highest(&one.max_charge) + highest(&one.max_discharge));
    let evs = home.evs.iter().flat_map(|ev| {
        let charging = ev.modes.iter().map(|mode| mode.max.0);
        charging.chain(ev.discharge.iter().map(|discharge| discharge.power.max.0))
    });
    let compressors =
        home.heat_pumps.iter().flat_map(|pump| pump.compressions().map(|one| highest(&one.max_power)));
    let heaters = home.heat_pumps.iter().map(|pump| {
        let backup = pump.rooms.as_ref().map_or(0.0, |rooms| rooms.backup_max.0);
        backup + pump.hot_water.as_ref().map_or(0.0, |water| water.heater_max.0)
    });
    let appliances = home.appliances.iter().map(|one| highest(&one.profile));
    let devices: f64 = batteries.chain(evs).chain(compressors).chain(heaters).chain(appliances).sum();
    highest(&home.grid.load) + highest(&home.grid.pv) + devices
}

fn highest(powers: &[Kilowatts]) -> f64 {
    powers.iter().map(|power| power.0).fold(0.0, f64::max)
}
