//! The homes together.

use offpeak_domain::{Cents, Savings};
use serde::Serialize;

use crate::histogram::Histogram;
use crate::number::tidy;
use crate::waterfall::{Step, of_sums};

/// How many homes the table of a page lists at most: those with the largest saving.
pub const MOST_ROWS: usize = 1000;

/// One home among others; money in ct.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FleetRow {
    /// Its id.
    pub home_id: String,
    /// The bill without a plan.
    pub baseline_bill_ct: f64,
    /// The bill of the plan.
    pub bill_ct: f64,
    /// What the plan saves, net of wear, comfort, service and energy borrowed.
    pub net_saving_ct: f64,
    /// Of that comparison, energy that the plan took from the stores beyond the baseline.
    #[serde(skip)]
    pub borrowed_ct: f64,
    /// How far the plan may be above the optimum.
    pub gap_ct: f64,
    /// Whether that is within the tolerance asked for.
    pub closed: bool,
    /// Simplex iterations of the search.
    pub iterations: u64,
}

/// The homes together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FleetView {
    /// How many homes were planned.
    pub homes: usize,
    /// How many of them closed their gap.
    pub closed: usize,
    /// Homes without a plan, and why.
    pub failures: Vec<(String, String)>,
    /// Those with the largest net saving first, [`MOST_ROWS`] at most.
    pub rows: Vec<FleetRow>,
    /// From the bill without plans to what the plans cost.
    pub waterfall: Vec<Step>,
    /// Net savings, gaps and iterations over the fleet.
    pub spreads: Vec<Histogram>,
}

impl FleetView {
    /// The view of all homes that were planned, and of those that were not, each with its reason.
    pub fn of(mut rows: Vec<FleetRow>, mut failures: Vec<(String, String)>) -> Self {
        let sum = |part: fn(&FleetRow) -> f64| Cents(rows.iter().map(part).sum());
        let savings = Savings {
            bill: sum(|row| row.baseline_bill_ct - row.bill_ct),
            net: sum(|row| row.net_saving_ct),
            borrowed: sum(|row| row.borrowed_ct),
            ..Savings::default()
        };
        let spread = |label, part: fn(&FleetRow) -> f64| {
            Histogram::of(label, &rows.iter().map(part).collect::<Vec<_>>())
        };
        let spreads = [
            spread("net saving, EUR per home", |row| row.net_saving_ct / 100.0),
            spread("gap to the proven bound, ct per home", |row| row.gap_ct),
            spread("effort of the proof, simplex iterations per home", |row| row.iterations as f64),
        ];
        let spreads = spreads.into_iter().flatten().collect();
        let waterfall = of_sums(sum(|row| row.baseline_bill_ct).0, &savings);
        let (homes, closed) = (rows.len(), rows.iter().filter(|row| row.closed).count());
        rows.sort_by(|one, other| other.net_saving_ct.total_cmp(&one.net_saving_ct));
        rows.truncate(MOST_ROWS);
        for row in &mut rows {
            for number in
                [&mut row.baseline_bill_ct, &mut row.bill_ct, &mut row.net_saving_ct, &mut row.gap_ct]
            {
                *number = tidy(*number);
            }
        }
        failures.truncate(MOST_ROWS);
        Self { homes, closed, failures, rows, waterfall, spreads }
    }
}
