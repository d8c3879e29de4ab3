//! Prices as a home should count them that does not know which of the two it will pay.

use offpeak_domain::{Grid, Horizon, Kilowatts};

/// How far the prices of a horizon's end are drawn together, as a share of what lies between them.
const AT_END: f64 = 0.8;

/// Draws import and export price together, the more the later an interval is.
///
/// Whether a home with sun will draw from the grid or feed in is foretold ever less surely: a kWh in a far interval is worth the
/// import price in one case and the export price in the other. So a plan takes the surplus and covers the need at hand, unless
/// waiting gains more than the doubt. A home without sun never feeds in and has no doubt.
pub(super) fn over(grid: &mut Grid, horizon: &Horizon) {
    let whole = hours(horizon, horizon.len());
    draw_together(grid, |t| AT_END * (hours(horizon, t) / whole));
}

/// Draws all prices together as far as those of the end.
pub(super) fn at_end(grid: &mut Grid) {
    draw_together(grid, |_| AT_END);
}

fn draw_together(grid: &mut Grid, share: impl Fn(usize) -> f64) {
    if grid.pv.iter().all(|pv| *pv <= Kilowatts::ZERO) {
        return;
    }
    for (t, (import, export)) in grid.import_price.iter_mut().zip(&mut grid.export_price).enumerate() {
        let shift = (*import - *export) * (0.5 * share(t));
        (*import, *export) = (*import - shift, *export + shift);
    }
}

/// Time from the start of the horizon to edge number `edge`.
fn hours(horizon: &Horizon, edge: usize) -> f64 {
    (horizon.edges()[edge] - horizon.start()).as_seconds_f64() / 3600.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use offpeak_domain::CentsPerKilowattHour;
    use offpeak_testhomes::plain;

    fn prices(sun: f64) -> Vec<(CentsPerKilowattHour, CentsPerKilowattHour)> {
        let start = plain::at_start();
        let horizon = Horizon::between(start, start + chrono::Duration::hours(4), 60).expect("divides");
        let mut spec = plain::home(horizon, &[30.0, 30.0, 30.0, -5.0]);
        spec.grid.export_price = plain::ct_per_kwh(&[10.0, 10.0, 10.0, 0.0]);
        spec.grid.pv[1] = Kilowatts(sun);
        over(&mut spec.grid, &spec.horizon);
        spec.grid.import_price.into_iter().zip(spec.grid.export_price).collect()
    }

    #[test]
    fn with_sun_the_prices_of_later_intervals_lie_nearer_together_and_never_change_places() {
        let pair = |import, export| (CentsPerKilowattHour(import), CentsPerKilowattHour(export));
        let expected = [pair(30.0, 10.0), pair(28.0, 12.0), pair(26.0, 14.0), pair(-3.5, -1.5)];
        for ((import, export), expected) in prices(1.0).into_iter().zip(expected) {
            assert!(
                (import - expected.0).0.abs() < 1e-9 && (export - expected.1).0.abs() < 1e-9,
                "{import} {export}"
            );
        }
        assert_eq!(prices(0.0)[2], pair(30.0, 10.0), "without sun");
    }
}
