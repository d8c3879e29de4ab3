//! Nothing that claims to lie below every schedule lies above one.

use offpeak_domain::{Costed, GapTolerance, Home};

use super::{Lcg, home, schedules};
use crate::Effort;
use crate::allowed::Allowed;
use crate::bound::Evaluator;
use crate::lp::Settings;
use crate::model::Model;
use crate::prices::Prices;
use crate::relaxation::Relaxation;

/// The least cost of the search's schedule and of random ones, ct.
fn best_known(home: &Home, seed: u64) -> f64 {
    let random = schedules(home, seed, 200).into_iter();
    let found = crate::solve(home, None, GapTolerance::default(), Effort::Quick).setpoints;
    let found = found.map(|setpoints| Costed::of(home, setpoints));
    let found = found.filter(|costed| offpeak_audit::audit_costed(home, costed).is_empty());
    random.chain(found).map(|one| one.money.objective().0).fold(f64::MAX, f64::min)
}

/// Prices of the linear program, which are good, with some noise, and a price on starts.
fn good_prices(model: &Model, rng: &mut Lcg, noise: f64) -> Prices {
    let (mut prices, mut relaxation) = (Prices::zero(model), Relaxation::of(model, |_| true));
    relaxation.solve(model, &Allowed::all(model), &vec![0.0; model.intervals], &Settings::default());
    relaxation.write_prices(model, &mut prices);
    for port in 0..model.ports.len() {
        prices.port_mut(port).iter_mut().for_each(|price| *price += rng.between(-noise, noise));
    }
    // A cap that does not bind pays back more than the starts pay.
    for store in 0..model.stores.len() {
        prices.start_mut(store).fill(if noise > 0.0 { 40.0 } else { 0.0 });
    }
    prices
}

/// Prices around the worth of power, and of serving the second sink, with no sense to them.
fn random_prices(model: &Model, rng: &mut Lcg) -> Prices {
    let mut prices = Prices::zero(model);
    for port in 0..model.ports.len() {
        prices.port_mut(port).iter_mut().for_each(|price| *price = rng.between(-5.0, 45.0));
    }
    for pair in 0..model.shared.len() {
        prices.serve_mut(pair).iter_mut().for_each(|price| *price = rng.between(-10.0, 10.0));
    }
    for store in 0..model.stores.len() {
        prices.start_mut(store).iter_mut().for_each(|price| *price = rng.between(0.0, 10.0));
    }
    for peak in 0..model.grid.peaks.len() {
        let values: Vec<f64> = (0..model.intervals).map(|_| rng.between(-5.0, 10.0)).collect();
        prices.set_peak(model, peak, &values);
    }
    prices
}

#[test]
fn any_prices_bound_every_schedule_from_below_with_every_pivot() {
    let mut evaluator = Evaluator::default();
    for seed in 0..20 {
        let home = home(seed);
        let model = Model::of(&home);
        let least = best_known(&home, seed);
        let mut rng = Lcg(seed);
        let noises = [0.0, 0.2, 5.0].map(|noise| good_prices(&model, &mut rng, noise));
        for prices in noises.into_iter().chain([random_prices(&model, &mut rng)]) {
            let stores = (0..model.stores.len()).filter(|store| model.served_by(*store).is_none());
            for pivot in std::iter::once(None).chain(stores.map(Some)) {
                let bound = evaluator.bound(&model, &mut prices.clone(), &Allowed::all(&model), pivot);
                assert!(bound <= least, "seed {seed}, pivot {pivot:?}: {bound} above {least}");
            }
        }
    }
}

#[test]
fn an_unpriced_pivot_raises_the_bound_at_the_same_prices() {
    let mut evaluator = Evaluator::default();
    for seed in 0..20 {
        let model = Model::of(&home(seed));
        let mut prices = random_prices(&model, &mut Lcg(seed + 50));
        let all = Allowed::all(&model);
        let priced = evaluator.bound(&model, &mut prices, &all, None);
        for pivot in (0..model.stores.len()).filter(|store| model.served_by(*store).is_none()) {
            let bound = evaluator.bound(&model, &mut prices.clone(), &all, Some(pivot));
            // What two simplifications may lose.
            assert!(bound >= priced - 2e-3, "seed {seed}, pivot {pivot}: {bound} below {priced}");
        }
    }
}

#[test]
fn the_linear_program_is_below_every_schedule() {
    for seed in 0..20 {
        let mut spec = home(seed).into_spec();
        spec.appliances.clear();
        let home = Home::new(spec).expect("still valid");
        let model = Model::of(&home);
        let mut relaxation = Relaxation::of(&model, |_| true);
        let load = vec![0.0; model.intervals];
        let outcome = relaxation.solve(&model, &Allowed::all(&model), &load, &Settings::default());
        let edges = model.stores.iter().flat_map(|device| &device.store.edges);
        let optimum = outcome.objective + edges.map(|edge| edge.cost(edge.low)).sum::<f64>();
        let least = best_known(&home, seed);
        assert!(optimum <= least + 1e-5 * (1.0 + least.abs()), "seed {seed}: {optimum} above {least}");
    }
}

#[test]
fn a_search_ends_with_its_schedule_above_its_bound_and_below_random_ones() {
    for seed in 0..10 {
        let home = home(seed);
        let found = crate::solve(&home, None, GapTolerance::default(), Effort::Standard);
        let costed = Costed::of(&home, found.setpoints.expect("every home has a schedule"));
        assert_eq!(offpeak_audit::audit_costed(&home, &costed), [], "seed {seed}");
        let objective = costed.money.objective().0;
        let random =
            schedules(&home, seed, 200).iter().map(|one| one.money.objective().0).fold(f64::MAX, f64::min);
        assert!(found.bound <= objective, "seed {seed}: {} above {objective}", found.bound);
        assert!(objective <= random, "seed {seed}: {objective} above {random}");
    }
}
