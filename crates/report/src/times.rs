//! Local times, as the axes and sentences name them.

use offpeak_domain::Home;

/// The local start of every interval: `Thu 15 Jan 14:15`.
pub(crate) fn starts(home: &Home) -> Vec<String> {
    let local = |t: usize| home.horizon.start_of(t).with_timezone(&home.time_zone);
    (0..home.horizon.len()).map(|t| local(t).format("%a %-d %b %H:%M").to_string()).collect()
}

/// The runs of intervals for which `is_in` holds, as first and one past the last.
pub(crate) fn runs(intervals: usize, is_in: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for t in (0..intervals).filter(|t| is_in(*t)) {
        match runs.last_mut() {
            Some(run) if run.1 == t => run.1 = t + 1,
            _ => runs.push((t, t + 1)),
        }
    }
    runs
}

/// Runs in words, the first few of them: `01:15–03:30, 13:00–14:00`; with the day where the plan has several.
pub(crate) fn spans(home: &Home, runs: &[(usize, usize)]) -> String {
    const MOST: usize = 4;
    let several_days = home.horizon.duration().0 > 25.0;
    let edge = |edge: usize, format: &str| {
        home.horizon.edges()[edge].with_timezone(&home.time_zone).format(format).to_string()
    };
    let first = if several_days { "%a %H:%M" } else { "%H:%M" };
    let mut words: Vec<String> = runs
        .iter()
        .take(MOST)
        .map(|(from, to)| format!("{}–{}", edge(*from, first), edge(*to, "%H:%M")))
        .collect();
    if runs.len() > MOST {
        words.push(format!("and {} more", runs.len() - MOST));
    }
    words.join(", ")
}

/// The local time of an edge: `Thu 07:00`.
pub(crate) fn edge(home: &Home, edge: usize) -> String {
    home.horizon.edges()[edge].with_timezone(&home.time_zone).format("%a %H:%M").to_string()
}
