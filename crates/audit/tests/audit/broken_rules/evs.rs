//! Changes that break the rules of an EV.

use offpeak_domain::{KilowattHours, Kilowatts};

use super::Change::{Decisions, Home, Schedule};
use super::{Case, case};

pub(super) fn evs() -> Vec<Case> {
    vec![
        case(
            "EV starts with its initial energy",
            "car",
            0,
            Home(|h| h.evs[0].initial_energy = KilowattHours(19.9)),
        ),
        case("EV energy balance", "car", 95, Schedule(|s| s.ev_energy[0][96] += KilowattHours(0.01))),
        // What it drove before coming home at interval 60 is due in interval 59.
        case(
            "EV energy balance",
            "car",
            59,
            Home(|h| h.evs[0].sessions[1].driven_before = KilowattHours(9.0)),
        ),
        case(
            "EV energy from 0 to its capacity",
            "car",
            1,
            Decisions(|h, _| {
                h.evs[0].capacity = KilowattHours(24.0);
                h.evs[0].sessions[0].target = None;
                h.evs[0].end = None;
            }),
        ),
        case("EV is off while away", "car", 26, Decisions(|_, s| s.evs[0].charge[26] = Kilowatts(4.14))),
        case("EV is off while away", "car", 26, Decisions(|_, s| s.evs[0].discharge[26] = Kilowatts(1.0))),
        case(
            "EV charges with 0 or a power of a mode",
            "car",
            0,
            Decisions(|_, s| s.evs[0].charge[0] = Kilowatts(3.9)),
        ),
        case(
            "EV discharges with 0 or a power in range",
            "plain car",
            2,
            Decisions(|_, s| s.evs[1].discharge[2] = Kilowatts(1.0)),
        ),
        case(
            "EV discharges with 0 or a power in range",
            "car",
            3,
            Decisions(|_, s| s.evs[0].discharge[3] = Kilowatts(0.5)),
        ),
        case(
            "EV never charges and discharges at once",
            "car",
            0,
            Decisions(|_, s| s.evs[0].discharge[0] = Kilowatts(2.0)),
        ),
        case(
            "EV discharges only down to its reserve",
            "car",
            93,
            Decisions(|h, _| {
                if let Some(discharge) = &mut h.evs[0].discharge {
                    discharge.reserve = KilowattHours(20.0);
                }
            }),
        ),
        case(
            "EV discharges only while the home does not export",
            "car",
            93,
            Decisions(|_, s| s.evs[0].discharge[93] = Kilowatts(5.0)),
        ),
    ]
}
