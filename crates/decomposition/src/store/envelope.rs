//! The pointwise minimum of two functions.

use super::segment::Segment;

/// A function moved by `dx` in the state and by `dy` in the value, without being copied.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moved<'a> {
    pub(super) segments: &'a [Segment],
    pub(super) dx: f64,
    pub(super) dy: f64,
}

impl<'a> Moved<'a> {
    /// The function where it is.
    pub(super) const fn still(segments: &'a [Segment]) -> Self {
        Self { segments, dx: 0.0, dy: 0.0 }
    }

    /// Writes the moved function to `out`.
    pub(super) fn append_to(&self, out: &mut Vec<Segment>) {
        out.extend(self.segments.iter().map(|segment| self.place(segment)));
    }

    #[inline]
    fn place(&self, segment: &Segment) -> Segment {
        Segment::new(segment.x0 + self.dx, segment.y0 + self.dy, segment.x1 + self.dx, segment.y1 + self.dy)
    }
}

/// A reader of one function; `head` is what is left of the current segment.
struct Cursor<'a> {
    function: Moved<'a>,
    index: usize,
    head: Segment,
}

impl<'a> Cursor<'a> {
    fn new(function: Moved<'a>) -> Self {
        let head = function.segments.first().map_or(Segment::END, |segment| function.place(segment));
        Self { function, index: 0, head }
    }

    #[inline]
    fn live(&self) -> bool {
        self.index < self.function.segments.len()
    }

    #[inline]
    fn advance(&mut self) {
        self.index += 1;
        self.head = self
            .function
            .segments
            .get(self.index)
            .map_or(Segment::END, |segment| self.function.place(segment));
    }

    /// Cuts the head at `x` and returns the part before it.
    #[inline]
    fn cut(&mut self, x: f64) -> Segment {
        let y = self.head.at(x);
        let before = Segment { x1: x, y1: y, ..self.head };
        (self.head.x0, self.head.y0) = (x, y);
        before
    }

    /// Takes the head up to `x`: all of it if it ends there.
    #[inline]
    fn take(&mut self, x: f64) -> Segment {
        if self.head.x1 <= x {
            let whole = self.head;
            self.advance();
            whole
        } else {
            self.cut(x)
        }
    }
}

/// Writer that joins successive parts of one source segment again.
struct Joiner<'a> {
    out: &'a mut Vec<Segment>,
    last: usize,
}

impl Joiner<'_> {
    #[inline]
    fn push(&mut self, tag: usize, part: Segment) {
        if self.last == tag
            && let Some(end) = self.out.last_mut()
        {
            (end.x1, end.y1) = (part.x1, part.y1);
            return;
        }
        self.last = tag;
        self.out.push(part);
    }

    fn rest(&mut self, mut cursor: Cursor, side: usize) {
        while cursor.live() {
            self.push(2 * cursor.index + side, cursor.head);
            cursor.advance();
        }
    }
}

/// Writes the pointwise minimum of `f` and `g` to `out` (cleared first).
pub(super) fn pointwise_min(f: Moved, g: Moved, out: &mut Vec<Segment>) {
    out.clear();
    let mut joiner = Joiner { out, last: usize::MAX };
    let (mut f, mut g) = (Cursor::new(f), Cursor::new(g));
    while f.live() && g.live() {
        let (tag_f, tag_g) = (2 * f.index, 2 * g.index + 1);
        if f.head.x1 <= g.head.x0 {
            pass(&mut f, tag_f, &g, &mut joiner);
        } else if g.head.x1 <= f.head.x0 {
            pass(&mut g, tag_g, &f, &mut joiner);
        } else if f.head.x0 < g.head.x0 {
            joiner.push(tag_f, f.cut(g.head.x0));
        } else if g.head.x0 < f.head.x0 {
            joiner.push(tag_g, g.cut(f.head.x0));
        } else {
            overlap(&mut f, &mut g, &mut joiner);
        }
    }
    joiner.rest(f, 0);
    joiner.rest(g, 1);
}

/// Writes the head of `first`, which ends before `second` starts; drops a point that lies above that start.
#[inline]
fn pass(first: &mut Cursor, tag: usize, second: &Cursor, joiner: &mut Joiner) {
    let head = first.head;
    let hidden = head.x0 >= second.head.x0 && head.y0 >= second.head.y0;
    if !hidden {
        joiner.push(tag, head);
    }
    first.advance();
}

/// Both heads start at one state: writes the lower one up to where the shorter ends, cut where they cross.
#[inline]
fn overlap(f: &mut Cursor, g: &mut Cursor, joiner: &mut Joiner) {
    let (tag_f, tag_g) = (2 * f.index, 2 * g.index + 1);
    let end = f.head.x1.min(g.head.x1);
    let (part_f, part_g) = (f.take(end), g.take(end));
    let (d0, d1) = (part_f.y0 - part_g.y0, part_f.y1 - part_g.y1);
    if d0 <= 0.0 && d1 <= 0.0 {
        joiner.push(tag_f, part_f);
    } else if d0 >= 0.0 && d1 >= 0.0 {
        joiner.push(tag_g, part_g);
    } else {
        let share = d0 / (d0 - d1);
        let x = part_f.x0 + share * (part_f.x1 - part_f.x0);
        let y = part_f.y0 + share * (part_f.y1 - part_f.y0);
        let ((low, low_tag), (high, high_tag)) =
            if d0 < 0.0 { ((part_f, tag_f), (part_g, tag_g)) } else { ((part_g, tag_g), (part_f, tag_f)) };
        joiner.push(low_tag, Segment { x1: x, y1: y, ..low });
        joiner.push(high_tag, Segment { x0: x, y0: y, ..high });
    }
}
