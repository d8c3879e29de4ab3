//! COP and electric power of a compressor by temperatures.
//!
//! The quadratic form and its coefficients are those of Staffell et al. (2012), "A review of domestic
//! heat pumps", doi 10.1039/C2EE22653G. The linear forms are those of hplib (Tjaden, Hoops and Rösken
//! 2021, doi 10.5281/zenodo.5521597), whose database holds the coefficients of devices of the Keymark.

use offpeak_domain::{Celsius, Compression, Horizon, Kilowatts};

use crate::error::TableError;
use crate::rows::{Cop, HeatPumpRow, Source};
use crate::series::stamp;

/// Temperature lifts that Staffell's regressions span; outside, the value at the end holds.
const AIR_LIFTS: (f64, f64) = (15.0, 60.0);
const GROUND_LIFTS: (f64, f64) = (20.0, 60.0);

/// COPs that a plan can count with.
const COPS: (f64, f64) = (0.1, 50.0);

/// The temperatures that COP and power depend on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Temperatures {
    pub(super) source: Celsius,
    pub(super) flow: Celsius,
    /// Of the outdoor air; the source's where it is not known and does not count.
    pub(super) outdoor: Celsius,
}

/// COP and power limits in every interval while the compressor serves a sink at `flow`.
///
/// `outdoor` has one value per interval, or is none for a ground-source pump that does without.
pub(super) fn compression(
    row: &HeatPumpRow,
    flow: Celsius,
    outdoor: Option<&[Celsius]>,
    horizon: &Horizon,
) -> Result<Compression, TableError> {
    let mut compression = Compression { min_power: Vec::new(), max_power: Vec::new(), cop: Vec::new() };
    for t in 0..horizon.len() {
        let temperatures =
            temperatures(row.source, flow, outdoor.map(|outdoor| outdoor[t])).ok_or_else(|| {
                row.at.column("source", "air", "must be ground where the home has no outdoor_id")
            })?;
        let refuse = |column: &str, value: f64, allowed: &str| {
            let outdoor = temperatures.outdoor;
            let found = format!("{value} at {} and {outdoor} outside", stamp(horizon.start_of(t)));
            row.at.column(column, found, allowed)
        };
        let cop = cop(row.cop, row.source, temperatures);
        if !(COPS.0..=COPS.1).contains(&cop) {
            return Err(refuse("cop_c0 or cop_p1", cop, "must lead to a COP from 0.1 to 50"));
        }
        let max_power = max_power(row, temperatures);
        let min_power = max_power * row.min_power_share;
        if min_power.0 < 1e-3 {
            return Err(refuse("power_ref_kw", max_power.0, "must lead to a power of at least 0.001 kW"));
        }
        compression.cop.push(cop);
        compression.min_power.push(min_power);
        compression.max_power.push(max_power);
    }
    Ok(compression)
}

fn temperatures(source: Source, flow: Celsius, outdoor: Option<Celsius>) -> Option<Temperatures> {
    let source = match source {
        Source::Air => outdoor?,
        Source::Ground(ground) => ground,
    };
    Some(Temperatures { source, flow, outdoor: outdoor.unwrap_or(source) })
}

/// Heat per electric energy.
pub(super) fn cop(cop: Cop, source: Source, at: Temperatures) -> f64 {
    match cop {
        Cop::Quadratic([c0, c1, c2]) => {
            let (least, most) = if source == Source::Air { AIR_LIFTS } else { GROUND_LIFTS };
            let lift = (at.flow - at.source).0.clamp(least, most);
            c0 + c1 * lift + c2 * lift * lift
        }
        // A compressor gives at least the heat of its own current; a fit outside its data may say less.
        Cop::Linear(factors) => linear(factors, at).max(1.0),
    }
}

fn max_power(row: &HeatPumpRow, at: Temperatures) -> Kilowatts {
    match &row.power_form {
        Some(form) => (form.reference * linear(form.factors, at)).min(row.max_power),
        None => row.max_power,
    }
}

/// `p1 source + p2 flow + p3 + p4 outdoor`
fn linear([p1, p2, p3, p4]: [f64; 4], at: Temperatures) -> f64 {
    p1 * at.source.0 + p2 * at.flow.0 + p3 + p4 * at.outdoor.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAFFELL_AIR: Cop = Cop::Quadratic([6.81, -0.121, 0.000_630]);

    fn air(outdoor: f64, flow: f64) -> Temperatures {
        Temperatures { source: Celsius(outdoor), flow: Celsius(flow), outdoor: Celsius(outdoor) }
    }

    #[test]
    fn an_air_source_pump_by_staffell_has_a_cop_of_3_7_at_5_and_35_degrees() {
        let found = cop(STAFFELL_AIR, Source::Air, air(5.0, 35.0));
        assert!((found - (6.81 - 0.121 * 30.0 + 0.000_630 * 900.0)).abs() < 1e-12, "{found}");
        assert!((found - 3.747).abs() < 1e-9, "{found}");
    }

    #[test]
    fn beyond_its_data_the_regression_is_held() {
        let coldest = cop(STAFFELL_AIR, Source::Air, air(-25.0, 35.0));
        assert!((cop(STAFFELL_AIR, Source::Air, air(-40.0, 35.0)) - coldest).abs() < 1e-12);
        let warmest = cop(STAFFELL_AIR, Source::Air, air(20.0, 35.0));
        assert!((cop(STAFFELL_AIR, Source::Air, air(34.0, 35.0)) - warmest).abs() < 1e-12);
    }

    #[test]
    fn a_device_of_the_keymark_has_the_cop_of_its_fit() {
        // Advantix i-SHWAK V4 06 of the hplib database at A7/W35.
        let factors =
            [-40.360_700_548_670_4, -0.042_594_098_129_816, 4.862_191_860_731_595, 40.502_337_728_959_2];
        let found = cop(Cop::Linear(factors), Source::Air, air(7.0, 35.0));
        assert!((found - 4.362).abs() < 0.01, "{found}");
        assert!((cop(Cop::Linear(factors), Source::Air, air(-30.0, 55.0)) - 1.0).abs() < 1e-12);
    }
}
