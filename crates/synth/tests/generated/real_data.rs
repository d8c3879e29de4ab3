//! Generated data against the real data they must resemble, where that is at hand.

use chrono::{Datelike, Timelike, Weekday};
use offpeak_synth::{Mix, SynthOptions};

use crate::support::{csv_files, local, mean, number, options, quantile, real_data, rows};

#[test]
fn prices_have_quantiles_like_those_of_the_real_zone() {
    let Some(real) = real_data("prices_de_lu_2025-10_2026-05_15min.csv") else { return };
    let mut real: Vec<f64> = rows(&real).map(|row| number(&row, "eur_per_mwh")).collect();
    let files = csv_files(&SynthOptions { days: 243, ..options(1, "2025-10-01", Mix::EvOnly) });
    let mut made: Vec<f64> = rows(&files["prices.csv"]).map(|row| number(&row, "eur_per_mwh")).collect();
    for share in [0.05, 0.25, 0.5, 0.75, 0.95] {
        let (real, made) = (quantile(&mut real, share), quantile(&mut made, share));
        assert!((made - real).abs() < 32.0, "quantile {share}: {made} for {real} EUR/MWh");
    }
}

#[test]
fn the_mean_household_has_the_shape_of_the_standard_profile() {
    let Some(real) = real_data("bdew_slp_2025_h25_p25_s25.csv") else { return };
    let files = csv_files(&SynthOptions { days: 7, ..options(300, "2026-01-12", Mix::EvOnly) });
    for (weekday, day_type) in
        [(Weekday::Wed, "workday"), (Weekday::Sat, "saturday"), (Weekday::Sun, "sunday_holiday")]
    {
        let mut standard = [0.0; 24];
        for row in rows(&real) {
            if row["profile"] == "H25" && row["month"] == "1" && row["day_type"] == day_type {
                standard[row["slot"].parse::<usize>().unwrap() / 4] += number(&row, "kwh_per_gwh");
            }
        }
        let mut made = [0.0; 24];
        for row in rows(&files["series.csv"]) {
            let start = local(&row, "start_utc");
            if start.weekday() == weekday {
                made[start.hour() as usize] += number(&row, "load_kw");
            }
        }
        let alike = correlation(&standard, &made);
        assert!(alike > 0.93, "{day_type}: {alike}");
    }
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (mean_a, mean_b) = (mean(a.iter().copied()), mean(b.iter().copied()));
    let sum = |f: fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| f(a - mean_a, b - mean_b)).sum::<f64>();
    sum(|a, b| a * b) / (sum(|a, _| a * a) * sum(|_, b| b * b)).sqrt()
}
