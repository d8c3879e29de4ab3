//! Random homes without devices: horizons, prices, load, sun and limits.

use chrono::{Duration, NaiveDate};
use chrono_tz::Europe::Berlin;
use offpeak_domain::{
    CentsPerGram, CentsPerKilowatt, Co2, GramsPerKilowattHour, HomeSpec, Horizon, Kilowatts, PeakCharge,
    dimmed_import_limit,
};
use offpeak_tests::{at_start, ct_per_kwh, home, kw};

use crate::draw::Draw;

/// Some hours in quarter-hours from a winter midnight, or a part of a day by the hour.
pub(crate) fn any_horizon(draw: &mut Draw) -> Horizon {
    let (count, minutes) = draw.pick(&[(16, 15), (24, 15), (24, 15), (40, 15), (12, 60)]);
    even(count, minutes, minutes)
}

/// `count` intervals, the first of them of another length.
pub(crate) fn even(count: i64, minutes: i64, first_minutes: i64) -> Horizon {
    let later = (0..count).map(|t| at_start() + Duration::minutes(first_minutes + t * minutes));
    Horizon::from_edges(std::iter::once(at_start()).chain(later).collect()).expect("rising")
}

/// A local day in quarter-hours.
pub(crate) fn local_day(year: i32, month: u32, day: u32) -> Horizon {
    let date = NaiveDate::from_ymd_opt(year, month, day).expect("a date");
    Horizon::local_day(date, Berlin, 15).expect("a day divides into quarter-hours")
}

/// A home with hourly prices from below zero to dear, a load, often sun, and a fuse that seldom binds.
pub(crate) fn usual(draw: &mut Draw, horizon: Horizon) -> HomeSpec {
    let hourly: Vec<f64> = (0..=horizon.len()).map(|_| draw.number(-5.0..45.0)).collect();
    let start = horizon.start();
    let hour = |t: usize| usize::try_from((horizon.start_of(t) - start).num_hours()).expect("later");
    let prices: Vec<f64> = (0..horizon.len()).map(|t| hourly[hour(t)]).collect();
    let mut home = home(horizon, &prices);
    home.grid.load = kw(&draw.series(&home, 0.1..1.5));
    home.grid.import_limit.fill(Kilowatts(20.0));
    if draw.chance(0.6) {
        shine(draw, &mut home, 7.0);
    }
    home
}

/// Sun of up to `peak` kW with a fixed pay for what is fed in.
pub(crate) fn shine(draw: &mut Draw, home: &mut HomeSpec, peak: f64) {
    home.grid.pv = kw(&draw.series(home, 0.0..peak));
    home.grid.can_curtail = draw.chance(0.7);
    home.grid.export_price = ct_per_kwh(&vec![draw.pick(&[0.0, 8.0]); home.horizon.len()]);
}

/// One price all day.
pub(crate) fn flatten(draw: &mut Draw, home: &mut HomeSpec) {
    home.grid.import_price = ct_per_kwh(&vec![draw.pick(&[0.0, 30.0]); home.horizon.len()]);
}

/// A price below zero all day, for both directions or for import only.
pub(crate) fn turn_negative(draw: &mut Draw, home: &mut HomeSpec) {
    home.grid.import_price = ct_per_kwh(&draw.series(home, -40.0..0.0));
    if draw.chance(0.5) {
        home.grid.export_price.clone_from(&home.grid.import_price);
    }
}

/// Feed-in pays more than import costs, in some intervals.
pub(crate) fn invert(draw: &mut Draw, home: &mut HomeSpec) {
    home.grid.export_price = ct_per_kwh(&draw.series(home, -10.0..60.0));
}

/// A fuse that the devices together, and sometimes the load alone, go beyond.
pub(crate) fn tighten(draw: &mut Draw, home: &mut HomeSpec) {
    let fuse = draw.number(1.0..5.0);
    home.grid.import_limit.fill(Kilowatts(fuse));
}

/// The devices dimmed to 4.2 kW in some intervals.
pub(crate) fn dim(draw: &mut Draw, home: &mut HomeSpec) {
    let count = home.horizon.len();
    let from = draw.count(0..count / 2);
    for t in from..from + count / 3 {
        let (load, pv) = (home.grid.load[t], home.grid.pv[t]);
        let fuse = home.grid.import_limit[t];
        home.grid.import_limit[t] = dimmed_import_limit(load, pv, Kilowatts(4.2), fuse);
    }
}

/// More sun than may leave the home.
pub(crate) fn flood(draw: &mut Draw, home: &mut HomeSpec) {
    shine(draw, home, 30.0);
    let cap = draw.pick(&[0.0, 6.0]);
    home.grid.export_limit.fill(Kilowatts(cap));
}

/// Charges on the highest import of one or two windows.
pub(crate) fn charge_peaks(draw: &mut Draw, home: &mut HomeSpec) {
    let (count, noon) = (home.horizon.len(), home.horizon.len() / 2);
    let windows = draw.pick(&[&[(0, 1)][..], &[(0, 2), (1, 2)][..]]);
    for (part, of) in windows {
        let intervals = if *of == 1 { 0..count } else { part * noon..(part + 1) * noon };
        let price = CentsPerKilowatt(draw.number(5.0..60.0));
        let already_reached = Kilowatts(draw.pick(&[0.0, 3.0]));
        home.grid.peak_charges.push(PeakCharge { intervals, price, already_reached });
    }
}

/// Carbon counts.
pub(crate) fn count_carbon(draw: &mut Draw, home: &mut HomeSpec) {
    let intensity = draw.series(home, 50.0..600.0).into_iter().map(GramsPerKilowattHour).collect();
    home.grid.co2 = Some(Co2 { intensity, weight: CentsPerGram(draw.pick(&[0.01, 0.05])) });
}
