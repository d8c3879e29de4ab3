//! The money of one interval beside a car that charges with 0 or 2 to 4 kW, by hand.

use offpeak_domain::{Home, Kilowatts};
use offpeak_testhomes::plain;

use crate::allowed::{Allowed, EXPORT, IDLE, IMPORT};
use crate::model::Model;
use crate::oracle::{Joint, JointOracle, View};
use crate::prices::Prices;

/// One hour with a surplus of 3 kW, which exports for 8 ct and imports for 30 ct.
fn model() -> Model {
    let mut spec = plain::hourly(&[30.0]);
    spec.grid.pv[0] = Kilowatts(3.0);
    spec.grid.export_price = plain::ct_per_kwh(&[8.0]);
    spec.evs.push(plain::ev(&spec, &[plain::power(2.0..=4.0)], 20.0));
    Model::of(&Home::new(spec).expect("a valid home"))
}

#[test]
fn a_pivot_sees_the_kink_between_export_and_import() {
    let model = model();
    let (prices, allowed, mut joint) = (Prices::zero(&model), Allowed::all(&model), Joint::default());
    let view = View { model: &model, prices: &prices, allowed: &allowed, lean: None };
    JointOracle::default().write(view, 0, &mut joint);
    assert!((joint.idle(0) + 24.0).abs() < 1e-9);
    let ends: Vec<f64> = joint
        .pieces(0, 0)
        .iter()
        .flat_map(|piece| [piece.lo, piece.cost_lo, piece.hi, piece.cost_hi])
        .collect();
    let expected = [2.0, -8.0, 3.0, 0.0, 3.0, 0.0, 4.0, 30.0];
    assert!(ends.len() == 8 && ends.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{ends:?}");
}

#[test]
fn a_priced_car_jumps_from_nothing_to_its_least_power() {
    let model = model();
    let mut oracle = JointOracle::default();
    // Charging 2 kW costs 16 ct of export, 3 kW 24 ct, 4 kW 54 ct; the price pays that back or not.
    for (price, expected) in [(0.0, -24.0), (7.9, -24.0), (8.1, -24.3), (20.0, -60.0), (40.0, -130.0)] {
        let (mut prices, allowed) = (Prices::zero(&model), Allowed::all(&model));
        prices.port_mut(0)[0] = price;
        let view = View { model: &model, prices: &prices, allowed: &allowed, lean: None };
        let found = oracle.without_pivot(view, 0).expect("feasible");
        assert!((found - expected).abs() < 1e-9, "at {price}: {found}");
    }
}

#[test]
fn what_is_not_allowed_is_not_used() {
    let model = model();
    let mut oracle = JointOracle::default();
    let mut prices = Prices::zero(&model);
    prices.port_mut(0)[0] = 40.0;
    let mut least = |bits: u8, direction: u8| {
        let mut allowed = Allowed::all(&model);
        allowed.set_group(0, 0, bits);
        allowed.set_direction(0, direction);
        oracle.without_pivot(View { model: &model, prices: &prices, allowed: &allowed, lean: None }, 0)
    };
    let close =
        |found: Option<f64>, expected: f64| found.is_some_and(|found| (found - expected).abs() < 1e-9);
    assert!(close(least(IDLE, IMPORT | EXPORT), -24.0));
    // Exporting only: at most 3 kW, at 40 ct each. Importing only: at least 3 kW, and 4 are best.
    assert!(close(least(IDLE | 2, EXPORT), -120.0));
    assert!(close(least(IDLE | 2, IMPORT), -130.0));
    assert_eq!(least(IDLE, IMPORT), None);
}
