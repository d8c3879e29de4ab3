//! The pages, as functions of what they show.

mod connect;
mod customer;
mod layout;
mod list;
mod operator;
mod outcome;

pub(crate) use connect::connect;
pub(crate) use customer::{customer, device};
pub(crate) use layout::message;
pub(crate) use list::list;
pub(crate) use operator::{events, invitation, login};
pub(crate) use outcome::{Told, outcome};
