//! How long a plan takes; run with `--ignored --nocapture`.

use offpeak_replay::*;

use crate::support::*;

/// Seconds that this thread has computed: the wall clock of a busy machine says little.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    stat.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).expect("nanoseconds") / 1e9
}

#[test]
#[ignore = "prints times"]
fn times_of_policies_by_devices() {
    let all = Make::all(1, 4);
    let off = Make { battery: false, ev: false, rooms: false, water: false, washer: false, ..all };
    let homes = [
        ("battery", Make { battery: true, ..off }),
        ("ev", Make { ev: true, ..off }),
        ("battery+ev", Make { battery: true, ev: true, ..off }),
        ("rooms", Make { rooms: true, ..off }),
        ("water", Make { water: true, ..off }),
        ("rooms+water", Make { rooms: true, water: true, ..off }),
        ("no water", Make { water: false, ..all }),
        ("all", all),
    ];
    for (name, make) in homes.into_iter().filter(|(name, _)| *name == "all") {
        let span = make.span();
        let tariff = make.tariff(span.home());
        let forecasts = Forecasts::default();
        let case = Case { span: &span, tariff: &tariff, forecasts: &forecasts };
        for policy in [
            PolicySpec::uncontrolled(),
            PolicySpec::day_ahead(),
            PolicySpec::receding(4),
            PolicySpec::perfect_foresight(),
        ] {
            let start = cpu();
            let found = replay(&case, &policy).expect("a replay");
            let per_day = (cpu() - start) / f64::from(make.days);
            println!(
                "{name:12} {:18} {:8.1} ms a day, {:6.1} s a year, net {:8.1}",
                policy.id,
                per_day * 1e3,
                per_day * 365.0,
                found.net_ct()
            );
        }
    }
}
