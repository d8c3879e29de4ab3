//! What an earlier plan leaves to the next one: what the devices did then, at the same time of day.

use chrono::Duration;

use crate::horizon::Horizon;
use crate::proof::{Multipliers, PumpPrices, StorePrices};
use crate::schedule::{HeatPumpPower, Setpoints, StorePower};
use crate::units::Kilowatts;

/// An earlier plan on the horizon of the next. It need not be possible there; it only says where to look first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WarmStart {
    /// Powers of the home's devices, in their order.
    pub setpoints: Setpoints,
    /// Multipliers of the earlier bound, where it had any.
    pub multipliers: Option<Multipliers>,
}

impl WarmStart {
    /// A plan on `from`, moved to `to`: every interval takes what was planned for that time, or for that time on the nearest
    /// day that the plan covers.
    pub fn shifted(
        (setpoints, multipliers): (&Setpoints, Option<&Multipliers>),
        from: &Horizon,
        to: &Horizon,
    ) -> Self {
        let sources = sources(from, to);
        Self {
            setpoints: shifted_setpoints(setpoints, &sources),
            multipliers: multipliers
                .map(|multipliers| shifted_multipliers(multipliers, (from, to), &sources)),
        }
    }
}

/// For every interval of `to` the interval of `from` at that time, or whole days earlier or later.
fn sources(from: &Horizon, to: &Horizon) -> Vec<usize> {
    let day = Duration::days(1);
    let source = |t: usize| {
        let mut instant = to.start_of(t);
        if instant < from.start() {
            let days = (from.start() - instant).num_seconds().div_euclid(day.num_seconds()) + 1;
            instant += Duration::days(days);
        }
        if instant >= from.end() {
            let days = (instant - from.end()).num_seconds().div_euclid(day.num_seconds()) + 1;
            instant -= Duration::days(days);
        }
        // A plan shorter than a day has nothing at some times: its first interval stands in.
        from.interval_at(instant).unwrap_or(0)
    };
    (0..to.len()).map(source).collect()
}

fn shifted_setpoints(setpoints: &Setpoints, sources: &[usize]) -> Setpoints {
    let series = |values: &Vec<Kilowatts>| -> Vec<Kilowatts> {
        sources.iter().map(|t| values.get(*t).copied().unwrap_or(Kilowatts::ZERO)).collect()
    };
    let store = |power: &StorePower| StorePower {
        charge: series(&power.charge),
        discharge: series(&power.discharge),
    };
    let pump = |power: &HeatPumpPower| HeatPumpPower {
        rooms: series(&power.rooms),
        hot_water: series(&power.hot_water),
        backup: series(&power.backup),
        immersion: series(&power.immersion),
    };
    Setpoints {
        curtail: series(&setpoints.curtail),
        batteries: setpoints.batteries.iter().map(store).collect(),
        evs: setpoints.evs.iter().map(store).collect(),
        heat_pumps: setpoints.heat_pumps.iter().map(pump).collect(),
        appliances: setpoints.appliances.iter().map(series).collect(),
    }
}

/// Prices hold the length of their interval, so they follow a change of it.
fn shifted_multipliers(
    multipliers: &Multipliers,
    (from, to): (&Horizon, &Horizon),
    sources: &[usize],
) -> Multipliers {
    let scale: Vec<f64> =
        sources.iter().enumerate().map(|(t, source)| to.length(t).0 / from.length(*source).0).collect();
    let series = |values: &Vec<f64>| -> Vec<f64> {
        let scaled = sources.iter().zip(&scale);
        scaled.map(|(t, scale)| values.get(*t).copied().unwrap_or(0.0) * scale).collect()
    };
    let store = |prices: &StorePrices| StorePrices {
        charge: series(&prices.charge),
        discharge: series(&prices.discharge),
    };
    let pump = |prices: &PumpPrices| PumpPrices {
        rooms: series(&prices.rooms),
        hot_water: series(&prices.hot_water),
        backup: series(&prices.backup),
        immersion: series(&prices.immersion),
        serve: series(&prices.serve),
    };
    Multipliers {
        pivot: multipliers.pivot,
        batteries: multipliers.batteries.iter().map(store).collect(),
        evs: multipliers.evs.iter().map(store).collect(),
        heat_pumps: multipliers.heat_pumps.iter().map(pump).collect(),
        appliances: multipliers.appliances.iter().map(series).collect(),
        // Charges on peaks and caps on starts belong to windows of their own plan.
        peaks: Vec::new(),
        start_caps: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    fn horizon(start: &str, hours: i64) -> Horizon {
        let start: DateTime<Utc> = start.parse().unwrap();
        Horizon::between(start, start + Duration::hours(hours), 60).unwrap()
    }

    #[test]
    fn an_interval_takes_the_same_time_and_beyond_the_plan_the_same_time_a_day_before() {
        let (from, to) = (horizon("2026-01-15T00:00:00Z", 24), horizon("2026-01-15T06:00:00Z", 24));
        let expected: Vec<usize> = (6..24).chain(0..6).collect();
        assert_eq!(sources(&from, &to), expected);
        assert_eq!(sources(&from, &horizon("2026-01-17T06:00:00Z", 2)), [6, 7], "two days later");
        assert_eq!(sources(&to, &from)[..7], [18, 19, 20, 21, 22, 23, 0], "before the plan");
    }

    #[test]
    fn a_time_that_a_short_plan_never_had_takes_its_first_interval() {
        let from = horizon("2026-01-15T10:00:00Z", 3);
        assert_eq!(sources(&from, &horizon("2026-01-15T13:00:00Z", 2)), [0, 0]);
        assert_eq!(sources(&from, &horizon("2026-01-15T08:00:00Z", 4)), [0, 0, 0, 1]);
    }

    #[test]
    fn prices_follow_the_length_of_their_interval() {
        let from = horizon("2026-01-15T00:00:00Z", 2);
        let start = from.start();
        let to = Horizon::between(start, start + Duration::hours(2), 30).unwrap();
        let multipliers = Multipliers { appliances: vec![vec![8.0, 4.0]], ..Multipliers::default() };
        let shifted = WarmStart::shifted((&Setpoints::default(), Some(&multipliers)), &from, &to);
        assert_eq!(shifted.multipliers.unwrap().appliances, [[4.0, 4.0, 2.0, 2.0]]);
    }
}
