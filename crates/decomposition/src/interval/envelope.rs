//! The lower envelope of two piecewise-linear functions.

use super::line::{Line, push, tolerance};

/// Take the minimum of `lines` and `other` (sorted, without overlap) into `lines`; `spare` is room to work in.
pub(super) fn lower(lines: &mut Vec<Line>, other: &[Line], spare: &mut Vec<Line>) {
    if lines.is_empty() {
        lines.extend_from_slice(other);
    } else if !other.is_empty() {
        spare.clear();
        merge(lines, other, spare);
        std::mem::swap(lines, spare);
    }
}

/// Sweep over both from left to right; `a` and `b` are what is left of their current lines.
fn merge(first: &[Line], second: &[Line], out: &mut Vec<Line>) {
    let (mut i, mut j) = (0, 0);
    let (mut a, mut b) = (first.first().copied(), second.first().copied());
    while let (Some(p), Some(q)) = (a, b) {
        if p.lo < q.lo {
            push(out, Line { hi: p.hi.min(q.lo), ..p });
            a = if p.hi < q.lo { take(first, &mut i) } else { Some(p.cut(q.lo, p.hi)) };
        } else if q.lo < p.lo {
            push(out, Line { hi: q.hi.min(p.lo), ..q });
            b = if q.hi < p.lo { take(second, &mut j) } else { Some(q.cut(p.lo, q.hi)) };
        } else {
            let end = p.hi.min(q.hi);
            push_lower(out, &p, &q, end);
            a = if p.hi <= end { take(first, &mut i) } else { Some(p.cut(end, p.hi)) };
            b = if q.hi <= end { take(second, &mut j) } else { Some(q.cut(end, q.hi)) };
        }
    }
    let (line, rest) = if a.is_some() { (a, first.get(i + 1..)) } else { (b, second.get(j + 1..)) };
    line.iter().chain(rest.unwrap_or(&[])).for_each(|line| push(out, *line));
}

fn take(lines: &[Line], i: &mut usize) -> Option<Line> {
    *i += 1;
    lines.get(*i).copied()
}

/// Push the lower of two lines with the same start up to `end`; both where they cross.
fn push_lower(out: &mut Vec<Line>, p: &Line, q: &Line, end: f64) {
    let (before, after) = (q.cost - p.cost, q.at(end) - p.at(end));
    let equal = tolerance(p.cost);
    if before >= -equal && after >= -equal {
        push(out, Line { hi: end, ..*p });
    } else if before <= equal && after <= equal {
        push(out, Line { hi: end, ..*q });
    } else {
        let x = p.lo + (end - p.lo) * (before / (before - after));
        let (left, right) = if before > 0.0 { (p, q) } else { (q, p) };
        push(out, Line { hi: x, ..*left });
        push(out, Line { lo: x, hi: end, cost: left.at(x), slope: right.slope });
    }
}
