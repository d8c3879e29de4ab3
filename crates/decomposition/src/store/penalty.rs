//! The penalty of one edge: a sum of hinges, piecewise linear in the state.

/// A kink of a penalty: `below * max(0, at - x) + above * max(0, x - at)`, ct.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hinge {
    pub(super) at: f64,
    pub(super) below: f64,
    pub(super) above: f64,
}

/// The penalty of one edge.
#[derive(Clone, Debug, Default)]
pub(super) struct Penalty {
    /// In increasing order of their kinks.
    hinges: Vec<Hinge>,
    constant: f64,
}

impl Penalty {
    /// No penalty.
    pub(super) fn clear(&mut self) {
        self.hinges.clear();
        self.constant = 0.0;
    }

    /// Adds a hinge.
    pub(super) fn add(&mut self, hinge: Hinge) {
        let place = self.hinges.partition_point(|other| other.at <= hinge.at);
        self.hinges.insert(place, hinge);
    }

    /// Adds a constant, ct.
    pub(super) fn add_constant(&mut self, cost: f64) {
        self.constant += cost;
    }

    /// Penalty at `x`, ct.
    #[inline]
    pub(super) fn at(&self, x: f64) -> f64 {
        self.hinges.iter().fold(self.constant, |sum, hinge| {
            let away = x - hinge.at;
            sum + if away < 0.0 { -hinge.below * away } else { hinge.above * away }
        })
    }

    /// An upper bound of the size of its slope, ct per store unit.
    pub(super) fn steepness(&self) -> f64 {
        self.hinges.iter().map(|hinge| hinge.below.abs().max(hinge.above.abs())).sum()
    }

    /// Its linear parts, read from left to right.
    pub(super) fn walk(&self) -> Walk<'_> {
        let first = self.hinges.first().map_or(0.0, |hinge| hinge.at);
        let slope = -self.hinges.iter().map(|hinge| hinge.below).sum::<f64>();
        Walk { hinges: &self.hinges, from: first, value: self.at(first), slope }
    }
}

/// A reader of the linear parts of a penalty: `value + slope (x - from)` up to the next kink.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    hinges: &'a [Hinge],
    from: f64,
    value: f64,
    slope: f64,
}

impl Walk<'_> {
    /// The next kink; infinite behind the last.
    #[inline]
    pub(super) fn kink(&self) -> f64 {
        self.hinges.first().map_or(f64::INFINITY, |hinge| hinge.at)
    }

    /// Penalty at `x` on the present part, ct.
    #[inline]
    pub(super) fn at(&self, x: f64) -> f64 {
        self.value + self.slope * (x - self.from)
    }

    /// Goes on behind the next kink.
    pub(super) fn pass(&mut self) {
        if let [hinge, rest @ ..] = self.hinges {
            self.value = self.at(hinge.at);
            self.from = hinge.at;
            self.slope += hinge.below + hinge.above;
            self.hinges = rest;
        }
    }
}
