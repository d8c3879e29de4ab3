//! One more follower with several modes: `E'(x) = min over its powers p of E(x + p) + cost(p)`.
//!
//! `E` need not be convex, but it falls into runs that are; a run and a mode are both convex, so their infimal
//! convolution is again sorted slopes laid end to end. `E'` is the lower envelope over runs and modes.

use super::envelope::lower;
use super::line::{Line, Walk, push_cut, stretch};
use super::table::{Mode, Table};

/// Room to work in.
#[derive(Debug, Default)]
pub(super) struct Convolver {
    candidate: Vec<Line>,
    spare: Vec<Line>,
}

impl Convolver {
    /// Convolve `lines` with the modes of one follower on `range`, into `out`.
    pub(super) fn follow(
        &mut self,
        lines: &[Line],
        table: &Table,
        modes: &[Mode],
        range: (f64, f64),
        out: &mut Vec<Line>,
    ) {
        out.clear();
        for mode in modes {
            if mode.first == mode.last {
                self.candidate.clear();
                shift(lines, mode, range, &mut self.candidate);
                lower(out, &self.candidate, &mut self.spare);
                continue;
            }
            let mut rest = lines;
            while !rest.is_empty() {
                let (run, others) = rest.split_at(run_length(rest));
                self.candidate.clear();
                convolve(run, table, mode, range, &mut self.candidate);
                lower(out, &self.candidate, &mut self.spare);
                rest = others;
            }
        }
    }
}

/// How many lines at the front form a convex function.
fn run_length(lines: &[Line]) -> usize {
    let convex = |pair: &[Line]| pair[0].slope <= pair[1].slope && pair[0].joins(&pair[1]);
    1 + lines.windows(2).take_while(|pair| convex(pair)).count()
}

/// A follower at a point only moves the function.
fn shift(lines: &[Line], mode: &Mode, range: (f64, f64), out: &mut Vec<Line>) {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
    for line in lines {
        let moved =
            Line { lo: line.lo - mode.hi, hi: line.hi - mode.hi, cost: line.cost + mode.cost_hi, ..*line };
        push_cut(out, moved, range);
    }
    let start = (first.lo - mode.hi, first.cost + mode.cost_hi);
    stretch(out, range, start, (last.hi - mode.hi, last.end_cost() + mode.cost_hi));
}

/// A convex run with a convex mode: their parts merged by slope.
fn convolve(run: &[Line], table: &Table, mode: &Mode, range: (f64, f64), out: &mut Vec<Line>) {
    let start = (run[0].lo - mode.hi, run[0].cost + mode.cost_hi);
    let mut walk = Walk::new(out, range, start);
    let mut lines = run.iter().peekable();
    for part in Table::parts(mode).rev() {
        let price = table.price[part];
        while let Some(line) = lines.next_if(|line| line.slope <= price) {
            walk.step(line.slope, line.hi - line.lo);
        }
        walk.step(price, table.length[part]);
    }
    lines.for_each(|line| walk.step(line.slope, line.hi - line.lo));
    walk.finish();
}
