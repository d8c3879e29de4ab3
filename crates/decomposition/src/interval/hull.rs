//! The convex hull of a piecewise-linear function: a lower bound that takes few lines.

use super::line::Line;

/// Replace `lines` by their lower convex hull (Andrew's monotone chain over the ends); `corners` is room to work in.
/// The hull also spans the stretches where the function is not defined.
pub(super) fn keep_hull(lines: &mut Vec<Line>, corners: &mut Vec<(f64, f64)>) {
    corners.clear();
    for line in lines.iter() {
        add_corner(corners, (line.lo, line.cost));
        add_corner(corners, (line.hi, line.end_cost()));
    }
    lines.clear();
    for pair in corners.windows(2) {
        let (left, right) = (pair[0], pair[1]);
        let slope = (right.1 - left.1) / (right.0 - left.0);
        lines.push(Line { lo: left.0, hi: right.0, cost: left.1, slope });
    }
    if let (&[(x, cost)], true) = (corners.as_slice(), lines.is_empty()) {
        lines.push(Line::point(x, cost));
    }
}

/// Add a point to the right of all others, or above or below the last.
fn add_corner(corners: &mut Vec<(f64, f64)>, point: (f64, f64)) {
    if let Some(last) = corners.last().filter(|last| last.0 >= point.0) {
        if last.1 <= point.1 {
            return;
        }
        corners.pop();
    }
    while let [.., left, right] = corners.as_slice() {
        if (point.1 - left.1) * (right.0 - left.0) > (right.1 - left.1) * (point.0 - left.0) {
            break;
        }
        corners.pop();
    }
    corners.push(point);
}
