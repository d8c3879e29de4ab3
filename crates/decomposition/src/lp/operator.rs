//! Products with the matrix of a program and its transpose, one family at a time.

use super::lanes::{add_product, dot, subtract_product};
use super::program::{Kind, Program};

/// `rows += A w` for the columns `w` `[t]` of one family; `rows` is `[row][stride]`.
pub(super) fn scatter(program: &Program, kind: Kind, w: &[f64], rows: &mut [f64]) {
    let stride = program.stride;
    match kind {
        Kind::Local { rows: own, count, first } => {
            for (position, row) in own[..count].iter().enumerate() {
                let coef = program.row(&program.coefficients, first + position);
                add_product(&mut rows[row * stride..(row + 1) * stride], coef, w);
            }
        }
        Kind::State { state, sign } => {
            let out = &mut rows[state * stride..(state + 1) * stride];
            let decay = program.row(&program.decay, state);
            if sign > 0.0 {
                out.iter_mut().zip(w).for_each(|(o, v)| *o += v);
                subtract_product(&mut out[1..], &decay[1..], w);
            } else {
                out.iter_mut().zip(w).for_each(|(o, v)| *o -= v);
                add_product(&mut out[1..], &decay[1..], w);
            }
        }
    }
}

/// `out = A^T y` for the columns of one family; `y` is `[row][stride]`.
pub(super) fn gather(program: &Program, kind: Kind, y: &[f64], out: &mut [f64]) {
    match kind {
        Kind::Local { rows: own, count, first } => {
            out.fill(0.0);
            for (position, row) in own[..count].iter().enumerate() {
                add_product(out, program.row(&program.coefficients, first + position), program.row(y, *row));
            }
        }
        Kind::State { state, sign } => {
            let (y, decay) = (program.row(y, state), program.row(&program.decay, state));
            for (((o, now), next), a) in out.iter_mut().zip(y).zip(&y[1..]).zip(&decay[1..]) {
                *o = sign * (now - a * next);
            }
            if let (Some(o), Some(last)) = (out.last_mut(), y.last()) {
                *o = sign * last;
            }
        }
    }
}

/// `rows += B w`, `links += G w` for the border columns.
pub(super) fn scatter_border(program: &Program, w: &[f64], rows: &mut [f64], links: &mut [f64]) {
    let border = &program.border;
    for (entries, value) in border.entries.chunks_exact(rows.len().max(1)).zip(w) {
        super::lanes::add_scaled(rows, *value, entries);
    }
    for (entries, value) in border.links.chunks_exact(links.len().max(1)).zip(w) {
        super::lanes::add_scaled(links, *value, entries);
    }
}

/// `out = B^T y + G^T nu` for the border columns.
pub(super) fn gather_border(program: &Program, y: &[f64], nu: &[f64], out: &mut [f64]) {
    let border = &program.border;
    out.fill(0.0);
    for (o, entries) in out.iter_mut().zip(border.entries.chunks_exact(y.len().max(1))) {
        *o += dot(entries, y);
    }
    for (o, entries) in out.iter_mut().zip(border.links.chunks_exact(nu.len().max(1))) {
        *o += entries.iter().zip(nu).map(|(g, v)| g * v).sum::<f64>();
    }
}
