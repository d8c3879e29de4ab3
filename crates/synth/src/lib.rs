//! Random German fleets from a seed, drawn from documented statistics.
