//! Fixed-speed compressors with two sinks have finitely many patterns: the optimum by enumeration.

use offpeak_audit::audit_costed;
use offpeak_domain::{Cents, CompressorState, Costed, HeatPump, Home, KilowattHours, Kilowatts, Setpoints};
use offpeak_testhomes::plain;

use super::Lcg;
use crate::allowed::Allowed;
use crate::model::Model;
use crate::oracle::{Question, StoreOracle, Trace};
use crate::prices::Prices;

const HOURS: usize = 7;
const SPEED: f64 = 2.0;

fn home(seed: u64, both: bool) -> Home {
    let mut rng = Lcg(seed * 31 + 7);
    let prices: Vec<f64> = (0..HOURS).map(|_| rng.between(0.0, 40.0)).collect();
    let mut spec = plain::hourly(&prices);
    let range = plain::power(SPEED..=SPEED);
    let mut water = plain::water(&spec, range);
    water.draw[3] = KilowattHours(rng.between(0.0, 6.0));
    let rooms = plain::room(&spec, range);
    spec.heat_pumps.push(HeatPump {
        rooms: Some(rooms),
        hot_water: both.then_some(water),
        min_run: 2,
        min_pause: 2,
        before: CompressorState { running: rng.one_in(2.0), intervals: 1 },
        start_cost: Cents(rng.between(0.0, 60.0)),
        ..plain::pump(&spec)
    });
    Home::new(spec).expect("a valid home")
}

/// Every pattern of idle, rooms and water that keeps the rules, as setpoints.
fn patterns(home: &Home) -> impl Iterator<Item = Costed> + '_ {
    let sinks = if home.heat_pumps[0].hot_water.is_some() { 3_usize } else { 2 };
    let count = (0..HOURS).fold(1, |count, _| count * sinks);
    let costed = move |pattern: usize| {
        let mut plan = Setpoints::idle(home);
        let mut rest = pattern;
        for t in 0..HOURS {
            match rest % sinks {
                1 => plan.heat_pumps[0].rooms[t] = Kilowatts(SPEED),
                2 => plan.heat_pumps[0].hot_water[t] = Kilowatts(SPEED),
                _ => {}
            }
            rest /= sinks;
        }
        Costed::of(home, plan)
    };
    (0..count).map(costed).filter(|costed| audit_costed(home, costed).is_empty())
}

#[test]
fn the_search_brackets_the_enumerated_optimum_and_comes_near_it() {
    let (mut above, mut below, mut size) = (0.0, 0.0, 0.0);
    for seed in 0..20 {
        let home = home(seed, true);
        let optimum = patterns(&home).map(|one| one.money.objective().0).fold(f64::MAX, f64::min);
        let found =
            crate::solve(&home, None, offpeak_domain::GapTolerance::default(), crate::Effort::Standard);
        let costed = Costed::of(&home, found.setpoints.expect("a schedule"));
        let objective = costed.money.objective().0;
        assert!(found.bound <= optimum + 1e-6, "seed {seed}: bound {} above {optimum}", found.bound);
        assert!(objective >= optimum - 1e-6, "seed {seed}: {objective} below {optimum}");
        above += objective - optimum;
        below += optimum - found.bound;
        size += optimum.abs();
    }
    assert!(above < 0.001 * size && below < 0.05 * size, "{above} above and {below} below {size} ct");
}

#[test]
fn a_store_takes_its_cheapest_way_at_any_prices() {
    let mut oracle = StoreOracle::default();
    for seed in 0..20 {
        let home = home(seed, false);
        let model = Model::of(&home);
        let mut rng = Lcg(seed);
        let mut prices = Prices::zero(&model);
        prices.port_mut(0).iter_mut().for_each(|price| *price = rng.between(-10.0, 40.0));
        // The meter's money in place of the prices: what is left is the device's own.
        let priced = |costed: &Costed| {
            let own = costed.money.objective().0 - costed.money.bill().0;
            let power = costed.schedule.setpoints.heat_pumps[0].rooms.iter();
            own + power.zip(prices.port(0)).map(|(kw, price)| kw.0 * price).sum::<f64>()
        };
        let optimum = patterns(&home).map(|one| priced(&one)).fold(f64::MAX, f64::min);
        let (all, mut trace) = (Allowed::all(&model), Trace::default());
        let question = Question { model: &model, prices: &prices, allowed: &all, joint: None };
        let bound = oracle.solve(question, 0, &mut trace).expect("a way");
        assert!(bound <= optimum && optimum <= bound + 2e-3, "seed {seed}: {bound} {optimum}");
        assert!((trace.cost - optimum).abs() < 2e-3, "seed {seed}: {} {optimum}", trace.cost);
    }
}
