//! Prices of any size, sign and shape: nothing panics, goes on for ever, or is no number.

use offpeak_domain::{Home, HomeSpec};
use offpeak_solver::{Decomposition, Options, plan_with};
use offpeak_tests::ct_per_kwh;

use crate::draw::Draw;
use crate::judged::propose;
use crate::kinds::{KINDS, make};

/// The home of each kind that is planned at every shape of prices.
const NUMBER: u64 = 4000;

/// Most iterations of the interior point for one home; some hundreds are usual.
const MOST_ITERATIONS: u64 = 20_000;

/// How prices are drawn, one per interval, and what they are then.
type Shape = (&'static str, fn(&mut Draw, usize) -> Vec<f64>);

const SHAPES: [Shape; 5] = [
    ("of any size and sign", |draw, count| (0..count).map(|_| any_price(draw)).collect()),
    ("all the same", |draw, count| vec![any_price(draw); count]),
    ("nothing", |_, count| vec![0.0; count]),
    ("of sizes far apart", |draw, count| (0..count).map(|_| draw.pick(&[1e-3, 1e3, -1e3, 0.0])).collect()),
    ("all but the same", |draw, count| (0..count).map(|_| 30.0 + draw.pick(&[0.0, 1e-9, -1e-9])).collect()),
];

/// A price between a thousandth and a thousand ct/kWh, of either sign.
fn any_price(draw: &mut Draw) -> f64 {
    10_f64.powf(draw.number(-3.0..3.0)) * draw.pick(&[1.0, -1.0])
}

fn priced(home: HomeSpec, import: &[f64], export: &[f64]) -> Home {
    let mut home = home;
    home.grid.import_price = ct_per_kwh(import);
    home.grid.export_price = ct_per_kwh(export);
    Home::new(home).expect("possible at any price")
}

/// What is wrong with how `home` is planned.
fn fault(home: &Home) -> Option<String> {
    let proposal = propose(home, &Options::default());
    if proposal.iterations > MOST_ITERATIONS || !proposal.bound.0.is_finite() {
        return Some(format!("bound {} after {} iterations", proposal.bound, proposal.iterations));
    }
    match plan_with(&Decomposition, home, &Options::default()) {
        Ok(planned) if planned.plan.certificate.objective.0.is_finite() => None,
        Ok(planned) => Some(format!("{:?}", planned.plan.certificate)),
        Err(error) => Some(format!("no plan: {error}")),
    }
}

/// The home of a kind at every shape of prices, named by the shape.
pub(crate) fn all(kind: usize, number: u64) -> impl Iterator<Item = Home> {
    SHAPES.into_iter().map(move |(shape, prices)| {
        let mut home = make(kind, number).into_spec();
        let (mut draw, count) = (Draw::from_seed(number), home.horizon.len());
        let (import, export) = (prices(&mut draw, count), prices(&mut draw, count));
        home.id = format!("{}, prices {shape}", home.id);
        priced(home, &import, &export)
    })
}

#[test]
fn a_home_has_a_sound_plan_at_any_prices() {
    let homes = (0..KINDS.len()).flat_map(|kind| all(kind, NUMBER));
    let faults: Vec<String> =
        homes.filter_map(|home| Some(format!("{}: {}", home.id, fault(&home)?))).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
