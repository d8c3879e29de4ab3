//! Changes that break the rules of a heat pump.

use offpeak_domain::{Celsius, KilowattHours, Kilowatts};

use super::Change::{Decisions, Home, Schedule};
use super::{Case, case};

pub(super) fn heat_pumps() -> Vec<Case> {
    vec![
        case(
            "compressor serves one sink at a time",
            "pump",
            2,
            Decisions(|_, s| s.heat_pumps[0].hot_water[2] = Kilowatts(1.5)),
        ),
        case(
            "compressor draws 0 or a power in range",
            "pump",
            3,
            Decisions(|_, s| s.heat_pumps[0].rooms[3] = Kilowatts(0.2)),
        ),
        // 2.0 kW is a power for the rooms, not for the hot water.
        case(
            "compressor draws 0 or a power in range",
            "pump",
            49,
            Decisions(|_, s| s.heat_pumps[0].hot_water[49] = Kilowatts(2.0)),
        ),
        case(
            "heater draws a power in range",
            "pump",
            10,
            Decisions(|_, s| s.heat_pumps[0].backup[10] = Kilowatts(9.0)),
        ),
        case(
            "heater draws a power in range",
            "boiler",
            10,
            Decisions(|_, s| s.heat_pumps[1].immersion[10] = Kilowatts(-1.0)),
        ),
        case(
            "no power for a sink it does not heat",
            "boiler",
            10,
            Decisions(|_, s| s.heat_pumps[1].backup[10] = Kilowatts(1.0)),
        ),
        case(
            "compressor runs its least time",
            "pump",
            4,
            Decisions(|_, s| s.heat_pumps[0].rooms[4] = Kilowatts::ZERO),
        ),
        case(
            "compressor pauses its least time",
            "pump",
            0,
            Decisions(|_, s| s.heat_pumps[0].rooms[..2].fill(Kilowatts(1.5))),
        ),
        case(
            "compressor starts at most so often",
            "pump",
            48,
            Decisions(|h, _| h.heat_pumps[0].start_caps[0].most = 1),
        ),
        case(
            "rooms start at their initial temperature",
            "pump",
            0,
            Home(|h| h.heat_pumps[0].rooms.as_mut().expect("has rooms").initial = Celsius(20.4)),
        ),
        case(
            "room temperature recursion",
            "pump",
            95,
            Schedule(|s| s.room_temperature[0].as_mut().expect("has rooms")[96].0 += 0.01),
        ),
        case(
            "hot water starts with its initial heat",
            "boiler",
            0,
            Home(|h| h.heat_pumps[1].hot_water.as_mut().expect("has water").initial = KilowattHours(3.9)),
        ),
        case(
            "hot-water heat balance",
            "boiler",
            95,
            Schedule(|s| s.water_stored[1].as_mut().expect("has water")[96].0 += 0.01),
        ),
    ]
}
