//! Every answer is judged by a dense copy of the program that shares no code with the method.

mod dense;
mod fixed;
mod home;
mod random;

pub(super) use home::{home, master};
