//! What each path answers.

pub(crate) mod assets;
pub(crate) mod connect;
pub(crate) mod customer;
pub(crate) mod login;
pub(crate) mod operator;
pub(crate) mod status;
pub(crate) mod token;
pub(crate) mod webhook;
