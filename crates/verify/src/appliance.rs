//! The least cost of an appliance for given prices.

use offpeak_domain::{Appliance, RUNNING};

/// The least of skipping and of every run, at `prices` in ct/kW.
pub(crate) fn least(appliance: &Appliance, prices: &[f64]) -> f64 {
    let run = if appliance.interruptible {
        least_in_parts(appliance, prices)
    } else {
        least_in_one(appliance, prices)
    };
    // A profile without power costs nothing, run or not.
    let needs_power = appliance.profile.iter().any(|part| *part > RUNNING);
    run.min(if needs_power { appliance.skip_penalty.0 } else { 0.0 })
}

fn least_in_one(appliance: &Appliance, prices: &[f64]) -> f64 {
    let from = |start: usize| -> f64 {
        appliance.profile.iter().zip(&prices[start..]).map(|(power, price)| power.0 * price).sum()
    };
    (appliance.earliest_start..=appliance.latest_start).map(from).fold(f64::INFINITY, f64::min)
}

/// `done[k]` is the least cost of the first `k` parts in the intervals so far.
fn least_in_parts(appliance: &Appliance, prices: &[f64]) -> f64 {
    let parts = appliance.profile.len();
    let mut done = vec![f64::INFINITY; parts + 1];
    done[0] = 0.0;
    for price in &prices[appliance.earliest_start..appliance.latest_start + parts] {
        for part in (0..parts).rev() {
            done[part + 1] = done[part + 1].min(done[part] + appliance.profile[part].0 * price);
        }
    }
    done[parts]
}
