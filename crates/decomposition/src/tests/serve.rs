//! Two sinks on one compressor: an interval that one takes is one that the other gives, no more and no less.

use offpeak_domain::{HeatPump, Home};
use offpeak_testhomes::plain;

use crate::allowed::Allowed;
use crate::master::{Column, Master};
use crate::model::{Action, Model};
use crate::oracle::Trace;
use crate::prices::Prices;

fn model() -> Model {
    let mut spec = plain::hourly(&[30.0; 4]);
    let range = plain::power(1.0..=2.0);
    let (rooms, water) = (plain::room(&spec, range), plain::water(&spec, range));
    let pump = HeatPump { rooms: Some(rooms), hot_water: Some(water), ..plain::pump(&spec) };
    spec.heat_pumps.push(pump);
    Model::of(&Home::new(spec).expect("a valid home"))
}

fn column(model: &Model, store: usize, action: &[Action]) -> Column {
    let power =
        action.iter().map(|action| if matches!(action, Action::Port(_)) { 1.5 } else { 0.0 }).collect();
    let trace = Trace { action: action.to_vec(), power, heater: vec![0.0; 4], ..Trace::default() };
    Column::of_store(model, store, &trace)
}

/// Prices of serving when the rooms' only way gives interval 1 and the tank's only way takes interval 2.
fn prices_of_serving() -> Vec<f64> {
    let model = model();
    let pair = model.shared[0];
    let tank = model.stores[pair.served].ports().next().expect("a port");
    let rooms = model.stores[pair.main].ports().next().expect("a port");
    let (idle, run) = (Action::Idle, Action::Port(rooms));
    let mut master = Master::of(&model);
    master.add(column(&model, pair.main, &[run, Action::Serve, idle, run]));
    master.add(column(&model, pair.served, &[idle, idle, Action::Port(tank), idle]));
    let (centre, mut prices) = (Prices::zero(&model), Prices::zero(&model));
    let mut centre_with_duals = centre.clone();
    let mut relaxation = crate::relaxation::Relaxation::of(&model, |_| true);
    let all = Allowed::all(&model);
    relaxation.solve(&model, &all, &[0.0; 4], &crate::lp::Settings::default());
    relaxation.write_prices(&model, &mut centre_with_duals);
    centre_with_duals.serve_mut(0).fill(0.0);
    master.solve(&model, &all, (&centre_with_duals, 1.0), &mut prices);
    prices.serve(0).to_vec()
}

/// With an inequality the price of giving too much would stay at 0: the compressor could bridge a pause for nothing by
/// serving a tank that draws nothing.
#[test]
fn giving_what_no_one_takes_costs_and_taking_what_no_one_gives_costs() {
    let prices = prices_of_serving();
    assert!(
        prices[1] < -1e-3,
        "the compressor is still paid for an interval that the tank does not take: {prices:?}"
    );
    assert!(prices[2] > 1e-3, "the tank pays nothing for an interval that it is not given: {prices:?}");
    assert!(prices[0].abs() < 1e-3 && prices[3].abs() < 1e-3, "{prices:?}");
}
