//! Homes and fleets that the benches share: made up from one seed, for one winter day, read back through tables.

use std::env;
use std::path::Path;

use offpeak_baseline::uncontrolled;
use offpeak_domain::{
    Cents, Certificate, Costed, GapTolerance, HeatPump, Home, HomeSpec, Plan, Termination, savings,
};
use offpeak_solver::{HomePlan, Options};
use offpeak_synth::{Mix, SynthOptions, generate};
use offpeak_tables::{Fleet, Format, PlanWindow, PlanWriter, PlannedHome};
use tempfile::TempDir;

/// Seed of every fleet, so that all benches on all machines see the same homes.
const SEED: u64 = 2026;

/// First and only local day of every plan, one on which homes are heated.
const DATE: &str = "2026-01-15";

/// Both formats of a table and their short names.
pub const FORMATS: [(&str, Format); 2] = [("csv", Format::Csv), ("parquet", Format::Parquet)];

/// A fleet of `homes` homes in a folder of its own, which goes away when dropped.
///
/// # Panics
/// If the temporary folder cannot be written.
pub fn fleet_folder(mix: Mix, homes: usize, format: Format) -> TempDir {
    let folder = temporary_folder();
    let date = DATE.parse().expect("the date is one");
    let options =
        SynthOptions { homes, seed: SEED, date, days: 1, interval_minutes: 15, mix, tariff_per_home: false };
    generate(&options, folder.path(), format).expect("an empty folder can be written to");
    folder
}

/// All homes of a fleet folder, on a local day of quarter-hours.
///
/// # Panics
/// If the folder is not one that [`fleet_folder`] made.
pub fn read_fleet(folder: &Path) -> Vec<Home> {
    let window = PlanWindow::local_day(DATE.parse().expect("the date is one"));
    let fleet = Fleet::open(folder, None).expect("a generated fleet can be read");
    fleet.homes(&window).map(|entry| entry.home.expect("generated homes are valid")).collect()
}

/// The first `count` homes of a mix. Those of a smaller count are the first of a larger one.
///
/// # Panics
/// If the temporary folder cannot be written.
pub fn homes(mix: Mix, count: usize) -> Vec<Home> {
    read_fleet(fleet_folder(mix, count, Format::Csv).path())
}

/// The home with a load forecast that is off by up to 100 W in every interval.
///
/// # Panics
/// Never: more load is as possible.
pub fn with_another_forecast(home: Home) -> Home {
    let mut spec = home.into_spec();
    // Low-discrepancy steps by the golden ratio: no two neighbours alike, the same on every machine.
    let off = |t: usize| 0.2 * (0.618_033_988_749_895 * t as f64).fract() - 0.1;
    for (t, load) in spec.grid.load.iter_mut().enumerate() {
        load.0 = (load.0 + off(t)).max(0.0);
    }
    Home::new(spec).expect("another load is as possible")
}

/// The home without hot water, further EVs and appliances.
///
/// # Panics
/// Never: a home with less in it is as possible.
pub fn for_the_rooms_only(home: Home) -> Home {
    let spec = home.into_spec();
    let evs = spec.evs.into_iter().take(1).collect();
    let heat_pumps = spec.heat_pumps.into_iter().filter(|pump| pump.rooms.is_some());
    let heat_pumps = heat_pumps.map(|pump| HeatPump { hot_water: None, ..pump }).collect();
    let less = HomeSpec { evs, heat_pumps, appliances: Vec::new(), ..spec };
    Home::new(less).expect("a home with less in it is as possible")
}

/// Whether the benches are only to show that they run: `cargo bench -- --test`.
pub fn is_smoke_test() -> bool {
    env::args().any(|argument| argument == "--test")
}

/// How many homes of each kind the table bench `name` is to solve: `few`, one in a smoke test, or the number among the
/// arguments; none if they ask for other benches only.
///
/// Cargo hands every bench the same arguments: flags of criterion, and a filter of names.
pub fn homes_asked_for(name: &str, few: usize) -> Option<usize> {
    let mut count = if is_smoke_test() { 1 } else { few };
    for argument in env::args().skip(1).filter(|argument| !argument.starts_with('-')) {
        match argument.parse::<usize>() {
            Ok(number) => count = number.max(1),
            Err(_) if name.contains(&argument) => {}
            Err(_) => return None,
        }
    }
    Some(count)
}

/// The values in rising order.
pub fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The mean of at least one value.
pub fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

/// The median of at least one value, in rising order.
pub fn median(ascending: &[f64]) -> f64 {
    let half = ascending.len() / 2;
    if ascending.len() % 2 == 1 {
        ascending[half]
    } else {
        f64::midpoint(ascending[half - 1], ascending[half])
    }
}

/// What homes are solved to: what `offpeak plan` does unless told otherwise; next to nothing in a smoke test.
pub fn solve_options() -> Options {
    let options = Options::default();
    if is_smoke_test() {
        let tolerance = GapTolerance { relative: 1.0, absolute: Cents(1e4) };
        return Options { tolerance, node_limit: 1, ..options };
    }
    options
}

/// The uncontrolled home, settled and costed: where a search starts.
pub fn baseline(home: &Home) -> Costed {
    Costed::of(home, uncontrolled(home))
}

/// The baseline in the place of a plan, for benches of what comes after planning.
pub fn baseline_as_plan(home: &Home) -> HomePlan {
    let baseline = baseline(home);
    let objective = baseline.money.objective();
    let certificate = Certificate {
        objective,
        bound: objective,
        proof: None,
        termination: Termination::Stopped,
        backend: "none".to_owned(),
        iterations: 0,
    };
    let plan = Plan { home_id: home.id.clone(), costed: baseline.clone(), certificate };
    let savings = savings(home, &baseline, &plan.costed);
    HomePlan { plan, baseline, savings, baseline_violations: Vec::new() }
}

/// Writes schedules and summary of `planned` to `folder`, over those of an earlier call.
///
/// # Panics
/// If the folder cannot be written to.
pub fn write_plans(folder: &Path, format: Format, planned: &[(Home, HomePlan)]) {
    let writer = PlanWriter::create(folder, format, GapTolerance::default());
    let mut writer = writer.expect("the folder can be written to");
    for (home, planned) in planned {
        let row = PlannedHome {
            home,
            plan: &planned.plan,
            baseline: &planned.baseline,
            savings: &planned.savings,
            baseline_clean: planned.baseline_violations.is_empty(),
            audit_violations: 0,
        };
        writer.write(&row).expect("rows can be written");
    }
    writer.finish().expect("the tables can be completed");
}

/// An empty folder that goes away when dropped.
///
/// # Panics
/// If it cannot be made.
pub fn temporary_folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}
