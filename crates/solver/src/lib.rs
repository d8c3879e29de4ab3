//! The cheapest schedule of a home, with a proof of how close to the optimum it is.
