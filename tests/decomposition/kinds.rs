//! Kinds of random homes: each makes sure of one corner, and leaves the rest to chance.

use offpeak_domain::{Cents, Home, HomeSpec, StartCap};
use offpeak_tests::power;

use crate::devices::{
    any_appliance, any_battery, any_ev, any_pump, any_pump_for, bind_by_the_past, commuting_ev, feeding_ev,
    stepping_battery,
};
use crate::draw::Draw;
use crate::grids::{
    any_horizon, charge_peaks, count_carbon, dim, even, flatten, flood, invert, local_day, shine, tighten,
    turn_negative, usual,
};

/// A corner's name and how its homes are made.
pub(crate) type Kind = (&'static str, fn(&mut Draw) -> HomeSpec);

/// All kinds.
pub(crate) const KINDS: [Kind; 28] = [
    ("flat price", |draw| with_grid(draw, flatten)),
    ("negative prices", |draw| with_grid(draw, turn_negative)),
    ("import below export", |draw| with_grid(draw, invert)),
    ("tight fuse", |draw| with_grid(draw, tighten)),
    ("dimmed", |draw| with_grid(draw, dim)),
    ("sun beyond export limit", |draw| with_grid(draw, flood)),
    ("peak charges", |draw| with_grid(draw, charge_peaks)),
    ("carbon", |draw| with_grid(draw, count_carbon)),
    ("92 intervals", |draw| over(draw, local_day(2026, 3, 29))),
    ("96 intervals", |draw| over(draw, local_day(2026, 1, 15))),
    ("100 intervals", |draw| over(draw, local_day(2025, 10, 26))),
    ("hourly", |draw| over(draw, even(24, 60, 60))),
    ("short first interval", short_first_interval),
    ("battery", |draw| with(draw, |draw, home| home.batteries.push(any_battery(draw, home)))),
    ("two stepping batteries", two_stepping_batteries),
    ("one ev", |draw| with(draw, |draw, home| home.evs.push(any_ev(draw, home)))),
    ("v2h", |draw| with(draw, |draw, home| home.evs.push(feeding_ev(draw, home, false)))),
    ("v2g", |draw| with(draw, |draw, home| home.evs.push(feeding_ev(draw, home, true)))),
    ("several evs", several_evs),
    ("several sessions", |draw| with(draw, |draw, home| home.evs.push(commuting_ev(draw, home)))),
    ("one pump", |draw| with(draw, |draw, home| home.heat_pumps.push(any_pump(draw, home)))),
    ("two pumps", two_pumps),
    ("water only", water_only),
    ("start caps and costs", dear_starts),
    ("fixed speed", fixed_speed),
    ("bound by the past", bound_by_the_past),
    ("appliances", appliances),
    ("everything", everything),
];

/// A number of seeds that no two kinds share.
const SEEDS_OF_A_KIND: u64 = 1_000_000;

/// Home `number` of a kind, with both in its id.
pub(crate) fn make(kind: usize, number: u64) -> Home {
    let (name, make) = KINDS[kind];
    let mut home = make(&mut Draw::from_seed(kind as u64 * SEEDS_OF_A_KIND + number));
    home.id = format!("{name} {number}");
    Home::new(home).unwrap_or_else(|error| panic!("{name} {number}: {error}"))
}

/// The home with up to one device of each kind, and at least one.
fn equip(draw: &mut Draw, home: &mut HomeSpec) {
    let sure = draw.count(0..4);
    if sure == 0 || draw.chance(0.4) {
        home.batteries.push(any_battery(draw, home));
    }
    if sure == 1 || draw.chance(0.4) {
        home.evs.push(any_ev(draw, home));
    }
    if sure == 2 || draw.chance(0.4) {
        home.heat_pumps.push(any_pump(draw, home));
    }
    if sure == 3 || draw.chance(0.3) {
        let interruptible = draw.chance(0.5);
        home.appliances.push(any_appliance(draw, home, interruptible));
    }
}

/// Any devices behind a changed meter.
fn with_grid(draw: &mut Draw, change: impl FnOnce(&mut Draw, &mut HomeSpec)) -> HomeSpec {
    let horizon = any_horizon(draw);
    let mut home = usual(draw, horizon);
    change(draw, &mut home);
    equip(draw, &mut home);
    home
}

/// Any devices over `horizon`.
fn over(draw: &mut Draw, horizon: offpeak_domain::Horizon) -> HomeSpec {
    let mut home = usual(draw, horizon);
    equip(draw, &mut home);
    home
}

fn short_first_interval(draw: &mut Draw) -> HomeSpec {
    let minutes = draw.pick(&[1, 5, 14]);
    over(draw, even(20, 15, minutes))
}

/// Only the devices that `add` adds, behind a usual meter.
fn with(draw: &mut Draw, add: impl FnOnce(&mut Draw, &mut HomeSpec)) -> HomeSpec {
    let horizon = any_horizon(draw);
    let mut home = usual(draw, horizon);
    add(draw, &mut home);
    home
}

fn two_stepping_batteries(draw: &mut Draw) -> HomeSpec {
    with(draw, |draw, home| {
        for _ in 0..2 {
            home.batteries.push(stepping_battery(draw, home));
        }
    })
}

fn several_evs(draw: &mut Draw) -> HomeSpec {
    with(draw, |draw, home| {
        home.evs.push(any_ev(draw, home));
        home.evs.push(commuting_ev(draw, home));
        let grid_export = draw.chance(0.5);
        home.evs.push(feeding_ev(draw, home, grid_export));
    })
}

fn two_pumps(draw: &mut Draw) -> HomeSpec {
    with(draw, |draw, home| {
        for _ in 0..2 {
            home.heat_pumps.push(any_pump(draw, home));
        }
    })
}

fn water_only(draw: &mut Draw) -> HomeSpec {
    with(draw, |draw, home| {
        home.heat_pumps.push(any_pump_for(draw, home, (false, true), power(0.5..=1.5)));
    })
}

fn dear_starts(draw: &mut Draw) -> HomeSpec {
    with(draw, |draw, home| {
        let mut pump = any_pump(draw, home);
        let (count, noon) = (home.horizon.len(), home.horizon.len() / 2);
        pump.start_cost = Cents(draw.number(0.0..15.0));
        for intervals in [0..noon, noon..count] {
            pump.start_caps.push(StartCap { intervals, most: draw.count(0..3) });
        }
        home.heat_pumps.push(pump);
    })
}

fn fixed_speed(draw: &mut Draw) -> HomeSpec {
    with(draw, |draw, home| {
        let speed = draw.number(0.8..2.5);
        home.heat_pumps.push(any_pump_for(draw, home, (true, true), power(speed..=speed)));
    })
}

fn bound_by_the_past(draw: &mut Draw) -> HomeSpec {
    with(draw, |draw, home| {
        let mut pump = any_pump(draw, home);
        bind_by_the_past(draw, &mut pump);
        if draw.chance(0.3) {
            tighten(draw, home);
        }
        home.heat_pumps.push(pump);
    })
}

fn appliances(draw: &mut Draw) -> HomeSpec {
    with(draw, |draw, home| {
        for interruptible in [false, true, true] {
            home.appliances.push(any_appliance(draw, home, interruptible));
        }
    })
}

/// Every device, sun, and often a limit, a peak charge or inverted prices.
fn everything(draw: &mut Draw) -> HomeSpec {
    with(draw, |draw, home| {
        shine(draw, home, 8.0);
        let twist = draw.pick(&[tighten, charge_peaks, invert, count_carbon, dim]);
        twist(draw, home);
        home.batteries.push(any_battery(draw, home));
        home.evs.push(any_ev(draw, home));
        home.heat_pumps.push(any_pump_for(draw, home, (true, true), power(0.6..=2.5)));
        home.appliances.push(any_appliance(draw, home, false));
    })
}
