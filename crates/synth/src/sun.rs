//! Where the sun stands, and what it sends through a clear sky.

use chrono::{DateTime, Datelike, Duration, Timelike, Utc};

/// Solar constant in kW/m².
const SOLAR_CONSTANT: f64 = 1.361;

/// Position of the sun.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sun {
    /// Cosine of the zenith angle; at most 0 by night.
    pub(crate) cos_zenith: f64,
    /// Direction from the south, positive to the west, in radians.
    pub(crate) azimuth: f64,
    /// Irradiance outside the atmosphere on the horizontal, in kW/m².
    pub(crate) extraterrestrial: f64,
}

impl Sun {
    /// The sun in the middle of the quarter-hour from `start`.
    ///
    /// Declination after Cooper 1969, equation of time after Woolf 1968, both as in Duffie and
    /// Beckman, "Solar Engineering of Thermal Processes", chapter 1.
    pub(crate) fn over(start: DateTime<Utc>, latitude: f64, longitude: f64) -> Self {
        let middle = start + Duration::seconds(450);
        let day = f64::from(middle.ordinal());
        let turn = (360.0 * (day - 81.0) / 364.0).to_radians();
        let equation_minutes = 9.87 * (2.0 * turn).sin() - 7.53 * turn.cos() - 1.5 * turn.sin();
        let hours = f64::from(middle.num_seconds_from_midnight()) / 3600.0;
        let solar_hours = hours + longitude / 15.0 + equation_minutes / 60.0;
        let hour_angle = (15.0 * (solar_hours - 12.0)).to_radians();
        let declination = 23.45_f64.to_radians() * (360.0 * (284.0 + day) / 365.0).to_radians().sin();
        let (sin_latitude, cos_latitude) = latitude.to_radians().sin_cos();
        let cos_zenith =
            sin_latitude * declination.sin() + cos_latitude * declination.cos() * hour_angle.cos();
        let west = declination.cos() * hour_angle.sin();
        let south = sin_latitude * declination.cos() * hour_angle.cos() - cos_latitude * declination.sin();
        let distance = 1.0 + 0.033 * (360.0 * day / 365.0).to_radians().cos();
        Self {
            cos_zenith,
            azimuth: west.atan2(south),
            extraterrestrial: SOLAR_CONSTANT * distance * cos_zenith.max(0.0),
        }
    }

    /// Global irradiance on the horizontal under a clear sky in kW/m², after Haurwitz 1945.
    pub(crate) fn clear_sky(&self) -> f64 {
        if self.cos_zenith <= 0.01 {
            return 0.0;
        }
        1.098 * self.cos_zenith * (-0.057 / self.cos_zenith).exp()
    }

    /// The diffuse share of the global irradiance, after Erbs, Klein and Duffie 1982.
    pub(crate) fn diffuse_share(&self, global: f64) -> f64 {
        if self.extraterrestrial <= 0.0 {
            return 1.0;
        }
        let k = (global / self.extraterrestrial).min(1.0);
        if k <= 0.22 {
            1.0 - 0.09 * k
        } else if k <= 0.8 {
            0.9511 - 0.1604 * k + 4.388 * k.powi(2) - 16.638 * k.powi(3) + 12.336 * k.powi(4)
        } else {
            0.165
        }
    }
}
