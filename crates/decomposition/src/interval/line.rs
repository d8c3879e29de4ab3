//! Piecewise-linear functions that may jump and need not be defined everywhere, as lists of lines.

use super::SLACK;

/// A linear piece on `lo..=hi`; a point if both are equal. Where two pieces meet with different costs the function
/// jumps, and the lower one holds at the meeting point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Piece {
    /// Where it begins, kW.
    pub(crate) lo: f64,
    /// Where it ends, kW.
    pub(crate) hi: f64,
    /// Cost at `lo`, ct.
    pub(crate) cost_lo: f64,
    /// Cost at `hi`, ct.
    pub(crate) cost_hi: f64,
}

/// The same by its slope, which stays exact when a piece is cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Where it begins, kW.
    pub(super) lo: f64,
    /// Where it ends, kW.
    pub(super) hi: f64,
    /// Cost at `lo`, ct.
    pub(super) cost: f64,
    /// ct per kW.
    pub(super) slope: f64,
}

/// Relative difference of costs below which two are taken as equal.
const EQUAL: f64 = 1e-13;

/// Difference of two costs near `cost` that counts as none, ct.
pub(super) fn tolerance(cost: f64) -> f64 {
    EQUAL * (1.0 + cost.abs())
}

impl Line {
    pub(super) fn point(x: f64, cost: f64) -> Self {
        Self { lo: x, hi: x, cost, slope: 0.0 }
    }

    /// Cost at `x` on the line, ct.
    pub(super) fn at(&self, x: f64) -> f64 {
        self.cost + self.slope * (x - self.lo)
    }

    /// Cost at `hi`, ct.
    pub(super) fn end_cost(&self) -> f64 {
        self.at(self.hi)
    }

    /// The part of the line on `lo..=hi`.
    pub(super) fn cut(&self, lo: f64, hi: f64) -> Self {
        Self { lo, hi, cost: self.at(lo), slope: self.slope }
    }

    pub(super) fn piece(&self) -> Piece {
        Piece { lo: self.lo, hi: self.hi, cost_lo: self.cost, cost_hi: self.end_cost() }
    }

    /// Whether `next` begins where this ends, at the same cost.
    pub(super) fn joins(&self, next: &Self) -> bool {
        self.hi >= next.lo && (self.end_cost() - next.cost).abs() <= tolerance(next.cost)
    }
}

/// Append a line; one that goes on straight lengthens the last line, and a point that another line undercuts is left
/// out.
pub(super) fn push(out: &mut Vec<Line>, line: Line) {
    let Some(last) = out.last_mut().filter(|last| last.hi >= line.lo) else {
        out.push(line);
        return;
    };
    let rise = line.cost - last.end_cost();
    let equal = tolerance(line.cost);
    if line.hi <= line.lo && rise >= -equal {
        return;
    }
    if last.hi <= last.lo && rise <= equal {
        out.pop();
        push(out, line);
    } else if rise.abs() <= equal && is_straight(last, &line) {
        last.hi = line.hi;
    } else {
        out.push(line);
    }
}

/// Whether following the slope of `last` along `next` misses by less than the tolerance.
fn is_straight(last: &Line, next: &Line) -> bool {
    ((next.slope - last.slope) * (next.hi - next.lo)).abs() <= tolerance(next.cost)
}

/// Append a line cut to `range`, if that leaves something.
pub(super) fn push_cut(out: &mut Vec<Line>, line: Line, range: (f64, f64)) {
    let (lo, hi) = (line.lo.max(range.0), line.hi.min(range.1));
    if lo <= hi {
        push(out, line.cut(lo, hi));
    }
}

/// Let a function cut to `range`, which lasted from `start` to `end` (kW, ct), reach the ends of the range that it
/// misses by no more than [`SLACK`].
pub(super) fn stretch(out: &mut Vec<Line>, range: (f64, f64), start: (f64, f64), end: (f64, f64)) {
    if out.is_empty() {
        let (x, cost) = if start.0 > range.1 { start } else { end };
        let near = x.clamp(range.0, range.1);
        if (x - near).abs() <= SLACK {
            out.push(Line::point(near, cost));
        }
    }
    if let Some(first) = out.first_mut().filter(|first| first.lo - range.0 <= SLACK) {
        first.lo = range.0;
    }
    if let Some(last) = out.last_mut().filter(|last| range.1 - last.hi <= SLACK) {
        last.hi = range.1;
    }
}

/// Parts laid end to end, cut to a range as they come: an infimal convolution in the making.
pub(super) struct Walk<'a> {
    out: &'a mut Vec<Line>,
    range: (f64, f64),
    start: (f64, f64),
    x: f64,
    cost: f64,
}

impl<'a> Walk<'a> {
    /// Begin at `start` (pivot in kW, cost in ct); `out` is empty.
    pub(super) fn new(out: &'a mut Vec<Line>, range: (f64, f64), start: (f64, f64)) -> Self {
        Self { out, range, start, x: start.0, cost: start.1 }
    }

    /// Lay the next part.
    #[inline]
    pub(super) fn step(&mut self, slope: f64, length: f64) {
        let end = self.x + length;
        let (lo, hi) = (self.x.max(self.range.0), end.min(self.range.1));
        if lo <= hi {
            self.append(Line { lo, hi, cost: self.cost + slope * (lo - self.x), slope });
        }
        self.x = end;
        self.cost += slope * length;
    }

    /// As [`push`], for a line that begins where the last one ends.
    #[inline]
    fn append(&mut self, line: Line) {
        match self.out.last_mut() {
            Some(last) if last.hi <= last.lo => *last = line,
            Some(last) if is_straight(last, &line) => last.hi = line.hi,
            _ => self.out.push(line),
        }
    }

    /// After the last part.
    pub(super) fn finish(self) {
        stretch(self.out, self.range, self.start, (self.x, self.cost));
    }
}
