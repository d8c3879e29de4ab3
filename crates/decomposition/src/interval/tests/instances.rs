//! Random intervals in a form that the oracle and the judge read independently.

use super::super::{Interval, Meter, MeterRule, Segment};

/// A linear congruential generator: the same numbers on every machine.
pub(in super::super) struct Lcg(pub(in super::super) u64);

impl Lcg {
    pub(in super::super) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(in super::super) fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.unit()
    }

    pub(in super::super) fn below(&mut self, n: u32) -> u32 {
        let x = self.unit() * f64::from(n);
        (1..n).filter(|&i| f64::from(i) <= x).count().try_into().unwrap()
    }

    pub(in super::super) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }
}

#[derive(Debug)]
pub(super) struct Alternative {
    pub(super) rule: MeterRule,
    pub(super) segments: Vec<Segment>,
}

/// One interval: the meter and, per follower, its alternatives.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) meter: Meter,
    pub(super) followers: Vec<Vec<Alternative>>,
    pub(super) range: (f64, f64),
    pub(super) rule: MeterRule,
}

impl Instance {
    pub(super) fn build(&self, interval: &mut Interval) {
        interval.clear(self.meter);
        for follower in &self.followers {
            interval.begin_follower();
            for mode in follower {
                interval.add_mode(mode.rule, &mode.segments);
            }
        }
    }
}

/// A random instance; `step` > 0 rounds all data to multiples of it, which makes ties and touching ranges.
pub(super) fn random(rng: &mut Lcg, followers: u32, step: f64) -> Instance {
    let round = move |x: f64| if step > 0.0 { (x / step).round() * step } else { x };
    let meter = random_meter(rng, &round);
    let followers = (0..followers).map(|_| random_follower(rng, &round)).collect();
    let lo = round(rng.between(-6.0, 4.0));
    let range = (lo, lo + if rng.chance(0.2) { 0.0 } else { round(rng.between(0.0, 10.0)) });
    let rule = if rng.chance(0.8) { MeterRule::Free } else { random_rule(rng, 1.0) };
    Instance { meter, followers, range, rule }
}

fn random_meter(rng: &mut Lcg, round: &impl Fn(f64) -> f64) -> Meter {
    let tight = if rng.chance(0.4) { 0.3 } else { 1.5 };
    let import_limit = round(rng.between(0.0, 12.0) * tight);
    let export_limit = round(rng.between(0.0, 12.0) * tight);
    Meter {
        base: round(rng.between(-8.0, 6.0)),
        curtail_max: if rng.chance(0.5) { 0.0 } else { round(rng.between(0.0, 4.0)) },
        import_slope: round(rng.between(-2.0, 9.0)),
        import_limit,
        import_most: import_limit
            + if rng.chance(0.3) { f64::INFINITY } else { round(rng.between(0.0, 4.0)) },
        import_overshoot_slope: round(rng.between(0.0, 40.0)),
        export_slope: round(rng.between(-3.0, 7.0)),
        export_limit,
        export_most: export_limit
            + if rng.chance(0.3) { f64::INFINITY } else { round(rng.between(0.0, 4.0)) },
        export_overshoot_slope: round(rng.between(0.0, 40.0)),
    }
}

fn random_rule(rng: &mut Lcg, ruled: f64) -> MeterRule {
    if !rng.chance(ruled) {
        MeterRule::Free
    } else if rng.chance(0.5) {
        MeterRule::NotWhileImporting
    } else {
        MeterRule::NotWhileExporting
    }
}

fn random_follower(rng: &mut Lcg, round: &impl Fn(f64) -> f64) -> Vec<Alternative> {
    let price = |rng: &mut Lcg| round(rng.between(-3.0, 10.0));
    let ruled = if rng.chance(0.7) { 0.0 } else { 0.6 };
    let one = |lo, hi, price| vec![Segment { lo, hi, price }];
    let zero = Alternative { rule: MeterRule::Free, segments: one(0.0, 0.0, 0.0) };
    match rng.below(5) {
        // A battery without least powers; the prices may come in the wrong order.
        0 => {
            let (lo, hi) = (-round(rng.between(0.0, 5.0)), round(rng.between(0.0, 5.0)));
            let segments =
                vec![Segment { lo, hi: 0.0, price: price(rng) }, Segment { lo: 0.0, hi, price: price(rng) }];
            vec![Alternative { rule: MeterRule::Free, segments }]
        }
        // An EV with two ranges, or an appliance with one power.
        1 => {
            let lo = round(rng.between(0.5, 2.0));
            let paid = price(rng);
            let low = one(lo, lo + round(rng.between(0.0, 3.0)), paid);
            let high = one(2.0 * lo + 1.0, 2.0 * lo + 1.0 + round(rng.between(0.0, 4.0)), paid);
            let rule = random_rule(rng, ruled);
            let ranges = [low, high].into_iter().map(|segments| Alternative { rule, segments });
            std::iter::once(zero).chain(ranges).collect()
        }
        // A battery with least powers and meter rules.
        2 => {
            let (c, d) = (round(rng.between(0.1, 1.0)), round(rng.between(0.1, 1.0)));
            let charge = one(c, c + round(rng.between(0.0, 4.0)), price(rng));
            let discharge = one(-d - round(rng.between(0.0, 4.0)), -d, price(rng));
            let (up, down) = (random_rule(rng, ruled), random_rule(rng, ruled));
            let modes =
                [(up, charge), (down, discharge)].map(|(rule, segments)| Alternative { rule, segments });
            std::iter::once(zero).chain(modes).collect()
        }
        // Ranges that overlap or touch, at prices of their own.
        3 => {
            let lo = round(rng.between(-3.0, 1.0));
            let middle = lo + round(rng.between(0.5, 3.0));
            let first = one(lo, middle, price(rng));
            let second =
                one(middle - round(rng.between(0.0, 1.0)), middle + round(rng.between(0.5, 3.0)), price(rng));
            let point = one(middle, middle, price(rng));
            let rule = random_rule(rng, ruled);
            [first, second, point].into_iter().map(|segments| Alternative { rule, segments }).collect()
        }
        // A chain that does not touch zero, or one that crosses it inside a segment; zero may be missing.
        _ => {
            let lo = round(rng.between(-4.0, 2.0));
            let middle = lo + round(rng.between(0.5, 2.0));
            let hi = middle + round(rng.between(0.5, 2.0));
            let segments = vec![
                Segment { lo, hi: middle, price: price(rng) },
                Segment { lo: middle, hi, price: price(rng) },
            ];
            let chain = Alternative { rule: random_rule(rng, ruled), segments };
            if rng.chance(0.5) { vec![chain] } else { vec![chain, zero] }
        }
    }
}
