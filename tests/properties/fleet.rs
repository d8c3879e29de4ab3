//! A home is planned alike whatever the number of threads and whoever its neighbours are.

use offpeak_domain::{Home, HomeSpec};
use offpeak_solver::{Options, plan_fleet};
use proptest::collection::vec;
use proptest::proptest;
use rayon::ThreadPoolBuilder;

use crate::any_home::small_home;
use crate::cases;

/// Every plan to its last bit, as text: equal numbers print alike, and different ones differently.
fn plans(homes: &[Home], threads: usize) -> Vec<String> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
    let planned = pool.install(|| plan_fleet(homes, &Options::default()));
    planned.into_iter().map(|home| format!("{:?}", home.expect("a plan"))).collect()
}

fn numbered(homes: Vec<HomeSpec>) -> Vec<Home> {
    let with_id = |(number, home)| HomeSpec { id: format!("home {number}"), ..home };
    homes.into_iter().enumerate().map(with_id).map(|home| Home::new(home).expect("possible")).collect()
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn threads_and_neighbours_change_no_bit_of_a_plan(homes in vec(small_home(), 8)) {
        let mut homes = numbered(homes);
        let alone = plans(&homes, 1);
        assert_eq!(alone, plans(&homes, 2));
        homes.reverse();
        let mut reversed = plans(&homes, 2);
        reversed.reverse();
        assert_eq!(alone, reversed);
    }
}
