//! Products with the matrix of a program and its transpose, one family at a time.

use super::lanes::{add_product, add_scaled, dot, subtract_product, vectors};
use super::program::{Kind, Program};

/// `rows += A w` for the columns `w` `[t]` of one family; `rows` is `[row][stride]`.
pub(super) fn scatter(program: &Program, kind: Kind, w: &[f64], rows: &mut [f64]) {
    vectors(|| {
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
    });
}

/// [`scatter`] of two vectors at once.
pub(super) fn scatter_both(program: &Program, kind: Kind, w: [&[f64]; 2], rows: [&mut [f64]; 2]) {
    vectors(|| {
        let [first_rows, second_rows] = rows;
        if let Kind::Local { rows: own, count, first } = kind {
            for (position, row) in own[..count].iter().enumerate() {
                let coef = program.row(&program.coefficients, first + position);
                let range = row * program.stride..(row + 1) * program.stride;
                add_products(&mut first_rows[range.clone()], &mut second_rows[range], coef, w);
            }
        } else {
            scatter(program, kind, w[0], first_rows);
            scatter(program, kind, w[1], second_rows);
        }
    });
}

/// `a += coef * w[0]`, `b += coef * w[1]`, elementwise.
fn add_products(a: &mut [f64], b: &mut [f64], coef: &[f64], w: [&[f64]; 2]) {
    for ((((a, b), c), x), y) in a.iter_mut().zip(b).zip(coef).zip(w[0]).zip(w[1]) {
        *a += c * x;
        *b += c * y;
    }
}

/// `out = A^T y` for the columns of one family; `y` is `[row][stride]`.
pub(super) fn gather(program: &Program, kind: Kind, y: &[f64], out: &mut [f64]) {
    vectors(|| match kind {
        Kind::Local { rows, count, first } => {
            let coef = |position: usize| program.row(&program.coefficients, first + position);
            let dual = |position: usize| program.row(y, rows[position]);
            match count {
                0 => out.fill(0.0),
                1 => set_product(out, coef(0), dual(0)),
                _ => set_products(out, [coef(0), coef(1)], [dual(0), dual(1)]),
            }
            for position in 2..count {
                add_product(out, coef(position), dual(position));
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
    });
}

/// `out = a * b`, elementwise.
fn set_product(out: &mut [f64], a: &[f64], b: &[f64]) {
    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
        *o = a * b;
    }
}

/// `out = a[0] * b[0] + a[1] * b[1]`, elementwise.
fn set_products(out: &mut [f64], a: [&[f64]; 2], b: [&[f64]; 2]) {
    for ((((o, a), b), c), d) in out.iter_mut().zip(a[0]).zip(b[0]).zip(a[1]).zip(b[1]) {
        *o = a * b + c * d;
    }
}

/// `rows += B w`, `links += G w` for the border columns, which touch the rows `touched` only.
pub(super) fn scatter_border(
    program: &Program,
    touched: &[usize],
    w: &[f64],
    rows: &mut [f64],
    links: &mut [f64],
) {
    vectors(|| {
        for (b, value) in w.iter().enumerate().take(program.borders()) {
            for row in touched {
                let out = &mut rows[row * program.stride..(row + 1) * program.stride];
                add_scaled(out, *value, program.row(&program.border.entries, b * program.rows() + row));
            }
        }
        for (entries, value) in program.border.links.chunks_exact(links.len().max(1)).zip(w) {
            add_scaled(links, *value, entries);
        }
    });
}

/// `out = B^T y + G^T nu` for the border columns.
pub(super) fn gather_border(program: &Program, touched: &[usize], y: &[f64], nu: &[f64], out: &mut [f64]) {
    vectors(|| {
        out.fill(0.0);
        for (b, o) in out.iter_mut().enumerate().take(program.borders()) {
            let entries = |row: usize| program.row(&program.border.entries, b * program.rows() + row);
            *o += touched.iter().map(|row| dot(entries(*row), program.row(y, *row))).sum::<f64>();
        }
        for (o, entries) in out.iter_mut().zip(program.border.links.chunks_exact(nu.len().max(1))) {
            *o += entries.iter().zip(nu).map(|(g, v)| g * v).sum::<f64>();
        }
    });
}
