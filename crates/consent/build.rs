//! A new migration alone must rebuild the crate that embeds it.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks")]

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
