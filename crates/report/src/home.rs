//! One home: what happens in it, what was decided, and why.

use offpeak_domain::{Costed, Home, Money, Multipliers, Savings, Schedule};
use serde::Serialize;

use crate::binding::{Binding, bindings};
use crate::decision::{Decision, decisions};
use crate::levels::{Level, levels};
use crate::number::tidy_all;
use crate::report::Fact;
use crate::shadow::{ShadowPrice, shadow_prices, worth};
use crate::times;
use crate::tracks::{Track, tracks};
use crate::waterfall::{Step, waterfall};

/// What a view of a home is made from.
#[derive(Debug, Clone, Copy)]
pub struct HomeInput<'a> {
    /// The home.
    pub home: &'a Home,
    /// What the plan does.
    pub schedule: &'a Schedule,
    /// What the plan costs.
    pub money: &'a Money,
    /// What it does without a plan.
    pub baseline: &'a Costed,
    /// The plan against that.
    pub savings: &'a Savings,
    /// The multipliers of its proof, where there are any.
    pub multipliers: Option<&'a Multipliers>,
}

/// One home; vectors have a value per interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HomeView {
    /// Its id.
    pub id: String,
    /// Its time zone.
    pub zone: String,
    /// What is said about it at the top.
    pub facts: Vec<Fact>,
    /// The local start of every interval.
    pub times: Vec<String>,
    /// Its length in hours.
    pub hours: Vec<f64>,
    /// Price of a kWh taken from the grid, in ct.
    pub import_price: Vec<f64>,
    /// Pay for a kWh fed in, in ct.
    pub export_price: Vec<f64>,
    /// What a kWh more or less costs the home, in ct.
    pub worth: Vec<f64>,
    /// What a kWh is worth to each device by the proof; empty without a certificate.
    pub shadow: Vec<ShadowPrice>,
    /// Who draws and who gives.
    pub tracks: Vec<Track>,
    /// Import less export, in kW.
    pub net_kw: Vec<f64>,
    /// The same without a plan.
    pub baseline_net_kw: Vec<f64>,
    /// Most power from the grid, in kW.
    pub import_limit_kw: Vec<f64>,
    /// Most power into it, in kW.
    pub export_limit_kw: Vec<f64>,
    /// What the stores hold.
    pub levels: Vec<Level>,
    /// What was decided, and why.
    pub decisions: Vec<Decision>,
    /// The limits and wishes that bind.
    pub bindings: Vec<Binding>,
    /// From the cost without a plan to the cost of the plan.
    pub waterfall: Vec<Step>,
}

impl HomeView {
    /// The view of a planned home, with `facts` at its top.
    pub fn of(input: &HomeInput<'_>, facts: Vec<Fact>) -> Self {
        let HomeInput { home, schedule, money, baseline, savings, multipliers } = *input;
        let shadow = multipliers.map_or_else(Vec::new, |one| shadow_prices(home, schedule, one));
        let worth = worth(home, schedule, &shadow);
        let grid = &home.grid;
        Self {
            id: home.id.clone(),
            zone: home.time_zone.to_string(),
            facts,
            times: times::starts(home),
            hours: tidy_all(home.horizon.lengths().map(|length| length.0)),
            import_price: tidy_all(grid.import_price.iter().map(|price| price.0)),
            export_price: tidy_all(grid.export_price.iter().map(|price| price.0)),
            tracks: tracks(home, schedule),
            net_kw: net(schedule),
            baseline_net_kw: net(&baseline.schedule),
            import_limit_kw: tidy_all(grid.import_limit.iter().map(|limit| limit.0)),
            export_limit_kw: tidy_all(grid.export_limit.iter().map(|limit| limit.0)),
            levels: levels(home, schedule),
            decisions: decisions(home, schedule, &worth),
            bindings: bindings(home, schedule, &worth, &shadow),
            waterfall: waterfall(baseline, money, savings),
            worth,
            shadow,
        }
    }
}

fn net(schedule: &Schedule) -> Vec<f64> {
    tidy_all(schedule.import.iter().zip(&schedule.export).map(|(import, export)| import.0 - export.0))
}
