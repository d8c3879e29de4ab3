//! The same home gives the same proposal, to its last bit: again, on another thread, and after other homes.

use std::thread;

use offpeak_domain::Home;
use offpeak_solver::Options;

use crate::judged::propose;
use crate::kinds::{KINDS, make};

/// Proposals as text: equal numbers print alike, and different ones differently.
fn proposals<'a>(homes: impl Iterator<Item = &'a Home>) -> Vec<String> {
    homes.map(|home| format!("{}: {:?}", home.id, propose(home, &Options::default()))).collect()
}

#[test]
fn threads_order_and_repetition_change_no_bit_of_a_proposal() {
    let homes: Vec<Home> = (0..KINDS.len()).map(|kind| make(kind, 1000)).collect();
    let once = proposals(homes.iter());
    let (again, mut backwards) = thread::scope(|scope| {
        let again = scope.spawn(|| proposals(homes.iter()));
        let backwards = scope.spawn(|| proposals(homes.iter().rev()));
        (again.join().expect("no panic"), backwards.join().expect("no panic"))
    });
    backwards.reverse();
    for ((once, again), backwards) in once.iter().zip(&again).zip(&backwards) {
        assert_eq!(once, again, "at once with another thread");
        assert_eq!(once, backwards, "after other homes");
    }
}
