//! A photovoltaic roof.

use rand_chacha::ChaCha8Rng;

use crate::random::Draw;
use crate::weather::Weather;

/// Sizes of roofs on houses in kWp with their shares: new systems up to 20 kWp in the Marktstammdatenregister
/// have a mean of 9 to 10 kWp, with a heap just below 10 kWp.
const SIZES: [(f64, f64, f64); 4] =
    [(3.5, 6.0, 0.16), (6.0, 9.0, 0.34), (9.0, 10.0, 0.28), (10.0, 16.0, 0.22)];

/// Directions from the south in degrees and their shares: assumed, after the
/// Marktstammdatenregister, in which south leads before east and west together.
const DIRECTIONS: [(f64, f64); 5] = [(0.0, 0.45), (-45.0, 0.12), (45.0, 0.13), (-90.0, 0.15), (90.0, 0.15)];

/// Share left after soiling, wiring, mismatch and inverter: performance ratio of German roofs
/// 0.80 to 0.90 without heat (Fraunhofer ISE, "Aktuelle Fakten zur Photovoltaik").
const RATIO: (f64, f64) = (0.84, 0.92);
/// Loss of power per K above 25 °C, and cell heating per kW/m²: data sheets, NOCT 45 °C.
const HEAT_LOSS_PER_K: f64 = 0.0035;
const HEATING_K: f64 = 30.0;
/// Reflection of the ground.
const ALBEDO: f64 = 0.2;

/// A roof with its inverter.
#[derive(Debug, Clone)]
pub(crate) struct Roof {
    pub(crate) kwp: f64,
    tilt: f64,
    /// From the south, positive to the west.
    azimuth: f64,
    ratio: f64,
    inverter_kw: f64,
}

impl Roof {
    pub(crate) fn draw(stream: &mut ChaCha8Rng) -> Self {
        let (low, high, _) = SIZES[stream.weighted(&SIZES.map(|(_, _, share)| share))];
        let kwp = stream.between(low, high);
        let direction = DIRECTIONS[stream.weighted(&DIRECTIONS.map(|(_, share)| share))].0;
        Self {
            kwp,
            tilt: stream.about(34.0, 7.0).to_radians(),
            azimuth: (direction + stream.about(0.0, 12.0)).to_radians(),
            ratio: stream.between(RATIO.0, RATIO.1),
            // Inverters are sized to 85 to 100 % of the modules.
            inverter_kw: kwp * stream.between(0.85, 1.0),
        }
    }

    /// The mean power of every quarter-hour, in kW.
    pub(crate) fn power_kw(&self, weather: &Weather) -> Vec<f64> {
        (0..weather.global.len())
            .map(|t| {
                let plane = self.irradiance(weather, t);
                let cell_c = weather.outdoor_c[t] + HEATING_K * plane;
                let heat = 1.0 - HEAT_LOSS_PER_K * (cell_c - 25.0);
                (self.kwp * plane * self.ratio * heat).clamp(0.0, self.inverter_kw)
            })
            .collect()
    }

    /// Irradiance on the modules in kW/m²: beam, an even sky, and the ground (Liu and Jordan 1963).
    fn irradiance(&self, weather: &Weather, t: usize) -> f64 {
        let (global, sun) = (weather.global[t], weather.sun[t]);
        if global <= 0.0 {
            return 0.0;
        }
        let diffuse = global * sun.diffuse_share(global);
        // Near the horizon a beam divided by the cosine of the zenith would have no bound.
        let beam = ((global - diffuse) / sun.cos_zenith.max(0.08)).min(1.0);
        let sin_zenith = (1.0 - sun.cos_zenith.powi(2)).max(0.0).sqrt();
        let cos_incidence = sun.cos_zenith * self.tilt.cos()
            + sin_zenith * self.tilt.sin() * (sun.azimuth - self.azimuth).cos();
        let sky = f64::midpoint(1.0, self.tilt.cos());
        beam * cos_incidence.max(0.0) + diffuse * sky + global * ALBEDO * (1.0 - sky)
    }
}
