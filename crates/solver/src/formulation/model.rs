//! The program under construction, on the modelling API of `good_lp`.

use std::collections::HashMap;

use good_lp::solvers::highs::HighsProblem;
use good_lp::{
    Constraint, Expression, IntoAffineExpression, ProblemVariables, SolverModel, Variable,
    VariableDefinition, constraint, variable,
};

use super::ProblemSize;

/// Variables, constraints and the two expressions to minimise, one after the other.
pub(crate) struct Model {
    variables: ProblemVariables,
    constraints: Vec<Constraint>,
    columns: Vec<Column>,
    numbers: HashMap<Variable, usize>,
    /// Money and penalties, in ct.
    pub(crate) money: Expression,
    earlier: Vec<(Variable, f64)>,
    smooth: Vec<(Variable, Variable)>,
    /// Power of all devices into the home's network, per interval, in kW.
    pub(crate) power: Vec<Expression>,
}

struct Column {
    start: f64,
    integer: bool,
}

/// A solution: one value per variable.
pub(crate) struct Values<'a> {
    pub(crate) numbers: &'a HashMap<Variable, usize>,
    pub(crate) columns: &'a [f64],
}

impl Values<'_> {
    pub(crate) fn of(&self, variable: Variable) -> f64 {
        self.columns[self.numbers[&variable]]
    }

    /// Whether a binary is set.
    pub(crate) fn is_on(&self, variable: Variable) -> bool {
        self.of(variable) > 0.5
    }
}

impl Model {
    pub(crate) fn new(intervals: usize) -> Self {
        Self {
            variables: ProblemVariables::new(),
            constraints: Vec::new(),
            columns: Vec::new(),
            numbers: HashMap::new(),
            money: Expression::default(),
            earlier: Vec::new(),
            smooth: Vec::new(),
            power: vec![Expression::default(); intervals],
        }
    }

    /// A continuous variable; `start` is its value in the schedule to start from.
    pub(crate) fn continuous(&mut self, lowest: f64, highest: f64, start: f64) -> Variable {
        let highest = highest.max(lowest);
        let definition = variable().min(lowest).max(highest);
        self.add(definition, Column { start: start.clamp(lowest, highest), integer: false })
    }

    /// A binary variable that `start` says to be set or not.
    pub(crate) fn binary(&mut self, start: bool) -> Variable {
        self.binary_within(false, true, start)
    }

    /// A binary variable that may be bound to one value.
    pub(crate) fn binary_within(&mut self, lowest: bool, highest: bool, start: bool) -> Variable {
        let start = f64::from(u8::from((start || lowest) && highest));
        let (lowest, highest) = (f64::from(u8::from(lowest)), f64::from(u8::from(highest)));
        self.add(variable().integer().min(lowest).max(highest), Column { start, integer: true })
    }

    fn add(&mut self, definition: VariableDefinition, column: Column) -> Variable {
        let variable = self.variables.add(definition);
        self.numbers.insert(variable, self.columns.len());
        self.columns.push(column);
        variable
    }

    /// A variable that is fixed.
    pub(crate) fn fixed(&mut self, value: f64) -> Variable {
        self.continuous(value, value, value)
    }

    pub(crate) fn require(&mut self, constraint: Constraint) {
        self.constraints.push(constraint);
    }

    pub(crate) fn cost(&mut self, variable: Variable, ct_per_unit: f64) {
        if ct_per_unit != 0.0 {
            self.money.add_mul(ct_per_unit, variable);
        }
    }

    /// Among plans of equal money, prefers a lower sum of `weight * variable`.
    pub(crate) fn prefer_less(&mut self, variable: Variable, weight: f64) {
        self.earlier.push((variable, weight));
    }

    /// Among plans of equal money, prefers that the power does not rise from `before` to `after`.
    pub(crate) fn prefer_smooth(&mut self, before: Variable, after: Variable) {
        self.smooth.push((before, after));
    }

    pub(crate) fn size(&self) -> ProblemSize {
        ProblemSize {
            columns: self.columns.len(),
            integers: self.columns.iter().filter(|column| column.integer).count(),
            rows: self.constraints.len(),
        }
    }

    /// Hands the program over, with the constant of the money in a fixed variable.
    ///
    /// `good_lp` never passes an objective's constant to HiGHS, which would then judge its relative gap by another objective.
    pub(crate) fn finish(mut self) -> (HighsProblem, Program) {
        let constant = self.money.constant();
        let one = self.fixed(1.0);
        self.cost(one, constant);
        let number = |variable: &Variable| self.numbers[variable];
        let costs =
            (&self.money).linear_coefficients().map(|(variable, cost)| (number(&variable), cost)).collect();
        let earlier = self.earlier.iter().map(|(variable, weight)| (number(variable), *weight)).collect();
        let smooth = self.smooth.iter().map(|(before, after)| (number(before), number(after))).collect();
        let mut problem = self.variables.minimise(self.money).using(good_lp::highs);
        for constraint in self.constraints {
            problem.add_constraint(constraint);
        }
        let program = Program {
            costs,
            earlier,
            smooth,
            start: self.columns.iter().map(|column| column.start).collect(),
            integers: (0..self.columns.len()).filter(|i| self.columns[*i].integer).collect(),
            numbers: self.numbers,
        };
        (problem, program)
    }
}

/// A finished program: columns are numbered in the order they were added.
pub(crate) struct Program {
    /// Cost of each column that has one.
    pub(crate) costs: Vec<(usize, f64)>,
    /// Columns preferred small, with weights.
    pub(crate) earlier: Vec<(usize, f64)>,
    /// Pairs of columns of which the second is preferred not to exceed the first.
    pub(crate) smooth: Vec<(usize, usize)>,
    /// Value of every column to start from.
    pub(crate) start: Vec<f64>,
    /// The integer columns.
    pub(crate) integers: Vec<usize>,
    /// The column of every variable.
    pub(crate) numbers: HashMap<Variable, usize>,
}

/// `lowest * on <= power <= highest * on`
pub(crate) fn require_range(model: &mut Model, power: Variable, on: &Expression, lowest: f64, highest: f64) {
    model.require(constraint!(power <= highest * on.clone()));
    if lowest > 0.0 {
        model.require(constraint!(power >= lowest * on.clone()));
    }
}
