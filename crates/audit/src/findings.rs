//! Collects violations: compares with a tolerance and names the culprit.

use offpeak_domain::{Home, Kilowatts};

use crate::rule::{self, Rule};
use crate::violation::{Violation, number};

/// How far an equation in kW, kWh or K may be off; a power up to this counts as off.
pub(crate) const TOLERANCE: f64 = 1e-6;

/// Violations of one home, as they are found.
pub(crate) struct Findings<'a> {
    home: &'a Home,
    list: Vec<Violation>,
}

/// The findings about one device of the home.
pub(crate) struct About<'f, 'a> {
    findings: &'f mut Findings<'a>,
    device: &'f str,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(home: &'a Home) -> Self {
        Self { home, list: Vec::new() }
    }

    /// Whatever is found next concerns `device`.
    pub(crate) fn about<'f>(&'f mut self, device: &'f str) -> About<'f, 'a> {
        About { findings: self, device }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All findings in the order of time; those about the whole horizon come last.
    pub(crate) fn into_list(mut self) -> Vec<Violation> {
        self.list.sort_by_key(|violation| violation.interval.unwrap_or(usize::MAX));
        self.list
    }
}

impl About<'_, '_> {
    /// Reports a violation of `size` and what was expected and found.
    pub(crate) fn report(&mut self, rule: Rule, interval: Option<usize>, size: f64, detail: String) {
        let home = self.findings.home;
        self.findings.list.push(Violation {
            home_id: home.id.clone(),
            device: self.device.to_owned(),
            interval,
            start: interval.and_then(|t| home.horizon.edges().get(t).copied()),
            rule: rule.name,
            size,
            unit: rule.unit,
            detail,
        });
    }

    /// `found = expected`
    pub(crate) fn equal(&mut self, rule: Rule, t: usize, expected: f64, found: f64) {
        let size = (found - expected).abs();
        if size > TOLERANCE {
            let detail = format!("expected {}, found {}", number(expected), number(found));
            self.report(rule, Some(t), size, detail);
        }
    }

    /// `found <= most`
    pub(crate) fn at_most(&mut self, rule: Rule, t: usize, most: f64, found: f64) {
        if found - most > TOLERANCE {
            let detail = format!("expected at most {}, found {}", number(most), number(found));
            self.report(rule, Some(t), found - most, detail);
        }
    }

    /// `found >= least`
    pub(crate) fn at_least(&mut self, rule: Rule, t: usize, least: f64, found: f64) {
        if least - found > TOLERANCE {
            let detail = format!("expected at least {}, found {}", number(least), number(found));
            self.report(rule, Some(t), least - found, detail);
        }
    }

    /// `power` is 0 or lies in one of `ranges`, both ends included.
    pub(crate) fn off_or_in(&mut self, rule: Rule, t: usize, ranges: &[(Kilowatts, Kilowatts)], power: f64) {
        if power.abs() <= TOLERANCE {
            return;
        }
        let possible = ranges.iter().filter(|(min, max)| min <= max);
        let distance = |min: f64, max: f64| (min - power).max(power - max).max(0.0);
        let nearest = possible.map(|(min, max)| distance(min.0, max.0)).fold(power.abs(), f64::min);
        if nearest > TOLERANCE {
            let allowed: Vec<String> =
                ranges.iter().map(|(min, max)| format!("{}..{}", number(min.0), number(max.0))).collect();
            let detail = format!("expected 0 or {}, found {}", allowed.join(" or "), number(power));
            self.report(rule, Some(t), nearest, detail);
        }
    }

    /// Never both above 0; `names` say what the two powers are.
    pub(crate) fn never_both(&mut self, rule: Rule, t: usize, names: [&str; 2], powers: [f64; 2]) {
        let size = powers[0].min(powers[1]);
        if size > TOLERANCE {
            let [one, other] = names;
            let detail = format!("found {one} {} and {other} {}", number(powers[0]), number(powers[1]));
            self.report(rule, Some(t), size, detail);
        }
    }

    /// One amount over the whole horizon, with a tolerance of its own.
    pub(crate) fn amount(&mut self, rule: Rule, tolerance: f64, expected: f64, found: f64) {
        let size = (found - expected).abs();
        // NaN is off by more than any tolerance.
        if size <= tolerance {
            return;
        }
        let detail = format!("expected {}, found {}", number(expected), number(found));
        self.report(rule, None, size, detail);
    }

    /// A vector of the wrong length.
    pub(crate) fn count(&mut self, what: &str, expected: usize, found: usize) {
        if expected != found {
            let detail = format!("{what}: expected {expected}, found {found}");
            self.report(rule::VALUE_COUNT, None, expected.abs_diff(found) as f64, detail);
        }
    }
}
