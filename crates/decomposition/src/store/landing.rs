//! The value of an arrival: what a function at an edge is worth before the domain of the edge acts.

use super::problem::{Arc, Side, StoreProblem};
use super::reach::Reach;
use super::segment::{STATE_TOLERANCE, Segment, value_near};

/// Writes `V_edge(clamp(y), to)` plus the price of the clamp to `out`, restricted by the arc's floor.
pub(super) fn land(
    problem: &StoreProblem,
    reach: &Reach,
    edge: usize,
    arc: &Arc,
    after: &[Segment],
    out: &mut Vec<Segment>,
) {
    let domain = problem.edge(edge).domain;
    let arriving = reach.arriving(edge, arc.to);
    if let Side::Clamp(price) = domain.below
        && arriving.lo < domain.lo
        && arc.floor <= domain.lo
    {
        let y = value_near(after, domain.lo, STATE_TOLERANCE);
        if y < f64::INFINITY {
            out.push(Segment::new(arriving.lo, y + price * (domain.lo - arriving.lo), domain.lo, y));
        }
    }
    out.extend(after.iter().filter_map(|segment| segment.clip(arc.floor, f64::INFINITY)));
    if let Side::Clamp(price) = domain.above
        && arriving.hi > domain.hi
        && arc.floor <= domain.hi
    {
        let y = value_near(after, domain.hi, STATE_TOLERANCE);
        if y < f64::INFINITY {
            out.push(Segment::new(domain.hi, y, arriving.hi, y + price * (arriving.hi - domain.hi)));
        }
    }
}
