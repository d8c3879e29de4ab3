//! What a plan means a battery to do, however load and sun turn out.

use offpeak_domain::{Home, KilowattHours, Kilowatts, Schedule};

use crate::plant::Following;

/// A meter reading below this counts as still, in kW.
const STILL: f64 = 1e-3;

/// Stored energy this near to a limit is at it.
const AT_LIMIT: KilowattHours = KilowattHours(1e-3);

/// How battery number `index` follows the meter in interval `t` of a plan.
///
/// Where the plan imports though the battery could give, it means to: it charges from the grid, or spares energy, so the battery
/// gives no more than planned. Where it feeds in or throws away though the battery could take, it spares room, or feeds in from
/// the battery, so the battery takes no more than planned. Everywhere else the battery follows freely. With the load and the sun
/// that were foretold it does as planned.
pub(super) fn following(home: &Home, schedule: &Schedule, index: usize, t: usize) -> Following {
    let (battery, power) = (&home.batteries[index], &schedule.setpoints.batteries[index]);
    let planned = power.charge[t] - power.discharge[t];
    let stored = schedule.battery_stored[index][t + 1];
    let could_give = stored > battery.min_stored + AT_LIMIT || planned.0 > 0.0;
    let could_take = stored < battery.max_stored - AT_LIMIT || planned.0 < 0.0;
    let imports = !still(schedule.import[t]);
    let has_surplus = !still(schedule.export[t]) || !still(schedule.setpoints.curtail[t]);
    Following {
        least: if imports && could_give { planned } else { Following::FREELY.least },
        most: if has_surplus && could_take { planned } else { Following::FREELY.most },
    }
}

/// Whether the meter stands still at `power`.
pub(super) fn still(power: Kilowatts) -> bool {
    power.0 < STILL
}
