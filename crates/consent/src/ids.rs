//! The names of tenants, providers and customers: opaque, short, safe in a log and in a path.

use std::fmt;
use std::str::FromStr;

use crate::ConfigError;

const LONGEST: usize = 128;

/// `text`, if it is 1 to 128 of `A-Z a-z 0-9 . _ -` and does not start with a dot or dash.
fn checked(what: &'static str, text: &str) -> Result<String, ConfigError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let starts = text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    if starts && text.len() <= LONGEST && text.bytes().all(plain) {
        return Ok(text.to_owned());
    }
    let value = text.chars().take(LONGEST).collect::<String>().escape_debug().to_string();
    Err(ConfigError::Id { what, value })
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ConfigError;

            fn from_str(text: &str) -> Result<Self, ConfigError> {
                checked($what, text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

id!(
    /// Our own id of a customer; says nothing about who it is.
    CustomerId,
    "customer id"
);
id!(
    /// The name of a provider in the configuration, such as `nomos`.
    ProviderId,
    "provider id"
);
id!(
    /// Whose customers these are, where one database serves several operators.
    TenantId,
    "tenant id"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_to_letters_digits_dot_dash_and_underscore() {
        for good in ["cus_1", "a", "0.9-x", &"x".repeat(128)] {
            assert_eq!(good.parse::<CustomerId>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", ".a", "a b", "a/b", "a|b", "ä", "a\n", &"x".repeat(129)] {
            assert!(bad.parse::<CustomerId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_refused_id_is_named_and_cannot_break_a_log_line() {
        let error = "a\nb".parse::<ProviderId>().unwrap_err().to_string();
        assert!(error.starts_with("provider id: a\\nb;"), "{error}");
    }
}
