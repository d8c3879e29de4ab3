//! The charts of a replay.

use super::bars::{Bars, bar_chart};
use super::heat_map::{Cell, heat_map};
use super::sheet::COLOURS;
use super::{Chart, ChartError};
use crate::study::{StudyGroup, StudyView};

/// The charts of a study: savings, regret and, under each tariff, savings by month, prices and what moves by month and hour.
///
/// # Errors
/// [`ChartError`] where a chart can't be drawn.
pub fn study_charts(study: &StudyView) -> Result<Vec<Chart>, ChartError> {
    let variants = distinct(study.groups.iter().map(|group| group.key.variant.as_str()));
    let mut charts = Vec::new();
    for (at, variant) in variants.iter().enumerate() {
        let groups: Vec<&StudyGroup> =
            study.groups.iter().filter(|group| group.key.variant == *variant).collect();
        let prefix = if at == 0 { String::new() } else { format!("variant-{}-", at + 1) };
        charts.extend(variant_charts(study, &groups, &prefix)?);
    }
    Ok(charts)
}

fn variant_charts(study: &StudyView, groups: &[&StudyGroup], prefix: &str) -> Result<Vec<Chart>, ChartError> {
    let tariffs = distinct(groups.iter().map(|group| group.key.tariff.as_str()));
    let policies = distinct(groups.iter().map(|group| group.key.policy.as_str()));
    let of = |tariff: &str, policy: &str| {
        groups.iter().copied().find(|group| group.key.tariff == tariff && group.key.policy == policy)
    };
    let bars = |without: &str, value: &dyn Fn(&StudyGroup) -> Option<f64>| -> Vec<Bars<'_>> {
        let shown = policies.iter().enumerate().filter(|(_, policy)| **policy != without);
        let values = |policy: &str| tariffs.iter().map(|tariff| of(tariff, policy).and_then(value)).collect();
        shown
            .map(|(at, policy)| Bars { name: policy, colour: COLOURS[at % 8], values: values(policy) })
            .collect()
    };
    let mut charts = vec![
        bar_chart(
            "savings",
            "Net saving, EUR over all homes",
            &tariffs,
            &bars(&study.baseline, &|group| group.saving),
        )?,
        bar_chart("net", "Net cost, EUR over all homes", &tariffs, &bars("", &|group| Some(group.net)))?,
        bar_chart(
            "regret",
            "Regret, EUR over all homes",
            &tariffs,
            &bars(&study.bound, &|group| group.regret),
        )?,
    ];
    let months: Vec<&str> = study.months.iter().map(String::as_str).collect();
    for (at, tariff) in tariffs.iter().enumerate() {
        let number = at + 1;
        let series: Vec<Bars<'_>> = policies
            .iter()
            .enumerate()
            .filter(|(_, policy)| **policy != study.baseline)
            .filter_map(|(at, policy)| {
                let values = of(tariff, policy)?.by_month.iter().map(|month| month.1).collect();
                Some(Bars { name: policy, colour: COLOURS[at % 8], values })
            })
            .collect();
        let title = format!("Net saving by month, EUR over all homes: {tariff}");
        charts.push(named(bar_chart("months", &title, &months, &series)?, number));
        let Some(first) = policies.iter().find_map(|policy| of(tariff, policy)) else { continue };
        let cells: Vec<Cell> = first.by_hour.iter().map(|cell| (cell.0, cell.1, cell.2)).collect();
        let title = format!("Mean import price, ct/kWh: {tariff}");
        charts.push(named(heat_map("prices", &title, &months, &cells, false)?, number));
        let Some(base) = of(tariff, &study.baseline) else { continue };
        for (at, policy) in policies.iter().enumerate().filter(|(_, policy)| **policy != study.baseline) {
            let Some(group) = of(tariff, policy) else { continue };
            let title = format!("Flexible load against {}, kW per home: {tariff}, {policy}", study.baseline);
            let chart = heat_map("moves", &title, &months, &difference(group, base), true)?;
            charts.push(named(named(chart, number), at));
        }
    }
    Ok(charts.into_iter().map(|chart| Chart { name: format!("{prefix}{}", chart.name), ..chart }).collect())
}

fn named(chart: Chart, number: usize) -> Chart {
    Chart { name: format!("{}-{number}", chart.name), ..chart }
}

/// Where a policy has more flexible load than the baseline.
fn difference(group: &StudyGroup, base: &StudyGroup) -> Vec<Cell> {
    let before = |month: usize, hour: usize| {
        base.by_hour.iter().find(|cell| (cell.0, cell.1) == (month, hour)).map_or(0.0, |cell| cell.3)
    };
    group.by_hour.iter().map(|cell| (cell.0, cell.1, cell.3 - before(cell.0, cell.1))).collect()
}

/// Each name once, in the order in which they come.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{HomeTotal, HourTotal, StudyBuilder, StudyKey};

    fn study() -> StudyView {
        let mut study = StudyBuilder::default();
        for (policy, saving) in [("uncontrolled", 0.0), ("day-ahead", -250.0), ("<script>", 1e4)] {
            let key =
                StudyKey { variant: "as is".into(), tariff: "flat & fair".into(), policy: policy.into() };
            let home = HomeTotal {
                home_id: "a".into(),
                bill_ct: 1.0,
                net_ct: 2.0,
                saving_ct: Some(saving),
                regret_ct: None,
                discomfort_k_h: 0.0,
                departure_kwh: 0.0,
                best_tariff: true,
            };
            study.add_home(&key, home);
            for month in ["2026-01", "2026-02"] {
                study.add_day(&key, month, 1.0, Some(saving / 2.0));
                for hour in 0..24 {
                    let total =
                        HourTotal { hour, hours: 31.0, flexible_kwh: saving, price_ct_per_kwh: hour as f64 };
                    study.add_hour(&key, month, total);
                }
            }
        }
        study.view("uncontrolled", "perfect-foresight", Vec::new())
    }

    #[test]
    fn a_study_has_its_charts_and_the_same_bytes_every_time() {
        let charts = study_charts(&study()).unwrap();
        let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
        let expected = ["savings", "net", "regret", "months-1", "prices-1", "moves-1-1", "moves-1-2"];
        assert_eq!(names, expected);
        assert_eq!(charts, study_charts(&study()).unwrap());
        let bars = charts[0].svg.matches("<rect").count();
        assert!(bars > 2 * 2, "a sheet, two bars and what they are: {bars}");
        assert!(charts[4].svg.matches("<rect").count() > 48, "two months of 24 hours");
    }

    #[test]
    fn names_stay_text() {
        for Chart { name, svg } in study_charts(&study()).unwrap() {
            assert!(!svg.contains("<script>"), "{name}");
            assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{name}");
        }
    }

    #[test]
    fn an_empty_study_has_no_charts() {
        assert_eq!(study_charts(&StudyBuilder::default().view("", "", Vec::new())).unwrap(), []);
    }
}
