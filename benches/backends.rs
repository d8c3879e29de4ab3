//! Dev harness.
use offpeak_benches::homes;
use offpeak_domain::{Costed, GapTolerance};
use offpeak_synth::Mix;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let mix = match args[0].as_str() {
        "full" => Mix::Full,
        "ev" => Mix::EvOnly,
        "bev" => Mix::BatteryEv,
        "battery" => Mix::BatteryOnly,
        "pump" => Mix::PumpOnly,
        _ => Mix::Realistic,
    };
    let count: usize = args[1].parse().unwrap();
    let only: Option<usize> = args.get(2).and_then(|a| a.parse().ok());
    let tolerance = GapTolerance::default();
    let (mut times, mut closed) = (Vec::new(), 0);
    for (i, home) in homes(mix, count).iter().enumerate() {
        if only.is_some_and(|o| o != i) {
            continue;
        }
        let begin = Instant::now();
        let found = offpeak_decomposition::solve(
            home,
            tolerance,
            if std::env::args().any(|a| a == "--quick") {
                offpeak_decomposition::Effort::Quick
            } else {
                offpeak_decomposition::Effort::Full
            },
        );
        let ms = begin.elapsed().as_secs_f64() * 1e3;
        times.push(ms);
        closed += usize::from(found.closed);
        let (objective, violations) = match &found.setpoints {
            Some(s) => {
                let c = Costed::of(home, s.clone());
                let v = offpeak_audit::audit_costed(home, &c);
                (c.money.objective().0, v)
            }
            None => (f64::NAN, vec![]),
        };
        println!(
            "{i:>3} {} obj {objective:>9.3} bound {:>9.3} gap {:>8.3} {:>7.3}% {ms:>8.2} ms it {} {} {}",
            home.id,
            found.bound,
            objective - found.bound,
            (objective - found.bound) / objective.abs() * 100.0,
            found.iterations,
            if found.closed { "closed" } else { "OPEN" },
            violations.first().map(ToString::to_string).unwrap_or_default()
        );
    }
    times.sort_by(f64::total_cmp);
    println!(
        "closed {closed}/{} median {:.2} mean {:.2} max {:.2} ms",
        times.len(),
        times[times.len() / 2],
        times.iter().sum::<f64>() / times.len() as f64,
        times[times.len() - 1]
    );
}
