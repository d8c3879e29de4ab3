//! What may move a store, interval by interval.

/// A small automaton: one arc is taken in every interval.
#[derive(Debug, Clone)]
pub(crate) struct Automaton {
    /// Number of states.
    pub(crate) states: usize,
    /// The state at the first edge.
    pub(crate) initial: usize,
    /// Its arcs, the same in every interval.
    pub(crate) arcs: Vec<Arc>,
    /// What a start costs, ct per interval in which it falls.
    pub(crate) start_cost: f64,
    /// Ranges of intervals with the most starts allowed in each.
    pub(crate) start_caps: Vec<(std::ops::Range<usize>, usize)>,
}

/// A move of the automaton.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arc {
    /// State before.
    pub(crate) from: usize,
    /// State after.
    pub(crate) to: usize,
    /// Whether it starts a compressor.
    pub(crate) starts: bool,
    /// What happens in the interval.
    pub(crate) action: Action,
}

/// What happens in an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing.
    Idle,
    /// The port is in use.
    Port(usize),
    /// The compressor serves its other sink.
    Serve,
}

impl Automaton {
    /// One state: any of the ports, or none.
    pub(crate) fn free(ports: &[usize]) -> Self {
        let arc = |action| Arc { from: 0, to: 0, starts: false, action };
        let arcs = std::iter::once(Action::Idle).chain(ports.iter().map(|port| Action::Port(*port))).map(arc);
        Self { states: 1, initial: 0, arcs: arcs.collect(), start_cost: 0.0, start_caps: Vec::new() }
    }

    /// A compressor with minimum run and pause, in intervals, where state `j` counts what is still required.
    ///
    /// States: `0` off and free to start; `1..min_pause` pausing that many intervals more; then running with
    /// `0..min_run` intervals still required. `held` is what is required at the first edge, and of what.
    pub(crate) fn compressor(
        (min_run, min_pause): (usize, usize),
        (held, running): (usize, bool),
        actions: &[Action],
    ) -> Self {
        let (run, pause) = (min_run.max(1), min_pause.max(1));
        // A state before the horizon may require more than a new start does.
        let (runs, pauses) = if running { (run.max(held + 1), pause) } else { (run, pause.max(held + 1)) };
        let off = |left: usize| left;
        let on = |left: usize| pauses + left;
        let mut arcs = Vec::new();
        let mut add = |from, to, starts, action| arcs.push(Arc { from, to, starts, action });
        for left in 0..pauses {
            add(off(left), off(left.saturating_sub(1)), false, Action::Idle);
        }
        add(on(0), off(pause - 1), false, Action::Idle);
        for action in actions {
            add(off(0), on(run - 1), true, *action);
            for left in 0..runs {
                add(on(left), on(left.saturating_sub(1)), false, *action);
            }
        }
        let initial = if running { on(held) } else { off(held) };
        Self { states: pauses + runs, initial, arcs, start_cost: 0.0, start_caps: Vec::new() }
    }

    /// Whether it can go through these actions, one per interval.
    pub(crate) fn accepts(&self, actions: impl IntoIterator<Item = Action>) -> bool {
        let mut state = self.initial;
        actions.into_iter().all(|action| {
            let arc = self.arcs.iter().find(|arc| arc.from == state && arc.action == action);
            state = arc.map_or(state, |arc| arc.to);
            arc.is_some()
        })
    }
}
