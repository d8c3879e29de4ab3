//! Homes and fleets that the benches share.
