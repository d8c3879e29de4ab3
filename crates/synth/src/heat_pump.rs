//! A house, the heat pump that fits it, and its hot-water tank.

use offpeak_tables::Value;
use rand_chacha::ChaCha8Rng;

use crate::random::{Draw, rounded};

/// A standard of houses.
struct Standard {
    share: f64,
    /// Heat to keep 20 °C at -12 °C outside, in W per m².
    design_w_per_m2: (f64, f64),
    /// Flow temperature of the heating at that load, in °C.
    flow_c: (f64, f64),
}

/// Single-family houses with heat pumps: loads from the TABULA/IWU typology of Germany (new
/// houses 30 to 45 W/m², built or refurbished from the nineties on 45 to 65, older ones up to 95);
/// shares are assumed, flows
/// are those of floor heating, large and ordinary radiators.
const STANDARDS: [Standard; 3] = [
    Standard { share: 0.42, design_w_per_m2: (28.0, 42.0), flow_c: (32.0, 36.0) },
    Standard { share: 0.40, design_w_per_m2: (42.0, 65.0), flow_c: (36.0, 48.0) },
    Standard { share: 0.18, design_w_per_m2: (65.0, 92.0), flow_c: (45.0, 54.0) },
];
/// Floor area in m²: the mean of German single-family houses is 125 to 150 (Mikrozensus, TABULA).
const AREA_M2: (f64, f64) = (142.0, 28.0);
/// Heat that warms a house by a kelvin in Wh/(m² K): light 50, medium 90, heavy 130 (DIN V 18599-2).
const CAPACITANCE: (f64, f64) = (55.0, 125.0);
/// Temperatures of the design load: rooms, and outside (DIN EN 12831, most of Germany).
const DESIGN_ROOM_C: f64 = 20.0;
const DESIGN_OUTDOOR_C: f64 = -12.0;
/// Heat from people and appliances in W/m² (DIN V 4108-6: 5 in all; half of it comes when it helps).
const INTERNAL_W_PER_M2: f64 = 2.6;
/// Window that collects sun as if it lay flat, in m² per m² floor: glazing 15 to 20 % of the floor,
/// g-value 0.5, frame and shading factors of DIN V 18599-2.
const SOLAR_APERTURE: (f64, f64) = (0.025, 0.05);

/// Staffell et al. 2012, doi 10.1039/c2ee22653g: COP over the lift in K.
const AIR_COP: [f64; 3] = [6.81, -0.121, 0.000_630];
const GROUND_COP: [f64; 3] = [8.77, -0.150, 0.000_734];
/// Share of brine heat pumps in the stock (BWP, Branchenstudie).
const GROUND_SHARE: f64 = 0.2;
/// Share of compressors with a fixed speed; new ones are almost all modulating.
const FIXED_SPEED_SHARE: f64 = 0.15;

/// A heat pump with its house and tank, at the start of the first day.
#[derive(Debug, Clone)]
pub(crate) struct HeatPump {
    ground_c: Option<f64>,
    cop: [f64; 3],
    rooms_flow_c: f64,
    max_kw: f64,
    min_share: f64,
    min_run_minutes: f64,
    min_pause_minutes: f64,
    running_before: bool,
    minutes_in_state: f64,
    start_cost_ct: f64,
    most_starts: Option<f64>,
    backup_kw: f64,
    house: House,
    tank: Tank,
}

#[derive(Debug, Clone)]
struct House {
    resistance: f64,
    capacitance: f64,
    comfort_lowest_c: f64,
    night_lowest_c: Option<f64>,
    above_lowest_k: f64,
    internal_kw: f64,
    aperture_m2: f64,
}

#[derive(Debug, Clone)]
struct Tank {
    highest_kwh: f64,
    initial_kwh: f64,
    loss_per_hour: f64,
    immersion_kw: f64,
}

impl HeatPump {
    pub(crate) fn draw(stream: &mut ChaCha8Rng, persons: usize) -> Self {
        let standard = &STANDARDS[stream.weighted(&STANDARDS.each_ref().map(|standard| standard.share))];
        let area = stream.about(AREA_M2.0, AREA_M2.1).max(75.0);
        let design_kw =
            area * stream.between(standard.design_w_per_m2.0, standard.design_w_per_m2.1) / 1000.0;
        let rooms_flow_c = rounded(stream.between(standard.flow_c.0, standard.flow_c.1), 0);
        let ground_c = stream.chance(GROUND_SHARE).then(|| rounded(stream.between(4.0, 10.0), 0));
        // Staffell's fit is a mean of devices up to 2010; today's do better.
        let quality = stream.between(0.98, 1.18);
        let cop = if ground_c.is_some() { GROUND_COP } else { AIR_COP }.map(|value| value * quality);
        let lift = rooms_flow_c - ground_c.unwrap_or(DESIGN_OUTDOOR_C);
        let design_cop = cop[0] + cop[1] * lift + cop[2] * lift * lift;
        let fixed_speed = stream.chance(FIXED_SPEED_SHARE);
        Self {
            ground_c,
            cop,
            rooms_flow_c,
            max_kw: (design_kw * stream.between(0.95, 1.25) / design_cop).max(1.2),
            // Modulating compressors go down to a quarter or two fifths of their power.
            min_share: if fixed_speed { 1.0 } else { stream.between(0.25, 0.42) },
            min_run_minutes: [15.0, 30.0, 45.0][stream.weighted(&[0.4, 0.4, 0.2])],
            min_pause_minutes: [15.0, 30.0][stream.weighted(&[0.6, 0.4])],
            running_before: stream.chance(0.4),
            minutes_in_state: 15.0 * rounded(stream.between(1.0, 12.0), 0),
            start_cost_ct: if stream.chance(0.3) { rounded(stream.between(1.0, 5.0), 0) } else { 0.0 },
            most_starts: stream.chance(0.15).then(|| rounded(stream.between(4.0, 8.0), 0)),
            backup_kw: if ground_c.is_none() && stream.chance(0.7) { 6.0 } else { 0.0 },
            house: House::draw(stream, area, design_kw),
            tank: Tank::draw(stream, persons),
        }
    }

    /// Heat from sun, people and appliances in every quarter-hour, in kW, given irradiance and
    /// outdoor temperature.
    pub(crate) fn gains_kw(&self, global: &[f64], outdoor_c: &[f64]) -> Vec<f64> {
        let gain = |(global, outdoor): (&f64, &f64)| {
            // Towards summer, open windows and blinds take away what nobody wants.
            let wanted = ((19.0 - outdoor) / 6.0).clamp(0.0, 1.0);
            wanted * (self.house.internal_kw + self.house.aperture_m2 * global)
        };
        global.iter().zip(outdoor_c).map(gain).collect()
    }

    /// `day_mean_c` is the mean outdoor temperature of the first day.
    pub(crate) fn row<'a>(&self, home_id: &'a str, day_mean_c: f64) -> Vec<(&'static str, Value<'a>)> {
        let number = |value: f64, decimals| Value::from(rounded(value, decimals));
        let source = if self.ground_c.is_some() { "ground" } else { "air" };
        let mut row = vec![
            ("home_id", home_id.into()),
            ("heat_pump_id", "heat-pump".into()),
            ("source", source.into()),
            ("ground_c", self.ground_c.into()),
            ("max_power_kw", number(self.max_kw, 2)),
            ("min_power_share", number(self.min_share, 2)),
            ("rooms_flow_c", self.rooms_flow_c.into()),
            ("cop_c0", number(self.cop[0], 3)),
            ("cop_c1", number(self.cop[1], 5)),
            ("cop_c2", number(self.cop[2], 7)),
            ("min_run_minutes", self.min_run_minutes.into()),
            ("min_pause_minutes", self.min_pause_minutes.into()),
            ("running_before", self.running_before.into()),
            ("minutes_in_state", self.minutes_in_state.into()),
            ("start_cost_ct", self.start_cost_ct.into()),
            ("most_starts_per_day", self.most_starts.into()),
            ("backup_max_kw", self.backup_kw.into()),
        ];
        row.extend(self.house.cells(day_mean_c));
        row.extend(self.tank.cells());
        row
    }
}

impl House {
    fn draw(stream: &mut ChaCha8Rng, area: f64, design_kw: f64) -> Self {
        let setback = stream.chance(0.4);
        Self {
            resistance: (DESIGN_ROOM_C - DESIGN_OUTDOOR_C) / design_kw,
            capacitance: area * stream.between(CAPACITANCE.0, CAPACITANCE.1) / 1000.0,
            comfort_lowest_c: [19.5, 20.0, 20.5, 21.0][stream.weighted(&[0.2, 0.4, 0.2, 0.2])],
            night_lowest_c: setback.then(|| [17.0, 18.0, 19.0][stream.weighted(&[0.2, 0.5, 0.3])]),
            above_lowest_k: stream.between(0.2, 1.2),
            internal_kw: area * INTERNAL_W_PER_M2 / 1000.0,
            aperture_m2: area * stream.between(SOLAR_APERTURE.0, SOLAR_APERTURE.1),
        }
    }

    fn cells<'a>(&self, day_mean_c: f64) -> Vec<(&'static str, Value<'a>)> {
        let number = |value: f64, decimals| Value::from(rounded(value, decimals));
        // No heat pump cools here: in warm weather rooms float, and nobody calls that discomfort.
        let summer_k = (day_mean_c - 14.0).clamp(0.0, 7.0);
        let initial = self.comfort_lowest_c + self.above_lowest_k + summer_k * 0.6;
        vec![
            ("resistance_k_per_kw", number(self.resistance, 2)),
            ("capacitance_kwh_per_k", number(self.capacitance, 2)),
            ("initial_room_c", number(initial, 1)),
            ("comfort_lowest_c", self.comfort_lowest_c.into()),
            ("comfort_highest_c", number(self.comfort_lowest_c + 3.0 + summer_k, 1)),
            ("night_lowest_c", self.night_lowest_c.into()),
            ("night_from", Value::Text(self.night_lowest_c.map(|_| "22:00"))),
            ("night_to", Value::Text(self.night_lowest_c.map(|_| "06:00"))),
        ]
    }
}

impl Tank {
    /// Counted from 40 °C up to 55 °C: 15 K of a tank of 200 to 400 l (70 to 100 l a person).
    fn draw(stream: &mut ChaCha8Rng, persons: usize) -> Self {
        let litres = (120.0 + persons as f64 * stream.between(45.0, 70.0)).clamp(180.0, 450.0);
        let kwh_per_k = litres * 0.001_163;
        let highest_kwh = 15.0 * kwh_per_k;
        // 1.2 to 2.2 kWh a day at 45 K above the cellar: classes B and C of EU 812/2013.
        let loss_kw_per_k = stream.between(1.2, 2.2) / 24.0 / 45.0;
        Self {
            highest_kwh,
            initial_kwh: highest_kwh * stream.between(0.3, 0.9),
            loss_per_hour: loss_kw_per_k / kwh_per_k,
            immersion_kw: if stream.chance(0.35) {
                [1.5, 2.0, 3.0][stream.weighted(&[0.3, 0.4, 0.3])]
            } else {
                0.0
            },
        }
    }

    fn cells<'a>(&self) -> Vec<(&'static str, Value<'a>)> {
        let number = |value: f64, decimals| Value::from(rounded(value, decimals));
        vec![
            ("water_flow_c", 55.0.into()),
            ("tank_highest_kwh", number(self.highest_kwh, 2)),
            ("tank_initial_kwh", number(self.initial_kwh, 2)),
            ("tank_loss_per_hour", number(self.loss_per_hour, 5)),
            ("immersion_max_kw", self.immersion_kw.into()),
        ]
    }
}
