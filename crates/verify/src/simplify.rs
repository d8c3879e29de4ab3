//! Fewer pieces at the price of a slightly lower function.

use crate::function::Function;
use crate::piece::Piece;

/// How much lower a simplified function may be, in ct. Each stage of a dynamic program loses this once.
pub(crate) const EPSILON: f64 = 5e-5;

/// A function within [`EPSILON`] below `function`, never above, with as few pieces as a walk from left to right finds.
pub(crate) fn simplified(function: &Function) -> Function {
    let mut out: Vec<Piece> = Vec::new();
    let mut band: Option<Band> = None;
    for piece in function.pieces() {
        if band.as_mut().is_some_and(|band| band.admit(piece)) {
            continue;
        }
        out.extend(band.take().map(|band| band.line()));
        band = Some(Band::from(piece, out.last()));
    }
    out.extend(band.map(|band| band.line()));
    Function::in_order(out)
}

/// All lines through one point that stay within the band below what they replace.
struct Band {
    lo: f64,
    hi: f64,
    start: f64,
    least_slope: f64,
    most_slope: f64,
}

impl Band {
    /// From the left end of `piece`, going on from the end of the line `before` where it lies in the band.
    fn from(piece: &Piece, before: Option<&Piece>) -> Self {
        let joined = before.filter(|before| before.hi >= piece.lo).map(|before| before.at_hi);
        let within = joined.filter(|value| (piece.at_lo - EPSILON..=piece.at_lo).contains(value));
        let start = within.unwrap_or(piece.at_lo - EPSILON / 2.0);
        let mut band = Self {
            lo: piece.lo,
            hi: piece.hi,
            start,
            least_slope: f64::NEG_INFINITY,
            most_slope: f64::INFINITY,
        };
        (band.least_slope, band.most_slope) = band.slopes(piece.hi, piece.at_hi);
        band
    }

    /// Goes on over `piece` if it joins and a line is left.
    fn admit(&mut self, piece: &Piece) -> bool {
        if piece.lo > self.hi {
            return false;
        }
        let (at_lo, at_hi) = (self.slopes(piece.lo, piece.at_lo), self.slopes(piece.hi, piece.at_hi));
        let least = self.least_slope.max(at_lo.0).max(at_hi.0);
        let most = self.most_slope.min(at_lo.1).min(at_hi.1);
        if least > most {
            return false;
        }
        (self.hi, self.least_slope, self.most_slope) = (piece.hi, least, most);
        true
    }

    /// The least and the most slope that pass `x` within the band below `value`.
    fn slopes(&self, x: f64, value: f64) -> (f64, f64) {
        let run = x - self.lo;
        ((value - EPSILON - self.start) / run, (value - self.start) / run)
    }

    fn line(&self) -> Piece {
        let slope = f64::midpoint(self.least_slope, self.most_slope);
        Piece::sloped(self.lo, self.hi, self.start, slope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_loses_most_pieces_and_never_more_than_epsilon() {
        let curve = |x: f64| (x - 3.0).powi(2) + if x > 5.0 { 2.0 } else { 0.0 };
        let pieces: Vec<Piece> = (0..8000)
            .map(|k| f64::from(k) * 1e-3)
            .map(|lo| Piece { lo, hi: lo + 1e-3, at_lo: curve(lo + 1e-9), at_hi: curve(lo + 1e-3 - 1e-9) })
            .collect();
        let exact = Function::of(&pieces);
        let simple = simplified(&exact);
        assert!(simple.pieces().len() < 1600, "{}", simple.pieces().len());
        for k in 0..8000 {
            let x = f64::from(k) * 1e-3 + 3.3e-4;
            let lost = exact.at(x) - simple.at(x);
            assert!((-1e-7..EPSILON + 1e-7).contains(&lost), "{x}: {lost}");
        }
    }
}
