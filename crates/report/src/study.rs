//! A replay as a page shows it: policies and tariffs side by side, month by month, hour by hour, home by home.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::number::tidy;

/// Which part of a study a row belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StudyKey {
    /// The variant of the homes; `as is` for the homes themselves.
    pub variant: String,
    /// The tariff.
    pub tariff: String,
    /// The policy.
    pub policy: String,
}

/// What a home came to over the whole replay; money in ct.
#[derive(Debug, Clone, PartialEq)]
pub struct HomeTotal {
    /// Its id.
    pub home_id: String,
    /// What the supplier and the grid operator charge.
    pub bill_ct: f64,
    /// Bill, wear, comfort, service and energy borrowed from the stores.
    pub net_ct: f64,
    /// Against the baseline, net; none without one.
    pub saving_ct: Option<f64>,
    /// Against the bound, net; none without one.
    pub regret_ct: Option<f64>,
    /// Outside the comfort bands.
    pub discomfort_k_h: f64,
    /// Missing at departures.
    pub departure_kwh: f64,
    /// Whether no other tariff is cheaper for this home.
    pub best_tariff: bool,
}

/// What a home came to in one local hour of the day over a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourTotal {
    /// The hour, from 0 to 23.
    pub hour: usize,
    /// How long it was in all, in hours.
    pub hours: f64,
    /// Energy into devices that can be shifted, less what they give back.
    pub flexible_kwh: f64,
    /// Mean import price, in ct/kWh.
    pub price_ct_per_kwh: f64,
}

/// A study while its tables are read, row by row.
#[derive(Debug, Clone, Default)]
pub struct StudyBuilder {
    groups: Vec<Group>,
    best: Vec<(String, StudyKey, f64)>,
}

#[derive(Debug, Clone, Default)]
struct Group {
    key: Option<StudyKey>,
    homes: usize,
    best: usize,
    bill: f64,
    net: f64,
    saving: Option<f64>,
    regret: Option<f64>,
    kelvin_hours: f64,
    missing: f64,
    savings: Vec<(String, f64)>,
    months: BTreeMap<String, (f64, Option<f64>)>,
    hours: BTreeMap<(String, usize), [f64; 3]>,
}

/// A study as a page shows it; money in EUR.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StudyView {
    /// The policy that savings are counted from.
    pub baseline: String,
    /// The policy that regret is counted from.
    pub bound: String,
    /// All months, in order, as `2026-01`.
    pub months: Vec<String>,
    /// Every variant, tariff and policy, in the order in which they come.
    pub groups: Vec<StudyGroup>,
    /// Homes with their best tariff under each policy, its net cost, where there is more than one.
    pub best: Vec<(String, StudyKey, f64)>,
    /// What has no result, and why.
    pub failures: Vec<(String, String)>,
}

/// All homes under one tariff and policy; money in EUR.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StudyGroup {
    /// Which variant, tariff and policy.
    #[serde(flatten)]
    pub key: StudyKey,
    /// How many homes.
    pub homes: usize,
    /// For how many of them no other tariff is cheaper.
    pub best: usize,
    /// Bills.
    pub bill: f64,
    /// Bills, wear, comfort, service and energy borrowed.
    pub net: f64,
    /// Net saving; none without a baseline for every home.
    pub saving: Option<f64>,
    /// Regret; none without a bound for every home.
    pub regret: Option<f64>,
    /// Outside the comfort bands, in K h.
    pub kelvin_hours: f64,
    /// Missing at departures, in kWh.
    pub missing_kwh: f64,
    /// Net saving of every home.
    pub savings: Vec<(String, f64)>,
    /// Net cost and net saving of every month of the study.
    pub by_month: Vec<(f64, Option<f64>)>,
    /// Month (its place), hour, mean import price in ct/kWh, mean power into flexible devices in kW per home.
    pub by_hour: Vec<(usize, usize, f64, f64)>,
}

impl StudyBuilder {
    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Adds a home's row of the summary.
    pub fn add_home(&mut self, key: &StudyKey, home: HomeTotal) {
        if home.best_tariff {
            self.best.push((home.home_id.clone(), key.clone(), euros(home.net_ct)));
        }
        let group = self.group(key);
        let first = group.homes == 0;
        group.homes += 1;
        group.best += usize::from(home.best_tariff);
        group.bill += home.bill_ct;
        group.net += home.net_ct;
        group.saving = if first { home.saving_ct } else { add(group.saving, home.saving_ct) };
        group.regret = if first { home.regret_ct } else { add(group.regret, home.regret_ct) };
        group.kelvin_hours += home.discomfort_k_h;
        group.missing += home.departure_kwh;
        group.savings.extend(home.saving_ct.map(|saving| (home.home_id, euros(saving))));
    }

    /// Adds a home's day to its month, as `2026-01`.
    pub fn add_day(&mut self, key: &StudyKey, month: &str, net_ct: f64, saving_ct: Option<f64>) {
        let (net, saving) = self.group(key).months.entry(month.to_owned()).or_insert((0.0, Some(0.0)));
        *net += net_ct;
        *saving = add(*saving, saving_ct);
    }

    /// Adds a home's hour of the day in a month.
    pub fn add_hour(&mut self, key: &StudyKey, month: &str, hour: HourTotal) {
        let [hours, flexible, price] =
            self.group(key).hours.entry((month.to_owned(), hour.hour)).or_default();
        *hours += hour.hours;
        *flexible += hour.flexible_kwh;
        *price += hour.price_ct_per_kwh * hour.hours;
    }

    /// The view of all that was added.
    pub fn view(self, baseline: &str, bound: &str, failures: Vec<(String, String)>) -> StudyView {
        let mut months: Vec<String> =
            self.groups.iter().flat_map(|group| group.months.keys().cloned()).collect();
        months.sort();
        months.dedup();
        let groups = self.groups.into_iter().filter_map(|group| group.view(&months)).collect();
        StudyView {
            baseline: baseline.to_owned(),
            bound: bound.to_owned(),
            groups,
            best: self.best,
            months,
            failures,
        }
    }

    fn group(&mut self, key: &StudyKey) -> &mut Group {
        let known = self.groups.iter().position(|group| group.key.as_ref() == Some(key));
        let at = known.unwrap_or_else(|| {
            self.groups.push(Group { key: Some(key.clone()), ..Group::default() });
            self.groups.len() - 1
        });
        &mut self.groups[at]
    }
}

impl Group {
    fn view(self, months: &[String]) -> Option<StudyGroup> {
        let by_month = months.iter().map(|month| match self.months.get(month) {
            Some((net, saving)) => (euros(*net), saving.map(euros)),
            None => (0.0, None),
        });
        let hour = |((month, hour), [hours, flexible, price]): (&(String, usize), &[f64; 3])| {
            let month = months.binary_search(month).ok()?;
            Some((month, *hour, tidy(price / hours), tidy(flexible / hours)))
        };
        Some(StudyGroup {
            by_month: by_month.collect(),
            by_hour: self.hours.iter().filter_map(hour).collect(),
            key: self.key?,
            homes: self.homes,
            best: self.best,
            bill: euros(self.bill),
            net: euros(self.net),
            saving: self.saving.map(euros),
            regret: self.regret.map(euros),
            kelvin_hours: tidy(self.kelvin_hours),
            missing_kwh: tidy(self.missing),
            savings: self.savings,
        })
    }
}

fn euros(ct: f64) -> f64 {
    tidy(ct / 100.0)
}

/// None once one of both is none.
fn add(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    Some(one? + other?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(policy: &str) -> StudyKey {
        StudyKey { variant: "as is".into(), tariff: "flat".into(), policy: policy.into() }
    }

    fn home(id: &str, saving_ct: Option<f64>) -> HomeTotal {
        HomeTotal {
            home_id: id.into(),
            bill_ct: 500.0,
            net_ct: 600.0,
            saving_ct,
            regret_ct: Some(10.0),
            discomfort_k_h: 1.5,
            departure_kwh: 0.5,
            best_tariff: id == "a",
        }
    }

    #[test]
    fn homes_days_and_hours_add_up() {
        let mut study = StudyBuilder::default();
        study.add_home(&key("x"), home("a", Some(100.0)));
        study.add_home(&key("x"), home("b", Some(-20.0)));
        study.add_day(&key("x"), "2026-02", 100.0, Some(1.0));
        study.add_day(&key("x"), "2026-01", 300.0, Some(10.0));
        study.add_day(&key("x"), "2026-01", 300.0, Some(20.0));
        let hour = |hours, flexible_kwh, price_ct_per_kwh| HourTotal {
            hour: 3,
            hours,
            flexible_kwh,
            price_ct_per_kwh,
        };
        study.add_hour(&key("x"), "2026-02", hour(28.0, 14.0, 10.0));
        study.add_hour(&key("x"), "2026-02", hour(28.0, 42.0, 30.0));
        let view = study.view("x", "y", Vec::new());
        assert_eq!(view.months, ["2026-01", "2026-02"]);
        let group = &view.groups[0];
        assert_eq!((group.homes, group.best, group.saving, group.regret), (2, 1, Some(0.8), Some(0.2)));
        assert_eq!((group.bill, group.net, group.kelvin_hours, group.missing_kwh), (10.0, 12.0, 3.0, 1.0));
        assert_eq!(group.savings, [("a".to_owned(), 1.0), ("b".to_owned(), -0.2)]);
        assert_eq!(group.by_month, [(6.0, Some(0.3)), (1.0, Some(0.01))]);
        assert_eq!(group.by_hour, [(1, 3, 20.0, 1.0)]);
        assert_eq!(view.best, [("a".to_owned(), key("x"), 6.0)]);
    }

    #[test]
    fn a_saving_that_one_home_lacks_is_none() {
        let mut study = StudyBuilder::default();
        study.add_home(&key("x"), home("a", Some(100.0)));
        study.add_home(&key("x"), home("b", None));
        study.add_home(&key("y"), home("a", None));
        let view = study.view("", "", Vec::new());
        assert_eq!((view.groups[0].saving, view.groups[1].saving), (None, None));
        assert_eq!(view.groups[0].savings.len(), 1);
    }
}
