//! The least of many linear pieces.

use crate::piece::Piece;

/// The least of all `pieces`, by halves.
pub(crate) fn envelope(pieces: &[Piece]) -> Vec<Piece> {
    if pieces.len() < 2 {
        return pieces.to_vec();
    }
    let (left, right) = pieces.split_at(pieces.len() / 2);
    lower(&envelope(left), &envelope(right))
}

/// The least of two lists of pieces, each in rising order: walks both from breakpoint to breakpoint.
pub(crate) fn lower(left: &[Piece], right: &[Piece]) -> Vec<Piece> {
    let mut out = Walk::default();
    let (mut i, mut j) = (0, 0);
    let mut x = f64::NEG_INFINITY;
    loop {
        i += left[i..].iter().take_while(|piece| piece.hi <= x).count();
        j += right[j..].iter().take_while(|piece| piece.hi <= x).count();
        x = match (left.get(i), right.get(j)) {
            (None, None) => return out.pieces,
            (Some(one), None) => out.push((0, i), one, x.max(one.lo), one.hi),
            (None, Some(two)) => out.push((1, j), two, x.max(two.lo), two.hi),
            (Some(one), Some(two)) => {
                let from = x.max(one.lo.min(two.lo));
                if two.lo > from {
                    out.push((0, i), one, from, one.hi.min(two.lo))
                } else if one.lo > from {
                    out.push((1, j), two, from, two.hi.min(one.lo))
                } else {
                    out.push_lower([((0, i), one), ((1, j), two)], from, one.hi.min(two.hi))
                }
            }
        };
    }
}

/// Where a piece comes from: the list, and its number there.
type Origin = (usize, usize);

/// Pieces as they are found; what comes from one piece stays one piece.
#[derive(Default)]
struct Walk {
    pieces: Vec<Piece>,
    last: Option<Origin>,
}

impl Walk {
    /// Appends `piece` on `from..=to` and returns `to`.
    fn push(&mut self, origin: Origin, piece: &Piece, from: f64, to: f64) -> f64 {
        match self.pieces.last_mut() {
            Some(last) if self.last == Some(origin) && last.hi >= from => {
                (last.hi, last.at_hi) = (to, piece.at(to));
            }
            _ => self.pieces.push(piece.part(from, to)),
        }
        self.last = Some(origin);
        to
    }

    /// Appends the lower of two pieces that both cover `from..=to`, and returns `to`.
    fn push_lower(&mut self, both: [(Origin, &Piece); 2], from: f64, to: f64) -> f64 {
        let [one, two] = both;
        let (first, last) = (one.1.at(from) - two.1.at(from), one.1.at(to) - two.1.at(to));
        if first * last >= 0.0 {
            // No crossing within; where they are equal at one end, the other end decides.
            let lowest = if first + last <= 0.0 { one } else { two };
            return self.push(lowest.0, lowest.1, from, to);
        }
        let (begin, end) = if first < 0.0 { (one, two) } else { (two, one) };
        let crossing = from + (to - from) * (first / (first - last));
        if crossing > from && crossing < to {
            self.push(begin.0, begin.1, from, crossing);
            return self.push(end.0, end.1, crossing, to);
        }
        // They cross within rounding of one end: the lower one at the other end is the lower one.
        let lowest = if first.abs() >= last.abs() { begin } else { end };
        self.push(lowest.0, lowest.1, from, to)
    }
}
