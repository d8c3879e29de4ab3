//! Changes that break the rules of an appliance.

use offpeak_domain::Kilowatts;

use super::Change::Decisions;
use super::{Case, case};

pub(super) fn appliances() -> Vec<Case> {
    vec![
        case(
            "appliance draws its profile or nothing",
            "washer",
            33,
            Decisions(|_, s| s.appliances[0][33] = Kilowatts(0.7)),
        ),
        case(
            "appliance draws its profile or nothing",
            "washer",
            35,
            Decisions(|_, s| s.appliances[0][35] = Kilowatts(1.0)),
        ),
        // Its parts in the wrong order.
        case(
            "appliance draws its profile or nothing",
            "dryer",
            32,
            Decisions(|_, s| s.appliances[1].swap(32, 34)),
        ),
        // Its second part never comes, so there is no interval to name.
        case(
            "appliance draws its profile or nothing",
            "dryer",
            None,
            Decisions(|_, s| s.appliances[1][34] = Kilowatts::ZERO),
        ),
        case(
            "appliance runs within its window",
            "washer",
            80,
            Decisions(|_, s| s.appliances[0][80] = Kilowatts(1.0)),
        ),
    ]
}
