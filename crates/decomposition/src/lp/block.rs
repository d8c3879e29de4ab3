//! Kernels on one block of the chain, of a size known to the compiler.
#![expect(clippy::inline_always, reason = "a block of known size stays in registers only if it is inlined")]

/// A square block `[row][column]`.
pub(super) type Block<const M: usize> = [[f64; M]; M];

/// One value per right-hand side for every state.
pub(super) type Vector<const M: usize, const R: usize> = [[f64; R]; M];

/// The inverse of a symmetric positive block (lower triangle), through `L D L^T`; a noise pivot drops its row.
#[inline(always)]
pub(super) fn invert<const M: usize>(block: &Block<M>, floor: &[f64; M], keep: f64) -> Block<M> {
    let (mut s, mut pivot) = (*block, [0.0; M]);
    for c in 0..M {
        pivot[c] = if s[c][c] > floor[c] { 1.0 / s[c][c] } else { keep / floor[c] };
        let column: [f64; M] = std::array::from_fn(|i| s[i][c]);
        for i in c + 1..M {
            let l = column[i] * pivot[c];
            for j in c + 1..=i {
                s[i][j] -= l * column[j];
            }
            s[i][c] = l;
        }
    }
    join(&unit_inverse(&s), &pivot)
}

/// The inverse of a unit lower triangle.
#[inline(always)]
fn unit_inverse<const M: usize>(l: &Block<M>) -> Block<M> {
    let mut out = [[0.0; M]; M];
    for c in 0..M {
        out[c][c] = 1.0;
        for i in c + 1..M {
            let mut sum = 0.0;
            for (l, known) in l[i].iter().zip(&out).take(i).skip(c) {
                sum -= l * known[c];
            }
            out[i][c] = sum;
        }
    }
    out
}

/// `N^T diag(pivot) N` for a lower triangle `N`.
#[inline(always)]
fn join<const M: usize>(n: &Block<M>, pivot: &[f64; M]) -> Block<M> {
    let mut out = [[0.0; M]; M];
    for i in 0..M {
        for j in 0..=i {
            let mut sum = 0.0;
            for (n, pivot) in n.iter().zip(pivot).skip(i) {
                sum += n[i] * pivot * n[j];
            }
            out[i][j] = sum;
            out[j][i] = sum;
        }
    }
    out
}

/// What the next block loses: `E S^-1 E`.
#[inline(always)]
pub(super) fn shrink<const M: usize>(inverse: &Block<M>, coupling: &[f64; M]) -> Block<M> {
    let mut out = [[0.0; M]; M];
    for i in 0..M {
        for j in 0..M {
            out[i][j] = coupling[i] * coupling[j] * inverse[i][j];
        }
    }
    out
}

/// A symmetric matrix times vectors.
#[inline(always)]
pub(super) fn product<const M: usize, const R: usize>(a: &Block<M>, x: &Vector<M, R>) -> Vector<M, R> {
    let mut out = [[0.0; R]; M];
    for j in 0..M {
        for i in 0..M {
            for r in 0..R {
                out[i][r] += a[j][i] * x[j][r];
            }
        }
    }
    out
}

#[inline(always)]
pub(super) fn difference<const M: usize, const R: usize>(a: &Vector<M, R>, b: &Vector<M, R>) -> Vector<M, R> {
    let mut out = *a;
    for (out, b) in out.as_flattened_mut().iter_mut().zip(b.as_flattened()) {
        *out -= b;
    }
    out
}

/// `r -= less`; returns what the next right-hand side loses, `E S^-1 r`.
#[inline(always)]
pub(super) fn eliminate<const M: usize, const R: usize>(
    a: &Block<M>,
    r: &mut Vector<M, R>,
    less: &Vector<M, R>,
    e: &[f64; M],
) -> Vector<M, R> {
    *r = difference(r, less);
    scaled(e, &product(a, r))
}

/// `x = S^-1 (r - E next)`, in place of `r`; returns `x`.
#[inline(always)]
pub(super) fn substitute<const M: usize, const R: usize>(
    a: &Block<M>,
    r: &mut Vector<M, R>,
    next: &Vector<M, R>,
    e: &[f64; M],
) -> Vector<M, R> {
    *r = product(a, &difference(r, &scaled(e, next)));
    *r
}

/// A diagonal matrix times vectors.
#[inline(always)]
fn scaled<const M: usize, const R: usize>(e: &[f64; M], x: &Vector<M, R>) -> Vector<M, R> {
    let mut out = *x;
    for (out, e) in out.iter_mut().zip(e) {
        for value in out {
            *value *= e;
        }
    }
    out
}
