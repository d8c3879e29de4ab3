//! The meter: balance, limits with their overshoots, direction, curtailment, peaks.

use good_lp::{Variable, constraint};
use offpeak_domain::{Home, PeakCharge};

use super::heat_pump;
use super::program::Program;

/// Adds the meter; the devices must be there already.
pub(super) fn add(program: &mut Program, home: &Home) {
    let imports: Vec<Variable> = (0..home.horizon.len()).map(|t| add_interval(program, home, t)).collect();
    for charge in &home.grid.peak_charges {
        add_peak_charge(program, charge, &imports);
    }
}

/// `import - export = load - pv + curtail + devices`, never both above 0; hands out the import.
fn add_interval(program: &mut Program, home: &Home, t: usize) -> Variable {
    let (grid, length) = (&home.grid, home.horizon.length(t).0);
    let (import, export, curtail) = (program.positive(), program.positive(), program.positive());
    let devices = std::mem::take(&mut program.power[t]);
    let uncurtailed = grid.load[t].0 - grid.pv[t].0;
    program.require(constraint!(import - export == uncurtailed + curtail + devices));
    program.require(constraint!(curtail <= if grid.can_curtail { grid.pv[t].0 } else { 0.0 }));

    let (importing, exporting, big) = (program.importing[t], program.exporting[t], program.big);
    program.require(constraint!(importing + exporting <= 1.0));
    program.require(constraint!(import <= big * importing));
    program.require(constraint!(export <= big * exporting));

    let forced: f64 = home.heat_pumps.iter().map(|pump| heat_pump::forced(pump, t)).sum();
    let unavoidable_import = uncurtailed + forced - grid.import_limit[t].0;
    let unavoidable_export = if grid.can_curtail { 0.0 } else { -uncurtailed - grid.export_limit[t].0 };
    let overshoot_price = length * grid.overshoot_price.0;
    add_limit(program, import, grid.import_limit[t].0, unavoidable_import, overshoot_price);
    add_limit(program, export, grid.export_limit[t].0, unavoidable_export, overshoot_price);

    let carbon = grid.co2.as_ref().map_or(0.0, |co2| co2.intensity[t].0 * co2.weight.0);
    program.pay(length * (grid.import_price[t].0 + carbon), import);
    program.pay(-length * grid.export_price[t].0, export);
    import
}

/// `flow <= limit + over`, where `over` is at most what is unavoidable
fn add_limit(program: &mut Program, flow: Variable, limit: f64, unavoidable: f64, price: f64) {
    let over = program.positive();
    program.require(constraint!(flow <= limit + over));
    program.require(constraint!(over <= unavoidable.max(0.0)));
    program.pay(price, over);
}

/// What the highest import exceeds the peak already reached by
fn add_peak_charge(program: &mut Program, charge: &PeakCharge, imports: &[Variable]) {
    let higher = program.positive();
    for import in &imports[charge.intervals.clone()] {
        program.require(constraint!(*import <= charge.already_reached.0 + higher));
    }
    program.pay(charge.price.0, higher);
}
