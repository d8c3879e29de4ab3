//! Recomputes every equation and the money of a plan, sharing nothing with what made it.
