//! A study in numbers: what each unit saved, what it could have saved, and each home's best tariff.

use crate::replay::Replay;
use crate::study::{Unit, UnitKey};

/// One unit beside the others of its home and tariff; money in ct.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitSummary {
    /// Which unit.
    pub key: UnitKey,
    /// What the supplier and the grid operator charge.
    pub bill_ct: f64,
    /// The bill, wear, starts, carbon and every penalty, less what the stores hold more at the end than at the start.
    pub net_ct: f64,
    /// What it costs less than the baseline, net: service not delivered and energy borrowed are counted. None without a baseline.
    pub saving_ct: Option<f64>,
    /// Plain difference of the bills. None without a baseline.
    pub bill_saving_ct: Option<f64>,
    /// What it costs more than the bound, net; may be a little below 0, since the bound is nearly one. None without it.
    pub regret_ct: Option<f64>,
}

/// The tariff under which a home, with a policy, pays least in all.
#[derive(Debug, Clone, PartialEq)]
pub struct BestTariff {
    /// The unit with that tariff.
    pub key: UnitKey,
    /// What it costs, net.
    pub net_ct: f64,
    /// How much less that is than under the next best tariff; none where there is only one.
    pub ahead_ct: Option<f64>,
}

/// Every unit that has a result, against the policies `baseline` and `bound` under the same tariff, in the order of `units`.
pub fn summarise(units: &[Unit], baseline: &str, bound: &str) -> Vec<UnitSummary> {
    let finished = || units.iter().filter_map(|unit| Some((&unit.key, unit.replay.as_ref().ok()?)));
    let other = |key: &UnitKey, policy: &str| {
        let wanted = UnitKey { policy: policy.to_owned(), ..key.clone() };
        finished().find(|(key, _)| **key == wanted).map(|(_, replay)| replay)
    };
    let summary = |(key, replay): (&UnitKey, &Replay)| {
        let (baseline, bound) = (other(key, baseline), other(key, bound));
        UnitSummary {
            key: key.clone(),
            bill_ct: replay.bill_ct(),
            net_ct: replay.net_ct(),
            saving_ct: baseline.map(|baseline| baseline.net_ct() - replay.net_ct()),
            bill_saving_ct: baseline.map(|baseline| baseline.bill_ct() - replay.bill_ct()),
            regret_ct: bound.map(|bound| replay.net_ct() - bound.net_ct()),
        }
    };
    finished().map(summary).collect()
}

/// For every home, variant and policy its best tariff, in the order in which they first come; of equal ones the first.
///
/// Stores are valued by each tariff's own mean price, which matters little over months.
pub fn best_tariffs(summaries: &[UnitSummary]) -> Vec<BestTariff> {
    let same = |one: &UnitKey, other: &UnitKey| {
        one.home == other.home && one.variant == other.variant && one.policy == other.policy
    };
    let mut best: Vec<BestTariff> = Vec::new();
    for summary in summaries {
        let fresh = BestTariff { key: summary.key.clone(), net_ct: summary.net_ct, ahead_ct: None };
        let Some(known) = best.iter_mut().find(|known| same(&known.key, &summary.key)) else {
            best.push(fresh);
            continue;
        };
        if fresh.net_ct < known.net_ct {
            let ahead_ct = Some(known.net_ct - fresh.net_ct);
            *known = BestTariff { ahead_ct, ..fresh };
        } else {
            let behind = fresh.net_ct - known.net_ct;
            known.ahead_ct = Some(known.ahead_ct.map_or(behind, |ahead| ahead.min(behind)));
        }
    }
    best
}
