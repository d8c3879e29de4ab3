//! Changes that break the rules of the shape of a schedule and the grid connection.

use offpeak_domain::{KilowattHours, Kilowatts};

use super::Change::{Decisions, Schedule};
use super::{Case, case};

pub(super) fn shape_and_grid() -> Vec<Case> {
    vec![
        case("as many values as the horizon has", "grid", None, Schedule(|s| s.import.truncate(95))),
        case("every value is a number", "car", 4, Schedule(|s| s.ev_energy[0][5] = KilowattHours(f64::NAN))),
        case("power balance", "grid", 10, Schedule(|s| s.import[10] += Kilowatts(0.5))),
        case(
            "import and export are at least 0",
            "grid",
            10,
            Schedule(|s| {
                s.export[10] = Kilowatts(-0.5);
                s.import[10] -= Kilowatts(0.5);
            }),
        ),
        case(
            "import and export are at least 0",
            "grid",
            50,
            Schedule(|s| {
                s.import[50] = Kilowatts(-0.5);
                s.export[50] -= Kilowatts(0.5);
            }),
        ),
        case(
            "never import and export at once",
            "grid",
            10,
            Schedule(|s| {
                s.export[10] += Kilowatts(1.0);
                s.import[10] += Kilowatts(1.0);
            }),
        ),
        case("import limit", "grid", 0, Decisions(|h, _| h.grid.import_limit[0] = Kilowatts(5.0))),
        case("export limit", "grid", 48, Decisions(|h, _| h.grid.export_limit[48] = Kilowatts(1.0))),
        case(
            "curtailment from 0 to the generation",
            "grid",
            10,
            Decisions(|_, s| s.curtail[10] = Kilowatts(0.5)),
        ),
        case(
            "curtailment from 0 to the generation",
            "grid",
            10,
            Decisions(|_, s| s.curtail[10] = Kilowatts(-0.5)),
        ),
        case(
            "no curtailment where the home cannot",
            "grid",
            49,
            Decisions(|h, _| h.grid.can_curtail = false),
        ),
    ]
}
