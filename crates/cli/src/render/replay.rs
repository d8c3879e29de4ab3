//! A study in a terminal: savings by tariff and policy, best tariffs, what has no result.

use std::fmt::Write;
use std::path::Path;

use comfy_table::{CellAlignment, Table, presets};
use offpeak_domain::Cents;
use offpeak_replay::UnitKey;
use offpeak_report::{HomeTotal, StudyBuilder, StudyGroup, StudyKey};

use super::euros;
use super::first_few::FirstFew;
use crate::study::Line;

/// Totals over homes, in the order in which they come.
#[derive(Default)]
pub(crate) struct StudyReport {
    totals: StudyBuilder,
    /// Failures, the first few in words.
    pub(crate) failures: FirstFew,
    /// What of the homes is not replayed, the first few.
    pub(crate) notes: FirstFew,
}

impl StudyReport {
    pub(crate) fn add(&mut self, line: &Line) {
        let (UnitKey { home, variant, tariff, policy }, total) = (line.key.clone(), &line.total);
        let home = HomeTotal {
            home_id: home,
            bill_ct: total.row.bill_ct(),
            net_ct: total.net_ct(),
            saving_ct: total.saving_ct,
            regret_ct: total.regret_ct,
            discomfort_k_h: total.row.discomfort_k_h,
            departure_kwh: total.row.departure_kwh,
            best_tariff: line.best_tariff,
        };
        self.totals.add_home(&StudyKey { variant, tariff, policy }, home);
    }

    /// Whether nothing has a result.
    pub(crate) fn is_empty(&self) -> bool {
        self.totals.is_empty()
    }

    /// The whole report, ending with where the tables are.
    pub(crate) fn render(self, folder: &Path) -> String {
        let groups = self.totals.view("", "", Vec::new()).groups;
        let mut text = table(&groups).to_string();
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "\n\nEUR over all homes; net counts wear, comfort, service and energy borrowed from the stores\n"
        );
        let _ = write_best(&groups, &mut text);
        let failed = self.failures.count();
        if failed > 0 {
            let _ = writeln!(text, "failed      {failed}, named in the table summary");
        }
        let _ = writeln!(text, "\nresults are in {0}; look at them: offpeak report {0}", folder.display());
        text
    }
}

fn write_best(groups: &[StudyGroup], text: &mut String) -> std::fmt::Result {
    let mut told: Vec<(&str, &str)> = Vec::new();
    for group in groups {
        let name = (group.key.variant.as_str(), group.key.policy.as_str());
        let tariffs =
            || groups.iter().filter(|one| (one.key.variant.as_str(), one.key.policy.as_str()) == name);
        if told.contains(&name) || tariffs().count() < 2 {
            continue;
        }
        told.push(name);
        let best = tariffs().filter(|one| one.best > 0);
        let counts: Vec<String> = best.map(|one| format!("{} for {}", one.key.tariff, one.best)).collect();
        writeln!(text, "best tariff {}{}: {}", variant(name.0), name.1, counts.join(", "))?;
    }
    Ok(())
}

fn table(groups: &[StudyGroup]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let header =
        ["tariff", "policy", "homes", "bill", "net", "net saved", "%", "regret", "K h", "kWh missing"];
    table.set_header(header);
    for group in groups {
        table.add_row(cells(group));
    }
    for column in 2..header.len() {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn cells(group: &StudyGroup) -> [String; 10] {
    let money = |eur: Option<f64>| eur.map_or("-".to_owned(), |eur| euros(Cents(100.0 * eur)));
    let share = group.saving.map(|saving| (saving, saving + group.net)).filter(|(_, all)| all.abs() > 0.01);
    [
        group.key.tariff.clone(),
        format!("{}{}", variant(&group.key.variant), group.key.policy),
        group.homes.to_string(),
        money(Some(group.bill)),
        money(Some(group.net)),
        money(group.saving),
        share.map_or("-".to_owned(), |(saving, all)| format!("{:.1}", 100.0 * saving / all.abs() + 0.0)),
        money(group.regret),
        format!("{:.1}", group.kelvin_hours),
        format!("{:.1}", group.missing_kwh),
    ]
}

/// A variant before what it varies; nothing for the homes as they are.
fn variant(name: &str) -> String {
    if name == "as is" { String::new() } else { format!("{name}: ") }
}
