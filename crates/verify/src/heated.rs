//! A compressor and a heater of the pivot, which meet the meter together: all steps of their sink, with the least cost of each.

use crate::function::Function;
use crate::piece::Piece;

/// What compressor and heater may draw in an interval, and what it does to their sink.
pub(crate) struct Heat {
    /// Least and most compressor power in kW; 0 and 0 where it gives the sink nothing.
    pub(crate) compressor: (f64, f64),
    /// Most heater power in kW.
    pub(crate) heater_max: f64,
    pub(crate) cop: f64,
    /// Change of the sink's state per kW of heat.
    pub(crate) gain: f64,
}

/// Over the change of the sink, the least of `costs(compressor + heater)`.
///
/// Where `costs` is linear, the powers possible are a polygon and the least cost of each change is its lower edge.
pub(crate) fn steps(costs: &Function, heat: &Heat) -> Vec<Piece> {
    costs.pieces().iter().flat_map(|piece| lower_edge(corners(piece, heat))).collect()
}

/// The corners of the powers within one piece of the costs: the change of the sink and the cost at each.
fn corners(piece: &Piece, heat: &Heat) -> Vec<(f64, f64)> {
    let (least, most) = heat.compressor;
    let mut powers = Vec::new();
    for compressor in [least, most] {
        powers.extend([0.0, heat.heater_max].map(|heater| (compressor, heater)));
        powers.extend([piece.lo, piece.hi].map(|total| (compressor, total - compressor)));
    }
    for heater in [0.0, heat.heater_max] {
        powers.extend([piece.lo, piece.hi].map(|total| (total - heater, heater)));
    }
    // Rounding may put a corner a little outside of what it bounds.
    let within = |value: f64, lo: f64, hi: f64| value >= lo - 1e-12 && value <= hi + 1e-12;
    powers.retain(|(compressor, heater)| {
        within(*compressor, least, most)
            && within(*heater, 0.0, heat.heater_max)
            && within(compressor + heater, piece.lo, piece.hi)
    });
    let corner = |(compressor, heater): (f64, f64)| {
        (heat.gain * (heat.cop * compressor + heater), piece.at(compressor + heater))
    };
    powers.into_iter().map(corner).collect()
}

/// The lower edge of the hull of `points`, as pieces over the first coordinate.
fn lower_edge(mut points: Vec<(f64, f64)>) -> Vec<Piece> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup_by(|next, kept| next.0 <= kept.0);
    let mut edge: Vec<(f64, f64)> = Vec::new();
    for point in points {
        while let [.., before, last] = edge[..] {
            let above =
                (last.1 - before.1) * (point.0 - before.0) >= (point.1 - before.1) * (last.0 - before.0);
            if !above {
                break;
            }
            edge.pop();
        }
        edge.push(point);
    }
    if let [(step, cost)] = edge[..] {
        return vec![Piece::point(step, cost)];
    }
    edge.windows(2)
        .map(|ends| Piece { lo: ends[0].0, hi: ends[1].0, at_lo: ends[0].1, at_hi: ends[1].1 })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_powers_has_a_step_that_costs_no_more() {
        let costs = Function::of(&[
            Piece::sloped(-0.1, 1.0, 0.5, 2.0),
            Piece::sloped(1.0, 2.5, 1.0, -1.0),
            Piece::sloped(2.5, 6.0, 0.0, 3.0),
        ]);
        let heat = Heat { compressor: (0.7, 2.0), heater_max: 1.5, cop: 3.0, gain: 0.25 };
        let steps = Function::of(&steps(&costs, &heat));
        let mut least = f64::INFINITY;
        for i in 0..=40 {
            for j in 0..=40 {
                let (compressor, heater) = (0.7 + 1.3 * f64::from(i) / 40.0, 1.5 * f64::from(j) / 40.0);
                let cost = costs.at(compressor + heater);
                let found = steps.at(0.25 * (3.0 * compressor + heater));
                assert!(found <= cost + 1e-7, "{compressor}, {heater}: {found} above {cost}");
                least = least.min(cost - found);
            }
        }
        assert!(least < 1e-7, "somewhere a step is the best of its pairs: {least}");
        assert!((steps.least(0.0, 9.0) - costs.least(0.7, 3.5)).abs() < 1e-9);
    }
}
