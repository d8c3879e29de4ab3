//! The cheapest placement of an appliance's run at given prices, exactly.

use crate::model::Run;

/// A placement: the interval of every part; empty where the run is skipped.
pub(crate) type Placement = Vec<usize>;

/// Least cost in ct at `price[t]` ct per kW, and the placement that has it.
pub(crate) fn cheapest(run: &Run, price: &[f64], placement: &mut Placement) -> f64 {
    let cost =
        if run.interruptible { in_parts(run, price, placement) } else { in_one_piece(run, price, placement) };
    if cost <= run.skip_penalty {
        return cost;
    }
    placement.clear();
    run.skip_penalty
}

fn in_one_piece(run: &Run, price: &[f64], placement: &mut Placement) -> f64 {
    let cost =
        |start: usize| run.profile.iter().zip(&price[start..]).map(|(power, price)| power * price).sum();
    let (mut best, mut least) = (*run.starts.start(), f64::INFINITY);
    for start in run.starts.clone() {
        let cost: f64 = cost(start);
        if cost < least {
            (best, least) = (start, cost);
        }
    }
    placement.clear();
    placement.extend(best..best + run.profile.len());
    least
}

/// Part `k` runs in one interval of `starts + k`, after part `k - 1`: least cost of the parts up to each interval.
fn in_parts(run: &Run, price: &[f64], placement: &mut Placement) -> f64 {
    let first = *run.starts.start();
    let width = run.starts.end() - first + 1;
    // best[k][i]: parts 0..=k done, part k at first + k + i or earlier, at[k][i] says where.
    let mut best = vec![0.0; width];
    let mut at = vec![0; width * run.profile.len()];
    for (k, power) in run.profile.iter().enumerate() {
        let mut least = (f64::INFINITY, 0);
        for i in 0..width {
            let cost = best[i] + power * price[first + k + i];
            if cost < least.0 {
                least = (cost, i);
            }
            best[i] = least.0;
            at[k * width + i] = least.1;
        }
    }
    placement.clear();
    let mut last = width - 1;
    for k in (0..run.profile.len()).rev() {
        last = at[k * width + last];
        placement.push(first + k + last);
    }
    placement.reverse();
    best[width - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(interruptible: bool) -> Run {
        Run { port: 0, profile: vec![2.0, 1.0], starts: 1..=3, interruptible, skip_penalty: 50.0 }
    }

    #[test]
    fn an_unbroken_run_takes_the_cheapest_start_in_its_window() {
        let price = [0.0, 5.0, 1.0, 2.0, 9.0, 0.0];
        let mut placement = Vec::new();
        assert!((cheapest(&run(false), &price, &mut placement) - 4.0).abs() < 1e-12);
        assert_eq!(placement, [2, 3]);
    }

    #[test]
    fn a_run_with_pauses_takes_each_part_where_it_is_cheapest_in_order() {
        let price = [0.0, 1.0, 5.0, 2.0, 0.5, 0.0];
        let mut placement = Vec::new();
        assert!((cheapest(&run(true), &price, &mut placement) - 2.5).abs() < 1e-12);
        assert_eq!(placement, [1, 4]);
    }

    #[test]
    fn a_run_is_skipped_only_where_that_is_cheaper() {
        let mut placement = vec![7];
        assert!((cheapest(&run(false), &[30.0; 6], &mut placement) - 50.0).abs() < 1e-12);
        assert!(placement.is_empty());
    }
}
