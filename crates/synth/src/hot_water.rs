//! Hot water drawn in a day: showers, kitchen, hands.

use rand_chacha::ChaCha8Rng;

use crate::random::Draw;

/// Heat of a draw in kWh: the tapping programmes of EN 16147.
const SHOWER_KWH: f64 = 1.4;
const DISHES_KWH: f64 = 0.315;
const HANDS_KWH: f64 = 0.105;

/// Draws of a person in a day, so that a year has the 500 kWh of VDI 4655 for single-family houses.
const SHOWERS: f64 = 0.62;
const DISHES: f64 = 0.6;
const HANDS: f64 = 3.0;

/// When people shower: local hour, width in hours, share.
const SHOWER_TIMES: [(f64, f64, f64); 3] = [(6.8, 0.8, 0.62), (12.0, 2.5, 0.08), (20.0, 1.5, 0.30)];

/// Heat drawn in every quarter-hour of a day, in kW.
pub(crate) fn draw_kw(stream: &mut ChaCha8Rng, persons: usize, quarters: usize) -> Vec<f64> {
    let mut draw = vec![0.0; quarters];
    let last = quarters as f64 - 1.0;
    let mut add = |hour: f64, kwh: f64| draw[index((hour * 4.0).clamp(0.0, last))] += kwh * 4.0;
    for _ in 0..persons {
        for _ in 0..stream.count(SHOWERS) {
            let (hour, width, _) = SHOWER_TIMES[stream.weighted(&SHOWER_TIMES.map(|(_, _, share)| share))];
            add(stream.about(hour, width), SHOWER_KWH);
        }
        for _ in 0..stream.count(DISHES) {
            let meal = if stream.chance(0.4) { 13.0 } else { 19.0 };
            add(stream.about(meal, 1.0), DISHES_KWH);
        }
        for _ in 0..stream.count(HANDS) {
            add(stream.between(6.5, 23.0), HANDS_KWH);
        }
    }
    draw
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the quarters of a day"
)]
fn index(quarter: f64) -> usize {
    quarter as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Streams, Topic};

    #[test]
    fn a_person_draws_about_500_kwh_a_year() {
        let mut stream = Streams { seed: 5 }.lasting(Topic::HotWater, 0);
        let kwh: f64 = (0..2000).map(|_| draw_kw(&mut stream, 1, 96).iter().sum::<f64>() / 4.0).sum();
        let annual = kwh / 2000.0 * 365.0;
        assert!((470.0..530.0).contains(&annual), "{annual} kWh");
    }
}
