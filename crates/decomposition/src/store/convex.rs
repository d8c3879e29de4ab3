//! Convex piecewise-linear functions as chains of corners: what a coarse bound needs of them.
//!
//! A chain lists corners with increasing `x` and increasing slopes in between; the function is infinite outside. A
//! single corner is a function on one state.

use std::cmp::Ordering;
use std::ops::Range;

use super::penalty::Penalty;
use super::problem::{Domain, Side};

/// A chain with this many corners is not coarsened.
const FEW: usize = 12;

/// A corner: state and value in ct.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Corner {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Corner {
    /// Value at `x` on the line to another corner.
    #[inline]
    pub(super) fn toward(self, other: Self, x: f64) -> f64 {
        self.y + (other.y - self.y) / (other.x - self.x) * (x - self.x)
    }
}

/// Adds a corner right of all others and drops those that it leaves above the hull.
#[inline]
pub(super) fn push_hull(chain: &mut Vec<Corner>, corner: Corner) {
    if let Some(last) = chain.last()
        && last.x >= corner.x
    {
        if last.y <= corner.y {
            return;
        }
        chain.pop();
    }
    while let [.., a, b] = chain[..] {
        if (b.y - a.y) * (corner.x - b.x) < (corner.y - b.y) * (b.x - a.x) {
            break;
        }
        chain.pop();
    }
    chain.push(corner);
}

/// The convex hull of points, which are sorted for it.
pub(super) fn hull(points: &mut [Corner], out: &mut Vec<Corner>) {
    if points.len() > 1 {
        points.sort_unstable_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    }
    out.clear();
    for corner in points {
        push_hull(out, *corner);
    }
}

/// The convex hull of the smaller of two chains.
pub(super) fn hull_of_min(a: &[Corner], b: &[Corner], out: &mut Vec<Corner>) {
    out.clear();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let take_a = j >= b.len() || i < a.len() && a[i].x <= b[j].x;
        let corner = if take_a { a[i] } else { b[j] };
        (i, j) = if take_a { (i + 1, j) } else { (i, j + 1) };
        push_hull(out, corner);
    }
}

/// A chain whose states are scaled and shifted on reading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carried<'a> {
    pub(super) chain: &'a [Corner],
    pub(super) scale: f64,
    pub(super) shift: f64,
}

impl Carried<'_> {
    /// Writes the corners of a range, moved by a further corner.
    #[inline]
    fn append(&self, range: Range<usize>, by: Corner, out: &mut Vec<Corner>) {
        let shift = self.shift + by.x;
        out.extend(
            self.chain[range]
                .iter()
                .map(|corner| Corner { x: self.scale * corner.x + shift, y: corner.y + by.y }),
        );
    }
}

/// The cheapest split: `out(y) = min of a(x) + b(u)` over `y = scale x + shift + u`. The edges follow each other in
/// the order of their slopes; `b` has few.
pub(super) fn split(a: Carried, b: &[Corner], out: &mut Vec<Corner>) {
    out.clear();
    let (Some(first), false) = (b.first(), a.chain.is_empty()) else { return };
    let edge_rises_less = |i: usize, from: Corner, to: Corner| {
        let (left, right) = (a.chain[i - 1], a.chain[i]);
        (right.y - left.y) * (to.x - from.x) <= (to.y - from.y) * (a.scale * (right.x - left.x))
    };
    let (mut done, mut by) = (0, *first);
    for corner in &b[1..] {
        let mut end = done.max(1);
        while end < a.chain.len() && edge_rises_less(end, by, *corner) {
            end += 1;
        }
        a.append(done..end, by, out);
        done = end - 1;
        by = *corner;
    }
    a.append(done..a.chain.len(), by, out);
}

/// Lets a domain act on the states of a chain; the result is the hull.
pub(super) fn settle(chain: &mut Vec<Corner>, domain: Domain, spare: &mut Vec<Corner>) {
    let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return };
    if first.x < domain.lo || last.x > domain.hi {
        confine(chain, domain, spare);
        std::mem::swap(chain, spare);
    }
}

fn confine(chain: &[Corner], domain: Domain, out: &mut Vec<Corner>) {
    out.clear();
    let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return };
    if first.x < domain.lo && !(last.x < domain.lo && domain.below == Side::Wall) {
        let y = left_end(chain, domain);
        out.push(Corner { x: domain.lo, y });
    }
    let inside = chain.iter().filter(|corner| corner.x >= domain.lo && corner.x <= domain.hi);
    inside.for_each(|corner| push_hull(out, *corner));
    if last.x > domain.hi && !(first.x > domain.hi && domain.above == Side::Wall) {
        let y = right_end(chain, domain);
        push_hull(out, Corner { x: domain.hi, y });
    }
}

/// Value at the lower end of the domain of a chain that begins below it.
fn left_end(chain: &[Corner], domain: Domain) -> f64 {
    let past = chain.partition_point(|corner| corner.x < domain.lo);
    let at_end = chain.get(past).map_or(f64::INFINITY, |next| chain[past - 1].toward(*next, domain.lo));
    match domain.below {
        Side::Wall => at_end,
        Side::Clamp(price) => chain[..past]
            .iter()
            .map(|corner| corner.y + price * (domain.lo - corner.x))
            .fold(at_end, f64::min),
    }
}

/// Value at the upper end of the domain of a chain that ends above it.
fn right_end(chain: &[Corner], domain: Domain) -> f64 {
    let past = chain.partition_point(|corner| corner.x <= domain.hi);
    let before = past.checked_sub(1).map(|last| chain[last]);
    let at_end = before.map_or(f64::INFINITY, |last| last.toward(chain[past], domain.hi));
    match domain.above {
        Side::Wall => at_end,
        Side::Clamp(price) => chain[past..]
            .iter()
            .map(|corner| corner.y + price * (corner.x - domain.hi))
            .fold(at_end, f64::min),
    }
}

/// Value at `x`; the outermost lines are extended, which stays below a convex function.
#[inline]
pub(super) fn value(chain: &[Corner], x: f64) -> f64 {
    match chain {
        [] => f64::INFINITY,
        [only] => only.y,
        _ => {
            let place = chain.partition_point(|corner| corner.x <= x).clamp(1, chain.len() - 1);
            chain[place - 1].toward(chain[place], x)
        }
    }
}

/// Whether a cost is not above a limit; one that is no number counts as not above.
#[inline]
pub(super) fn not_above(cost: f64, limit: f64) -> bool {
    cost.partial_cmp(&limit) != Some(Ordering::Greater)
}

/// Keeps of a chain where it plus `rest` (both convex) is at most `most`, and a corner more on each side.
pub(super) fn trim(chain: &mut Vec<Corner>, rest: &[Corner], most: f64) {
    let sum = |corner: &Corner| corner.y + value(rest, corner.x);
    let kept = |corner: &Corner| not_above(sum(corner), most);
    let Some(first) = chain.iter().position(kept) else {
        let least = (0..chain.len()).min_by(|a, b| sum(&chain[*a]).total_cmp(&sum(&chain[*b])));
        return keep(chain, least.unwrap_or(0), least.unwrap_or(0));
    };
    let last = chain.iter().rposition(kept).unwrap_or(first);
    keep(chain, first, last);
}

/// Keeps the corners `first ..= last` and one more on each side.
fn keep(chain: &mut Vec<Corner>, first: usize, last: usize) {
    chain.truncate(last + 2);
    chain.drain(..first.saturating_sub(1));
}

/// Adds a penalty.
pub(super) fn add_penalty(chain: &[Corner], penalty: &Penalty, out: &mut Vec<Corner>) {
    out.clear();
    let mut walk = penalty.walk();
    let mut last: Option<Corner> = None;
    for corner in chain {
        while walk.kink() <= corner.x {
            let kink = walk.kink();
            if let Some(last) = last
                && kink > last.x
                && kink < corner.x
            {
                out.push(Corner { x: kink, y: last.toward(*corner, kink) + walk.at(kink) });
            }
            walk.pass();
        }
        out.push(Corner { x: corner.x, y: corner.y + walk.at(corner.x) });
        last = Some(*corner);
    }
}

/// Drops edges where their neighbours meet at most `tolerance` lower: the result is below the chain. No two
/// neighbouring edges are dropped, so that the loss does not add up.
pub(super) fn coarsen(chain: &mut Vec<Corner>, tolerance: f64) {
    if chain.len() <= FEW {
        return;
    }
    let mut kept = 2.min(chain.len());
    let mut next = kept;
    while next < chain.len() {
        let corner = chain[next];
        if next + 1 < chain.len() && kept >= 2 {
            let meeting = meet((chain[kept - 2], chain[kept - 1]), (corner, chain[next + 1]));
            let height = chain[kept - 1].toward(corner, meeting.x);
            if meeting.x > chain[kept - 1].x && meeting.x < corner.x && height - meeting.y <= tolerance {
                chain[kept - 1] = meeting;
                chain[kept] = chain[next + 1];
                kept += 1;
                next += 2;
                continue;
            }
        }
        chain[kept] = corner;
        kept += 1;
        next += 1;
    }
    chain.truncate(kept);
}

/// Where two lines meet, each given by two corners.
fn meet((a, b): (Corner, Corner), (c, d): (Corner, Corner)) -> Corner {
    let (first, second) = ((b.y - a.y) / (b.x - a.x), (d.y - c.y) / (d.x - c.x));
    let x = b.x + ((c.y - b.y) - second * (c.x - b.x)) / (first - second);
    Corner { x, y: b.y + first * (x - b.x) }
}
