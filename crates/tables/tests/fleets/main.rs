//! Fleets read from folders and JSON: what they say, and what is wrong with them.

#[path = "../support/damage.rs"]
mod damage;
mod damaged;
mod documented;
mod folder;
mod good;
mod json;
mod malformed;
mod parquet;
mod series;
