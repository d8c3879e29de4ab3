//! Cases whose answer is worked out by hand.

use super::super::hull::keep_hull;
use super::super::line::Line;
use super::super::{Interval, IntervalOracle, Meter, MeterRule, Piece, Segment};
use super::instances::Lcg;

const FREE: MeterRule = MeterRule::Free;

/// Import at 8, export at 2 ct per kW, wide limits.
fn meter(base: f64) -> Meter {
    Meter {
        base,
        curtail_max: 0.0,
        import_slope: 8.0,
        import_limit: 30.0,
        import_most: f64::INFINITY,
        import_overshoot_slope: 1e4,
        export_slope: 2.0,
        export_limit: 30.0,
        export_most: f64::INFINITY,
        export_overshoot_slope: 1e4,
    }
}

fn pieces(interval: &Interval, range: (f64, f64), rule: MeterRule) -> Vec<Piece> {
    let mut out = Vec::new();
    assert!(IntervalOracle::default().pieces(interval, range, rule, &mut out));
    out
}

fn assert_pieces(found: &[Piece], wanted: &[[f64; 4]]) {
    let rows: Vec<_> = found.iter().map(|p| [p.lo, p.hi, p.cost_lo, p.cost_hi]).collect();
    assert_eq!(rows.len(), wanted.len(), "{rows:?}");
    for (row, want) in rows.iter().zip(wanted) {
        assert!(row.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-6), "{row:?}, wanted {want:?}");
    }
}

#[test]
fn grid_alone_has_its_kink_where_the_net_power_is_zero() {
    let mut interval = Interval::default();
    interval.clear(meter(-1.0));
    assert_pieces(&pieces(&interval, (-2.0, 3.0), FREE), &[[-2.0, 1.0, -6.0, 0.0], [1.0, 3.0, 0.0, 16.0]]);
}

#[test]
fn one_piece_where_the_followers_are_decided() {
    let mut interval = Interval::default();
    interval.clear(meter(6.0));
    interval.begin_follower();
    interval.add_mode(
        FREE,
        &[Segment { lo: -5.0, hi: 0.0, price: 9.0 }, Segment { lo: 0.0, hi: 4.0, price: 7.0 }],
    );
    interval.begin_follower();
    interval.add_mode(FREE, &[Segment { lo: 0.0, hi: 0.0, price: 0.0 }]);
    interval.add_mode(FREE, &[Segment { lo: 1.0, hi: 3.0, price: 9.0 }]);
    // Importing throughout: the battery rests at 7 < 8 < 9, the second follower takes 3 kW and gains 1 ct on each.
    assert_pieces(&pieces(&interval, (0.0, 2.0), FREE), &[[0.0, 2.0, 45.0, 61.0]]);
}

#[test]
fn concave_kink_leaves_the_lower_side() {
    let mut interval = Interval::default();
    interval.clear(Meter { import_slope: 1.0, export_slope: 4.0, ..meter(0.0) });
    assert_pieces(&pieces(&interval, (-1.0, 1.0), FREE), &[[-1.0, 0.0, -4.0, 0.0], [0.0, 1.0, 0.0, 1.0]]);
}

#[test]
fn hard_ends_leave_parts_of_the_range_out() {
    let mut interval = Interval::default();
    interval.clear(Meter {
        import_most: 31.0,
        import_limit: 30.0,
        import_overshoot_slope: 100.0,
        ..meter(28.0)
    });
    assert_pieces(
        &pieces(&interval, (1.0, 9.0), FREE),
        &[[1.0, 2.0, 232.0, 240.0], [2.0, 3.0, 240.0, 348.0]],
    );
    assert_pieces(&pieces(&interval, (4.0, 9.0), FREE), &[]);
}

#[test]
fn the_pivots_rule_cuts_its_range() {
    let mut interval = Interval::default();
    interval.clear(meter(-3.0));
    let rule = MeterRule::NotWhileImporting;
    assert_pieces(&pieces(&interval, (0.0, 5.0), rule), &[[0.0, 3.0, -6.0, 0.0]]);
    let rule = MeterRule::NotWhileExporting;
    assert_pieces(&pieces(&interval, (0.0, 5.0), rule), &[[3.0, 5.0, 0.0, 16.0]]);
}

#[test]
fn a_rule_makes_the_envelope_jump() {
    let mut interval = Interval::default();
    interval.clear(meter(-3.0));
    interval.begin_follower();
    interval.add_mode(FREE, &[Segment { lo: 0.0, hi: 0.0, price: 0.0 }]);
    interval.add_mode(MeterRule::NotWhileImporting, &[Segment { lo: 1.0, hi: 1.0, price: 10.0 }]);
    // Up to x = 2 the follower takes 1 kW of surplus and gains 10 - 2 ct; after it must rest.
    let wanted = [[0.0, 2.0, -14.0, -10.0], [2.0, 3.0, -2.0, 0.0], [3.0, 4.0, 0.0, 8.0]];
    assert_pieces(&pieces(&interval, (0.0, 4.0), FREE), &wanted);
}

#[test]
fn prices_that_rise_with_the_power_are_split() {
    let mut interval = Interval::default();
    interval.clear(meter(0.0));
    interval.begin_follower();
    interval.add_mode(
        FREE,
        &[Segment { lo: -2.0, hi: 0.0, price: 1.0 }, Segment { lo: 0.0, hi: 2.0, price: 9.0 }],
    );
    let mut choice = Vec::new();
    let mut at = |x| {
        let found = IntervalOracle::default().minimum_at(&interval, x, FREE, &mut choice).unwrap();
        (found.cost, choice[0].mode, choice[0].power)
    };
    // Importing, discharging gains 8 - 1 and charging 9 - 8 ct per kW; exporting, 2 - 1 and 9 - 2.
    assert_eq!(at(3.0), (10.0, 0, -2.0));
    assert_eq!(at(-3.0), (-20.0, 0, 2.0));
}

#[test]
fn curtailment_takes_the_surplus_at_a_negative_export_price() {
    let mut interval = Interval::default();
    interval.clear(Meter { export_slope: -3.0, curtail_max: 5.0, ..meter(-4.0) });
    let found = IntervalOracle::default().minimum_at(&interval, 1.0, FREE, &mut Vec::new()).unwrap();
    assert!((found.curtail - 3.0).abs() < 1e-12 && found.cost.abs() < 1e-12);
}

#[test]
fn inflexible_load_at_the_very_end_is_feasible() {
    let mut interval = Interval::default();
    interval.clear(Meter { import_most: 0.1 + 0.2, import_limit: 0.1, ..meter(0.3 + 1e-12) });
    assert!(IntervalOracle::default().minimum_at(&interval, 0.0, FREE, &mut Vec::new()).is_some());
}

#[test]
fn many_powers_fall_back_to_a_lower_bound() {
    let mut rng = Lcg(3);
    let powers: Vec<f64> = (0..24).map(|_| rng.between(1.0, 2.0)).collect();
    let mut interval = Interval::default();
    interval.clear(meter(-20.0));
    for &power in &powers {
        interval.begin_follower();
        interval.add_mode(FREE, &[Segment { lo: 0.0, hi: 0.0, price: 0.0 }]);
        interval.add_mode(FREE, &[Segment { lo: power, hi: power, price: 5.0 }]);
    }
    let mut pieces = Vec::new();
    assert!(!IntervalOracle::default().pieces(&interval, (-3.0, 3.0), FREE, &mut pieces));
    for _ in 0..2000 {
        let x = rng.between(-3.0, 3.0);
        let sum: f64 = powers.iter().filter(|_| rng.chance(0.5)).sum();
        let net = x + sum - 20.0;
        let cost = 8.0 * net.max(0.0) + 2.0 * net.min(0.0) - 5.0 * sum;
        let piece = pieces.iter().find(|p| x <= p.hi).unwrap();
        let bound = piece.cost_lo + (piece.cost_hi - piece.cost_lo) * (x - piece.lo) / (piece.hi - piece.lo);
        // The hull of everything is -5 ct per kW of surplus, as if any power were possible.
        assert!(
            bound <= cost + 1e-9 && bound >= -5.0 * (20.0 - x) - 1e-9,
            "{bound} at {x}, {cost} is possible"
        );
    }
}

#[test]
fn hull_takes_the_lower_side_of_jumps_and_spans_gaps() {
    let line = |lo, hi, cost, slope| Line { lo, hi, cost, slope };
    let mut lines = vec![line(0.0, 1.0, 5.0, 0.0), line(1.0, 2.0, 1.0, 3.0), line(3.0, 4.0, 6.0, -3.0)];
    lines.push(line(4.0, 5.0, 9.0, 0.0));
    keep_hull(&mut lines, &mut Vec::new());
    let rows: Vec<Piece> = lines.iter().map(Line::piece).collect();
    assert_pieces(&rows, &[[0.0, 1.0, 5.0, 1.0], [1.0, 4.0, 1.0, 3.0], [4.0, 5.0, 3.0, 9.0]]);
}
