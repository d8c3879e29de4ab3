//! Changes that break the rules of a battery.

use offpeak_domain::{KilowattHours, Kilowatts};

use super::Change::{Decisions, Home, Schedule};
use super::{Case, case};

pub(super) fn batteries() -> Vec<Case> {
    let device = "battery";
    vec![
        case(
            "battery starts with its initial energy",
            device,
            0,
            Home(|h| h.batteries[0].initial_stored = KilowattHours(4.9)),
        ),
        case(
            "battery energy balance",
            device,
            95,
            Schedule(|s| s.battery_stored[0][96] += KilowattHours(0.01)),
        ),
        case(
            "battery holds its least energy",
            device,
            10,
            Decisions(|h, s| {
                h.batteries[0].min_stored = KilowattHours(4.95);
                s.batteries[0].discharge[10] = Kilowatts(0.3);
            }),
        ),
        case(
            "battery holds at most its capacity",
            device,
            48,
            Decisions(|h, _| h.batteries[0].max_stored = KilowattHours(5.1)),
        ),
        case(
            "battery charges with 0 or a power in range",
            device,
            48,
            Decisions(|_, s| s.batteries[0].charge[48] = Kilowatts(0.3)),
        ),
        case(
            "battery charges with 0 or a power in range",
            device,
            48,
            Decisions(|h, _| h.batteries[0].max_charge[48] = Kilowatts(0.1)),
        ),
        case(
            "battery discharges with 0 or a power in range",
            device,
            72,
            Decisions(|h, _| h.batteries[0].max_discharge[72] = Kilowatts(0.25)),
        ),
        case(
            "battery never charges and discharges at once",
            device,
            48,
            Decisions(|h, s| {
                h.batteries[0].grid_export = true;
                s.batteries[0].discharge[48] = Kilowatts(0.3);
            }),
        ),
        case(
            "battery charges only while the home does not import",
            device,
            10,
            Decisions(|_, s| s.batteries[0].charge[10] = Kilowatts(1.0)),
        ),
        case(
            "battery discharges only while the home does not export",
            device,
            53,
            Decisions(|_, s| s.batteries[0].discharge[53] = Kilowatts(0.3)),
        ),
    ]
}
