//! The clients against played providers on loopback.

mod client;
mod prices;
mod reading;
mod spot;
mod support;
