//! Consent and tokens.

pub(crate) mod authorize;
pub(crate) mod client;
pub(crate) mod consent_page;
pub(crate) mod grants;
pub(crate) mod metadata;
pub(crate) mod token;
