//! The data of a program: structure of arrays, one slice per family or row and quantity.

use super::lanes::padded;

/// One family of columns of a [`Program`], in order of addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Family(pub(super) usize);

/// What the columns of a family touch.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Column `t` touches these rows of interval `t`; the coefficients start at `first` (in strides).
    Local { rows: [usize; Program::MOST_ROWS], count: usize, first: usize },
    /// Column `t` is a part of state `state` at edge `t + 1`.
    State { state: usize, sign: f64 },
}

/// A linear or separable convex quadratic program over `T` intervals.
///
/// Rows of an interval: `0..m` are state rows, `m..m + k` local rows; all are equations. With `s_j` the signed sum of
/// the state families of state `j`, the rows of interval `t` are
///
/// ```text
/// state row j:   s_{j,t+1} - decay_{j,t} s_{j,t} + sum coefficient * local columns + border columns = rhs
/// local row r:                                     sum coefficient * local columns + border columns = rhs
/// ```
///
/// `s_{j,0}` is data: `decay_{j,0} s_{j,0}` belongs into `rhs`. Coefficients are the plain entries of the matrix, in
/// state rows too: a charge that fills the store has a negative one. A new program is zero in every number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    pub(super) intervals: usize,
    /// Length of one slice: `intervals` rounded up to whole lanes; the padding stays zero.
    pub(super) stride: usize,
    pub(super) states: usize,
    pub(super) locals: usize,
    pub(super) kinds: Vec<Kind>,
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    pub(super) cost: Vec<f64>,
    pub(super) quad: Vec<f64>,
    pub(super) coefficients: Vec<f64>,
    pub(super) decay: Vec<f64>,
    pub(super) rhs: Vec<f64>,
    pub(super) centre: Vec<f64>,
    pub(super) delta: Vec<f64>,
    pub(super) border: Border,
}

/// Columns that reach over all intervals, and rows over these columns only.
#[derive(Clone, Debug, Default)]
pub(super) struct Border {
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    pub(super) cost: Vec<f64>,
    pub(super) quad: Vec<f64>,
    /// `[column][row][t]`
    pub(super) entries: Vec<f64>,
    /// `[column][link row]`
    pub(super) links: Vec<f64>,
    pub(super) rhs: Vec<f64>,
}

impl Program {
    /// Most rows one local family may touch.
    pub(crate) const MOST_ROWS: usize = 6;
    /// Most states of a program.
    pub(crate) const MOST_STATES: usize = 64;

    /// Forgets everything and starts a program of `intervals >= 1`, `states` and `locals` rows per interval.
    ///
    /// # Panics
    /// With no interval or more than [`Self::MOST_STATES`] states.
    pub(crate) fn reset(&mut self, intervals: usize, states: usize, locals: usize) {
        assert!(intervals > 0 && states <= Self::MOST_STATES, "an empty horizon or too many states");
        (self.intervals, self.stride) = (intervals, padded(intervals));
        (self.states, self.locals) = (states, locals);
        self.kinds.clear();
        for data in [&mut self.lower, &mut self.upper, &mut self.cost, &mut self.quad, &mut self.coefficients]
        {
            data.clear();
        }
        zeros(&mut self.decay, states * self.stride);
        zeros(&mut self.rhs, (states + locals) * self.stride);
        zeros(&mut self.centre, locals * self.stride);
        zeros(&mut self.delta, locals * self.stride);
        self.clear_border(0);
    }

    /// Adds a family whose column `t` touches `rows` (at most [`Self::MOST_ROWS`], each once) of interval `t`.
    ///
    /// # Panics
    /// With too many rows or a row that does not exist.
    pub(crate) fn add_local_family(&mut self, rows: &[usize]) -> Family {
        let mut own = [0; Self::MOST_ROWS];
        own[..rows.len()].copy_from_slice(rows);
        assert!(rows.iter().all(|row| *row < self.rows()), "no such row");
        let first = self.coefficients.len() / self.stride;
        self.coefficients.resize(self.coefficients.len() + rows.len() * self.stride, 0.0);
        self.push(Kind::Local { rows: own, count: rows.len(), first })
    }

    /// Adds a family of parts of `state`, which enters with `sign` (+1 or -1).
    ///
    /// # Panics
    /// With a state that does not exist.
    pub(crate) fn add_state_family(&mut self, state: usize, sign: f64) -> Family {
        assert!(state < self.states, "no such state");
        self.push(Kind::State { state, sign })
    }

    fn push(&mut self, kind: Kind) -> Family {
        self.kinds.push(kind);
        for data in [&mut self.lower, &mut self.upper, &mut self.cost, &mut self.quad] {
            data.resize(self.kinds.len() * self.stride, 0.0);
        }
        Family(self.kinds.len() - 1)
    }

    /// Intervals.
    pub(crate) fn intervals(&self) -> usize {
        self.intervals
    }

    /// Rows of one interval: state rows, then local rows.
    pub(crate) fn rows(&self) -> usize {
        self.states + self.locals
    }

    /// Upper bounds `[t]`, to read.
    pub(crate) fn upper(&self, family: Family) -> &[f64] {
        let at = family.0 * self.stride;
        &self.upper[at..at + self.intervals]
    }

    /// Lower bounds `[t]`.
    pub(crate) fn lower_mut(&mut self, family: Family) -> &mut [f64] {
        let at = family.0 * self.stride;
        &mut self.lower[at..at + self.intervals]
    }

    /// Upper bounds `[t]`.
    pub(crate) fn upper_mut(&mut self, family: Family) -> &mut [f64] {
        let at = family.0 * self.stride;
        &mut self.upper[at..at + self.intervals]
    }

    /// Linear costs `[t]`, ct per unit.
    pub(crate) fn cost_mut(&mut self, family: Family) -> &mut [f64] {
        let at = family.0 * self.stride;
        &mut self.cost[at..at + self.intervals]
    }

    /// Curvatures `q >= 0` `[t]` of the cost `1/2 q x^2`, ct per square unit.
    pub(crate) fn quad_mut(&mut self, family: Family) -> &mut [f64] {
        let at = family.0 * self.stride;
        &mut self.quad[at..at + self.intervals]
    }

    /// Coefficients `[t]` of a local family in the `position`-th row it was added with.
    ///
    /// # Panics
    /// For a state family, or a position it does not have.
    pub(crate) fn coef_mut(&mut self, family: Family, position: usize) -> &mut [f64] {
        let Kind::Local { count, first, .. } = self.kinds[family.0] else {
            panic!("state families have no coefficients")
        };
        assert!(position < count, "no such position");
        let at = (first + position) * self.stride;
        &mut self.coefficients[at..at + self.intervals]
    }

    /// Share of `state` that is left after interval `t`, `[t]`; the entry 0 is not used (see `rhs`).
    pub(crate) fn decay_mut(&mut self, state: usize) -> &mut [f64] {
        let at = state * self.stride;
        &mut self.decay[at..at + self.intervals]
    }

    /// Right-hand sides `[t]` of a row.
    pub(crate) fn rhs_mut(&mut self, row: usize) -> &mut [f64] {
        let at = row * self.stride;
        &mut self.rhs[at..at + self.intervals]
    }

    /// The proximal term of a local row (`states..rows`): `(centre, delta)`, each `[t]`.
    ///
    /// The row becomes `A x + delta (y - centre) = rhs`: its dual `y` maximises the dual objective minus
    /// `delta / 2 (y - centre)^2`. `delta` is zero in a new program, which is no such term.
    ///
    /// # Panics
    /// For a state row.
    pub(crate) fn proximal_mut(&mut self, row: usize) -> (&mut [f64], &mut [f64]) {
        let at = (row - self.states) * self.stride;
        (&mut self.centre[at..at + self.intervals], &mut self.delta[at..at + self.intervals])
    }

    /// Removes all border columns and sets the number of link rows (right-hand sides zero).
    pub(crate) fn clear_border(&mut self, links: usize) {
        let b = &mut self.border;
        for data in [&mut b.lower, &mut b.upper, &mut b.cost, &mut b.quad, &mut b.entries, &mut b.links] {
            data.clear();
        }
        zeros(&mut b.rhs, links);
    }

    /// Adds a border column, zero in every row; returns its index.
    pub(crate) fn add_border(&mut self, lower: f64, upper: f64, cost: f64) -> usize {
        let entries = self.rows() * self.stride;
        let b = &mut self.border;
        b.lower.push(lower);
        b.upper.push(upper);
        b.cost.push(cost);
        b.quad.push(0.0);
        b.entries.resize(b.lower.len() * entries, 0.0);
        b.links.resize(b.lower.len() * b.rhs.len(), 0.0);
        b.lower.len() - 1
    }

    /// Border columns.
    pub(crate) fn borders(&self) -> usize {
        self.border.lower.len()
    }

    /// Coefficients `[t]` of a border column in a row.
    pub(crate) fn border_coef_mut(&mut self, column: usize, row: usize) -> &mut [f64] {
        let at = (column * self.rows() + row) * self.stride;
        &mut self.border.entries[at..at + self.intervals]
    }

    /// Coefficients `[link row]` of a border column in the link rows.
    pub(crate) fn border_link_mut(&mut self, column: usize) -> &mut [f64] {
        let links = self.border.rhs.len();
        &mut self.border.links[column * links..(column + 1) * links]
    }

    /// Lower bounds `[column]` of the border columns.
    pub(crate) fn border_lower_mut(&mut self) -> &mut [f64] {
        &mut self.border.lower
    }

    /// Upper bounds `[column]` of the border columns.
    pub(crate) fn border_upper_mut(&mut self) -> &mut [f64] {
        &mut self.border.upper
    }

    /// Linear costs `[column]` of the border columns, ct per unit.
    pub(crate) fn border_cost_mut(&mut self) -> &mut [f64] {
        &mut self.border.cost
    }

    /// Curvatures `q >= 0` `[column]` of the border columns.
    pub(crate) fn border_quad_mut(&mut self) -> &mut [f64] {
        &mut self.border.quad
    }

    /// Right-hand sides `[link row]`.
    pub(crate) fn link_rhs_mut(&mut self) -> &mut [f64] {
        &mut self.border.rhs
    }

    /// The slice of a row in a vector over `[row][stride]`.
    pub(super) fn row<'a>(&self, values: &'a [f64], row: usize) -> &'a [f64] {
        &values[row * self.stride..(row + 1) * self.stride]
    }
}

/// Makes `data` a vector of `len` zeros without giving its memory back.
pub(super) fn zeros(data: &mut Vec<f64>, len: usize) {
    data.clear();
    data.resize(len, 0.0);
}
