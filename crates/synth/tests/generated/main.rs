//! Whole fleets: the same bytes again, valid homes, and distributions that look like the real ones.

mod distributions;
mod real_data;
mod same_bytes;
mod sample_fleet;
mod support;
mod valid_homes;
