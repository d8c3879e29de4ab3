//! Many homes in parallel, each on one thread.

use offpeak_domain::Home;
use rayon::prelude::*;

use crate::backend::SolveError;
use crate::plan_home::{HomePlan, Options, plan_home};

/// Plans every home on the current rayon pool; results stand in the order of `homes`, whatever the number of threads.
pub fn plan_fleet(homes: &[Home], options: &Options) -> Vec<Result<HomePlan, SolveError>> {
    homes.par_iter().map(|home| plan_home(home, options)).collect()
}
