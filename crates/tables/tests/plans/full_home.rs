//! The home with everything, on a day whose local times do not tell all intervals apart, and numbers that rounding would show.

use offpeak_domain::{Cents, Certificate, Costed, Home, KilowattHours, Kilowatts, Plan};
use offpeak_testhomes::full;

const THIRD: Kilowatts = Kilowatts(1.0 / 3.0);

/// The home on the day of 100 quarter-hours.
pub(crate) fn home(id: &str) -> Home {
    let mut spec = full::spec(full::local_day(2025, 10, 26, 15));
    spec.id = id.into();
    spec.batteries[0].id = "battery, \"cellar\"".into();
    spec.evs[0].discharge.as_mut().unwrap().grid_export = true;
    // A part that the home does not have.
    spec.heat_pumps[0].hot_water.as_mut().unwrap().heater_max = Kilowatts(0.0);
    for draw in &mut spec.heat_pumps[1].hot_water.as_mut().unwrap().draw {
        *draw = KilowattHours(draw.0 / 3.0);
    }
    spec.appliances[0].profile[1] = THIRD;
    Home::new(spec).unwrap()
}

/// Setpoints of which few have a short decimal form, so that a rounded one shows.
pub(crate) fn costed(home: &Home) -> Costed {
    let mut plan = full::setpoints(home);
    plan.curtail[51] = Kilowatts(0.1 + 0.2);
    plan.batteries[0].charge[50] = Kilowatts(10.0 / 3.0);
    plan.batteries[0].discharge[75] = Kilowatts(2.0 / 7.0);
    plan.evs[0].charge[0] = Kilowatts(11.0 * 0.7);
    plan.evs[0].discharge[97] = Kilowatts(std::f64::consts::E);
    plan.heat_pumps[0].rooms[3] = Kilowatts(std::f64::consts::FRAC_PI_2);
    plan.heat_pumps[0].backup[5] = Kilowatts(1.0 / 9.0);
    plan.heat_pumps[0].hot_water[51] = Kilowatts(1.1);
    plan.heat_pumps[1].immersion[7] = Kilowatts(1e-7);
    plan.appliances[0][34] = THIRD;
    Costed::of(home, plan)
}

/// `costed` as a plan whose certificate has a name and a count worth reading back.
pub(crate) fn plan(home: &Home, costed: Costed) -> Plan {
    let plan = full::plan(home, costed);
    let backend = "HiGHS, by hand".into();
    let bound = plan.certificate.objective - Cents(0.1);
    let certificate = Certificate { bound, backend, iterations: 12_345_678, ..plan.certificate };
    Plan { certificate, ..plan }
}
