//! The query of a callback: each parameter once.

use secrecy::SecretString;
use url::form_urlencoded;

/// The parameters of a callback that matter.
#[derive(Debug, Default)]
pub(crate) struct Callback {
    pub(crate) state: Option<SecretString>,
    pub(crate) code: Option<SecretString>,
    pub(crate) error: Option<String>,
    pub(crate) issuer: Option<String>,
}

impl Callback {
    /// None if a parameter that matters stands twice: somebody mixes two answers.
    pub(crate) fn read(query: &str) -> Option<Self> {
        let mut found = Self::default();
        for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            let value = value.into_owned();
            let twice = match name.as_ref() {
                "state" => found.state.replace(value.into()).is_some(),
                "code" => found.code.replace(value.into()).is_some(),
                "error" => found.error.replace(value).is_some(),
                "iss" => found.issuer.replace(value).is_some(),
                _ => false,
            };
            if twice {
                return None;
            }
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_matters_may_stand_once() {
        assert!(Callback::read("code=a&state=b&x=1&x=2").is_some());
        for twice in ["code=a&code=a&state=b", "state=b&state=b", "iss=x&iss=y", "error=a&error=b&state=c"] {
            assert!(Callback::read(twice).is_none(), "{twice}");
        }
    }
}
