//! A day of quarter-hours with every kind of device takes no longer than a check may.

use std::time::Instant;

use offpeak_domain::{Costed, Home, Multipliers};
use offpeak_testhomes::full;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::bound;
use crate::never_above::{multipliers, pivots};

#[test]
fn a_full_home_is_checked_in_seconds() {
    let home = Home::new(full::spec(full::day())).expect("a possible home");
    let least = Costed::of(&home, offpeak_baseline::uncontrolled(&home)).money.objective().0;
    let mut cases: Vec<Option<_>> = pivots(&home).into_iter().map(Some).collect();
    cases.push(None);
    for pivot in cases {
        let priced = multipliers(&mut ChaCha8Rng::seed_from_u64(1), &home);
        let started = Instant::now();
        let found = bound(&home, Multipliers { pivot, ..priced });
        let taken = started.elapsed();
        println!("{pivot:?}: {found:?} of {least} in {taken:?}");
        assert!(found.bound.0 <= least, "{found:?} above {least}");
        assert!(taken.as_secs() < 60, "{taken:?}");
    }
}
