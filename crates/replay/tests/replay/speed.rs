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
        ("car", Make { ev: true, ..off }),
        ("battery, car", Make { battery: true, ev: true, ..off }),
        ("rooms", Make { rooms: true, ..off }),
        ("rooms, water", Make { rooms: true, water: true, ..off }),
        ("all but water", Make { water: false, ..all }),
        ("all", all),
        ("all, a year", Make { days: 365, ..all }),
    ];
    for (name, make) in homes {
        let span = make.span();
        let tariff = make.tariff(span.home());
        let case = Case { span: &span, tariff: &tariff, forecasts: &Forecasts::default() };
        for policy in [
            PolicySpec::uncontrolled(),
            PolicySpec::day_ahead(),
            PolicySpec::receding(4),
            PolicySpec::perfect_foresight(),
        ] {
            let start = cpu();
            let net = replay(&case, &policy).expect("a replay").net_ct();
            let day = (cpu() - start) / f64::from(make.days);
            let year = day * 365.0;
            println!(
                "{name:14} {:18} {:6.1} ms a day, {year:5.1} s a year, net {net:9.1} ct",
                policy.id,
                day * 1e3
            );
        }
    }
}
