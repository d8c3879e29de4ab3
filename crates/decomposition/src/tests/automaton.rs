//! The compressor's automaton against a count of runs and pauses, on every pattern.

use crate::model::{Action, Automaton};

const INTERVALS: usize = 9;

/// Whether the pattern keeps minimum run and pause, with what was held before the horizon. The last run or pause may be cut.
fn keeps(pattern: &[bool], (run, pause): (usize, usize), (running, before): (bool, usize)) -> bool {
    let (mut state, mut held) = (running, before);
    for on in pattern {
        if *on == state {
            held += 1;
            continue;
        }
        if held < if state { run } else { pause } {
            return false;
        }
        (state, held) = (*on, 1);
    }
    true
}

/// Whether some way of the automaton has the pattern, and with how many starts.
fn accepts(automaton: &Automaton, pattern: &[bool]) -> Option<usize> {
    let mut states = vec![(automaton.initial, 0)];
    for on in pattern {
        let arcs = |(state, starts): &(usize, usize)| {
            let fitting =
                automaton.arcs.iter().filter(|arc| arc.from == *state && *on == (arc.action != Action::Idle));
            fitting.map(|arc| (arc.to, starts + usize::from(arc.starts))).collect::<Vec<_>>()
        };
        states = states.iter().flat_map(arcs).collect();
    }
    states.iter().map(|(_, starts)| *starts).min()
}

#[test]
fn it_accepts_what_keeps_run_and_pause_and_counts_the_starts() {
    for (run, pause) in [(1, 1), (2, 1), (1, 3), (3, 2), (4, 4)] {
        for running in [false, true] {
            for before in 0..6 {
                let least = if running { run } else { pause };
                let held = (usize::saturating_sub(least, before), running);
                let automaton = Automaton::compressor((run, pause), held, &[Action::Port(0)]);
                for bits in 0..1_usize << INTERVALS {
                    let pattern: Vec<bool> = (0..INTERVALS).map(|t| bits >> t & 1 == 1).collect();
                    let starts = (0..INTERVALS)
                        .filter(|t| pattern[*t] && !if *t == 0 { running } else { pattern[*t - 1] });
                    let expected = keeps(&pattern, (run, pause), (running, before)).then(|| starts.count());
                    let found = accepts(&automaton, &pattern);
                    assert_eq!(found, expected, "{run} {pause} {running} {before}: {pattern:?}");
                }
            }
        }
    }
}
