//! A study in a terminal: savings by tariff and policy, best tariffs, what has no result.

use std::fmt::Write;
use std::path::Path;

use comfy_table::{CellAlignment, Table, presets};
use offpeak_domain::Cents;
use offpeak_replay::UnitKey;

use super::euros;
use super::first_few::FirstFew;
use crate::study::Line;

/// Totals over homes, in the order in which they come.
#[derive(Default)]
pub(crate) struct StudyReport {
    totals: Vec<Total>,
    /// Failures, the first few in words.
    pub(crate) failures: FirstFew,
    /// What of the homes is not replayed, the first few.
    pub(crate) notes: FirstFew,
}

/// All homes under one tariff and policy.
struct Total {
    variant: String,
    tariff: String,
    policy: String,
    homes: usize,
    best: usize,
    bill: f64,
    net: f64,
    saving: Option<f64>,
    regret: Option<f64>,
    kelvin_hours: f64,
    missing: f64,
}

impl StudyReport {
    pub(crate) fn add(&mut self, line: &Line) {
        let key = &line.key;
        let same = |total: &Total| {
            (&total.variant, &total.tariff, &total.policy) == (&key.variant, &key.tariff, &key.policy)
        };
        let at = self.totals.iter().position(same).unwrap_or_else(|| {
            self.totals.push(Total::new(key));
            self.totals.len() - 1
        });
        let total = &mut self.totals[at];
        total.homes += 1;
        total.best += usize::from(line.best_tariff);
        total.bill += line.total.row.bill_ct();
        total.net += line.total.net_ct();
        total.saving = add(total.saving, line.total.saving_ct);
        total.regret = add(total.regret, line.total.regret_ct);
        total.kelvin_hours += line.total.row.discomfort_k_h;
        total.missing += line.total.row.departure_kwh;
    }

    /// Whether nothing has a result.
    pub(crate) fn is_empty(&self) -> bool {
        self.totals.is_empty()
    }

    /// The whole report, ending with where the tables are.
    pub(crate) fn render(&self, folder: &Path) -> String {
        let mut text = self.table().to_string();
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "\n\nEUR over all homes; net counts wear, comfort, service and energy borrowed from the stores\n"
        );
        let _ = self.write_best(&mut text);
        let failed = self.failures.count();
        if failed > 0 {
            let _ = writeln!(text, "failed      {failed}, named in the table summary");
        }
        let _ = writeln!(text, "\nresults are in {0}; look at them: offpeak report {0}", folder.display());
        text
    }

    fn write_best(&self, text: &mut String) -> std::fmt::Result {
        let tariffs = |total: &Total| {
            let same = |one: &&Total| one.variant == total.variant && one.policy == total.policy;
            self.totals.iter().filter(same).count()
        };
        let mut told: Vec<(&str, &str)> = Vec::new();
        for total in self.totals.iter().filter(|total| tariffs(total) > 1) {
            let group = (total.variant.as_str(), total.policy.as_str());
            if told.contains(&group) {
                continue;
            }
            told.push(group);
            let of_group =
                self.totals.iter().filter(|one| (one.variant.as_str(), one.policy.as_str()) == group);
            let counts: Vec<String> = of_group
                .filter(|one| one.best > 0)
                .map(|one| format!("{} for {}", one.tariff, one.best))
                .collect();
            writeln!(text, "best tariff {}{}: {}", variant(group.0), group.1, counts.join(", "))?;
        }
        Ok(())
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        let header =
            ["tariff", "policy", "homes", "bill", "net", "net saved", "%", "regret", "K h", "kWh missing"];
        table.set_header(header);
        for total in &self.totals {
            table.add_row(total.cells());
        }
        for column in 2..header.len() {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

impl Total {
    fn new(key: &UnitKey) -> Self {
        Self {
            variant: key.variant.clone(),
            tariff: key.tariff.clone(),
            policy: key.policy.clone(),
            homes: 0,
            best: 0,
            bill: 0.0,
            net: 0.0,
            saving: Some(0.0),
            regret: Some(0.0),
            kelvin_hours: 0.0,
            missing: 0.0,
        }
    }

    fn cells(&self) -> [String; 10] {
        let money = |ct: Option<f64>| ct.map_or("-".to_owned(), |ct| euros(Cents(ct)));
        let share = self.saving.map(|saving| (saving, saving + self.net)).filter(|(_, all)| all.abs() > 1.0);
        [
            self.tariff.clone(),
            format!("{}{}", variant(&self.variant), self.policy),
            self.homes.to_string(),
            money(Some(self.bill)),
            money(Some(self.net)),
            money(self.saving),
            share.map_or("-".to_owned(), |(saving, all)| format!("{:.1}", 100.0 * saving / all.abs() + 0.0)),
            money(self.regret),
            format!("{:.1}", self.kelvin_hours),
            format!("{:.1}", self.missing),
        ]
    }
}

/// A variant before what it varies; nothing for the homes as they are.
fn variant(name: &str) -> String {
    if name == "as is" { String::new() } else { format!("{name}: ") }
}

/// None once it was none.
fn add(sum: Option<f64>, more: Option<f64>) -> Option<f64> {
    Some(sum? + more?)
}
