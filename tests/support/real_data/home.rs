//! A home with sun and some of battery, car and heat pump, over local days of the price series.

use chrono::{NaiveDate, Timelike};
use chrono_tz::Europe::Berlin;
use offpeak_domain::{
    Battery, Building, Celsius, Cents, CentsPerKilowattHour, Compression, Ev, EvEnd, EvSession, FeedIn,
    FeedInPay, GERMAN_VAT, GridFee, HeatPump, Home, HomeSpec, Horizon, HotWater, ImportTariff,
    KelvinsPerKilowatt, KilowattHours, KilowattHoursPerKelvin, Kilowatts, PriceSignals, Prices, Rooms,
    StartCap, Surcharges, Tariff, local_instant,
};

use super::files::RealData;
use crate::{battery, ev, home, kw, power, pump, room, water};

/// Which home it is.
#[derive(Debug, Clone, Copy)]
pub struct HomeKind<'a> {
    /// Column of the household's load.
    pub household: &'a str,
    /// Whose charging sessions it has, if it has a car.
    pub ev_user: Option<&'a str>,
    /// Whose module 3 grid fee it pays.
    pub dso: &'a str,
    /// Size of the roof's generation, in kWp.
    pub pv_kwp: f64,
    /// Size of the battery in kWh, if it has one; it charges and discharges half of that in an hour.
    pub battery_kwh: Option<f64>,
    /// Thermal resistance of the house in K/kW, if it has a heat pump.
    pub resistance_k_per_kw: Option<f64>,
    /// Heat of the hot water it draws in a day in kWh, if the heat pump makes it.
    pub hot_water_kwh: Option<f64>,
}

/// What the car wants to hold at every departure, in kWh of 75.
const EV_TARGET_KWH: f64 = 60.0;

/// Net levies, electricity tax and concession fee of 2026, in ct/kWh: 0.446 + 0.941 + 1.559 + 2.05 + 1.99.
const LEVIES: CentsPerKilowattHour = CentsPerKilowattHour(6.986);

/// The home over `days` local days from `first` on, in quarter-hours.
///
/// # Panics
/// If the data do not cover these days.
pub fn real_home(data: &RealData, kind: HomeKind<'_>, first: NaiveDate, days: u32) -> Home {
    let horizon = Horizon::local_days(first, days, Berlin, 15).expect("days divide into quarter-hours");
    let prices = tariff_prices(data, kind, &horizon);
    let each = |value: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..horizon.len()).map(value).collect() };
    let load = each(&|t| data.load_kw(kind.household, horizon.start_of(t)));
    let pv = each(&|t| data.pv_kw(kind.pv_kwp, horizon.start_of(t)));

    let mut spec = home(horizon, &vec![0.0; prices.import.len()]);
    spec.id = format!("{} {first}", kind.household);
    spec.grid.load = kw(&load);
    spec.grid.pv = kw(&pv);
    spec.grid.can_curtail = true;
    spec.grid.import_price = prices.import;
    spec.grid.export_price = prices.export;
    spec.grid.import_limit.fill(Kilowatts(30.0));
    spec.grid.export_limit.fill(Kilowatts(30.0));
    spec.batteries.extend(kind.battery_kwh.map(|capacity| home_battery(&spec, capacity)));
    spec.evs.extend(kind.ev_user.map(|user| home_ev(data, &spec, user, first, days)));
    spec.heat_pumps.extend(
        kind.resistance_k_per_kw
            .map(|resistance| home_heat_pump(data, &spec, resistance, kind.hot_water_kwh)),
    );
    Home::new(spec).expect("a home of real data is possible")
}

/// A dynamic tariff with module 3, and fixed feed-in pay that stops while the market is negative (§51 EEG).
fn tariff_prices(data: &RealData, kind: HomeKind<'_>, horizon: &Horizon) -> Prices {
    let tariff = Tariff {
        import: ImportTariff::DayAhead(Surcharges {
            markup: CentsPerKilowattHour(1.5),
            levies: LEVIES,
            grid_fee: GridFee::TimeVariable(data.grid_fee(kind.dso)),
            vat: GERMAN_VAT,
        }),
        feed_in: FeedIn { pay: FeedInPay::Fixed(CentsPerKilowattHour(7.78)), zero_when_negative: true },
    };
    let market = (0..horizon.len()).map(|t| data.day_ahead(horizon.start_of(t))).collect();
    let signals = PriceSignals { market: Some(market), ..PriceSignals::default() };
    tariff.prices(&signals, horizon, Berlin).expect("prices cover the horizon")
}

fn home_battery(home: &HomeSpec, capacity_kwh: f64) -> Battery {
    Battery {
        initial_stored: KilowattHours(capacity_kwh * 0.3),
        charge_efficiency: 0.95,
        discharge_efficiency: 0.95,
        wear: CentsPerKilowattHour(3.0),
        end_floor: KilowattHours(capacity_kwh * 0.3),
        end_value: CentsPerKilowattHour(15.0),
        grid_export: false,
        ..battery(home, capacity_kwh, capacity_kwh / 2.0)
    }
}

/// The car comes home with its target less what it charged in the real session.
fn home_ev(data: &RealData, home: &HomeSpec, user: &str, first: NaiveDate, days: u32) -> Ev {
    let last = home.horizon.len();
    let mut sessions: Vec<EvSession> = Vec::new();
    let mut initial = EV_TARGET_KWH;
    for real in data.sessions(user, first, days) {
        let (arrival, departure) =
            (local_instant(real.arrival, Berlin), local_instant(real.departure, Berlin));
        let connected = home.horizon.intervals_within(arrival, departure);
        let driven = real.energy_kwh.min(EV_TARGET_KWH);
        // A drive needs an interval before the arrival.
        let free_from = sessions.last().map_or(0, |session| session.connected.end + 1);
        if connected.is_empty() || (connected.start < free_from && !sessions.is_empty()) {
            continue;
        }
        if connected.start == 0 {
            initial = EV_TARGET_KWH - driven;
        }
        sessions.push(EvSession {
            driven_before: KilowattHours(if connected.start == 0 { 0.0 } else { driven }),
            target: (departure <= home.horizon.end()).then_some(KilowattHours(EV_TARGET_KWH)),
            connected,
        });
    }
    // A stay beyond the horizon: what it still charges today is worth what it would cost at today's mean price.
    let prices = home.grid.import_price.iter().map(|price| price.0);
    let mean = prices.sum::<f64>() / last as f64;
    let value = CentsPerKilowattHour((mean / 0.9).max(0.0));
    let stays = sessions.last().is_some_and(|session| session.target.is_none());
    Ev {
        capacity: KilowattHours(75.0),
        initial_energy: KilowattHours(initial),
        charge_efficiency: 0.9,
        sessions,
        end: stays.then_some(EvEnd { target: KilowattHours(EV_TARGET_KWH), value }),
        ..ev(home, &[power(1.38..=3.68), power(4.14..=11.0)], EV_TARGET_KWH)
    }
}

/// An air-source pump of 3 kW with a COP after Staffell et al. 2012, for floor heating and a tank.
fn home_heat_pump(
    data: &RealData,
    home: &HomeSpec,
    resistance_k_per_kw: f64,
    hot_water_kwh: Option<f64>,
) -> HeatPump {
    let horizon = &home.horizon;
    let outdoor: Vec<f64> = (0..horizon.len()).map(|t| data.outdoor_c(horizon.start_of(t))).collect();
    let compression = |flow_c: f64| Compression {
        min_power: kw(&vec![0.9; horizon.len()]),
        max_power: kw(&vec![3.0; horizon.len()]),
        cop: outdoor.iter().map(|outdoor| air_source_cop(flow_c - outdoor)).collect(),
    };
    let building = Building::OneMass {
        resistance: KelvinsPerKilowatt(resistance_k_per_kw),
        capacitance: KilowattHoursPerKelvin(12.0),
    };
    let rooms = Rooms {
        compression: compression(35.0),
        building,
        outdoor: outdoor.iter().copied().map(Celsius).collect(),
        gains: kw(&vec![0.4; horizon.len()]),
        backup_max: Kilowatts(6.0),
        end_value_ct_per_k: 100.0,
        ..room(home, power(0.9..=3.0))
    };
    let tank = hot_water_kwh.map(|daily| HotWater {
        compression: compression(55.0),
        loss_per_hour: 0.01,
        draw: (0..horizon.len()).map(|t| hot_water_draw(horizon, t, daily)).collect(),
        heater_max: Kilowatts(3.0),
        end_value_ct_per_kwh: 8.0,
        ..water(home, power(0.9..=3.0))
    });
    let days = horizon.local_day_ranges(Berlin).into_iter();
    HeatPump {
        rooms: Some(rooms),
        hot_water: tank,
        min_run: 2,
        min_pause: 2,
        start_cost: Cents(2.0),
        start_caps: days.map(|intervals| StartCap { intervals, most: 8 }).collect(),
        ..pump(home)
    }
}

/// COP at a temperature lift of `lift_k`, within the range of the regression.
fn air_source_cop(lift_k: f64) -> f64 {
    let lift = lift_k.clamp(15.0, 60.0);
    6.81 - 0.121 * lift + 0.000_630 * lift * lift
}

/// Two showers' worth in the morning and as much in the evening, `daily_kwh` of heat together.
fn hot_water_draw(horizon: &Horizon, t: usize, daily_kwh: f64) -> KilowattHours {
    let hour = horizon.local_time(t, Berlin).hour();
    KilowattHours(if [6, 7, 19, 20].contains(&hour) { daily_kwh / 16.0 } else { 0.0 })
}
