//! What there is to ask for: customers, prices, usage and invoices, all computed from the seed.

pub(crate) mod customer;
pub(crate) mod dice;
pub(crate) mod invoice;
pub(crate) mod local;
pub(crate) mod prices;
pub(crate) mod series;
pub(crate) mod usage;
pub(crate) mod usage_buckets;
