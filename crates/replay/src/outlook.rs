//! What a home is cut from: the truth, or what is known of it.

use std::ops::Range;

use offpeak_domain::{KilowattHours, Prices};

use crate::signal::{Signal, measured};
use crate::span::Span;

/// Values of every series, and the stays of the cars, for intervals counted from the start of the span.
pub(crate) trait Outlook {
    /// The value of `signal` in interval `t`.
    fn value(&self, signal: Signal, t: usize) -> f64;

    /// The stays of a car that touch `range`, in order.
    fn stays(&self, ev: usize, range: &Range<usize>) -> Vec<Stay>;
}

/// A stay of a car at home.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stay {
    pub(crate) connected: Range<usize>,
    /// Energy wished for at the departure; none where the span ends before it and says nothing.
    pub(crate) target: Option<KilowattHours>,
    /// Energy driven since the stay before, due in the interval before the arrival.
    pub(crate) driven: KilowattHours,
}

impl Stay {
    /// Whether anything of it happens within `range`: it is connected, departs at one of its later edges, or comes home at its end.
    pub(crate) fn touches(&self, range: &Range<usize>) -> bool {
        let connects = self.connected.start < range.end && self.connected.end > range.start;
        let comes_home = self.connected.start == range.end && self.driven.0 > 0.0;
        connects || comes_home
    }
}

/// What really happens, at the prices of a tariff.
pub(crate) struct Truth<'a> {
    pub(crate) span: &'a Span,
    pub(crate) prices: &'a Prices,
}

impl Outlook for Truth<'_> {
    fn value(&self, signal: Signal, t: usize) -> f64 {
        measured(self.span.home(), self.prices, signal, t)
    }

    fn stays(&self, ev: usize, range: &Range<usize>) -> Vec<Stay> {
        true_stays(self.span, ev).filter(|stay| stay.touches(range)).collect()
    }
}

/// Every true stay of a car, in order.
pub(crate) fn true_stays(span: &Span, ev: usize) -> impl Iterator<Item = Stay> + '_ {
    let ev = &span.home().evs[ev];
    let at_end = ev.end.map(|end| end.target);
    ev.sessions.iter().map(move |session| Stay {
        connected: session.connected.clone(),
        target: session.target.or(at_end),
        driven: session.driven_before,
    })
}
