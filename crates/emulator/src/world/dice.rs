//! Numbers that look random and depend on nothing but what they are for.

/// A number of a seed and of what it is for.
///
/// Written out and not taken from a crate: millions are drawn one by one at any place of a series, so a
/// generator that must be set up first would be the slowest part. The mixer is `SplitMix64`'s.
pub(crate) fn dice(seed: u64, topic: u64, a: u64, b: u64) -> u64 {
    [topic, a, b].into_iter().fold(mix(seed), |state, part| mix(state ^ part))
}

/// A number in `0..1` likewise.
pub(crate) fn unit(seed: u64, topic: u64, a: u64, b: u64) -> f64 {
    (dice(seed, topic, a, b) >> 11) as f64 / (1_u64 << 53) as f64
}

fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}
