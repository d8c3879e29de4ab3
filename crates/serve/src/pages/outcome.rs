//! What became of a consent, in plain words.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use maud::{Markup, html};
use offpeak_consent::Outcome;
use secrecy::{ExposeSecret, SecretString};

use super::layout::{badge, card, mark};

/// What the page after the callback tells. Travels in a cookie of ours, never in an address that others could make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    Connected,
    Denied,
    Expired,
    WrongBrowser,
    Unknown,
    Malformed,
    Failed { code: String, request_id: String },
}

const PLAIN: [Told; 6] =
    [Told::Connected, Told::Denied, Told::Expired, Told::WrongBrowser, Told::Unknown, Told::Malformed];

impl Told {
    pub(crate) fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Connected { .. } => Self::Connected,
            Outcome::Denied => Self::Denied,
            Outcome::Expired => Self::Expired,
            Outcome::WrongBrowser => Self::WrongBrowser,
            Outcome::UnknownState => Self::Unknown,
            Outcome::Malformed => Self::Malformed,
            Outcome::ProviderError { code, request_id } => Self::Failed {
                code: plain(code),
                request_id: plain(request_id.as_deref().unwrap_or_default()),
            },
        }
    }

    /// A fixed word for metrics and the cookie.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Denied => "denied",
            Self::Expired => "expired",
            Self::WrongBrowser => "wrong_browser",
            Self::Unknown => "unknown",
            Self::Malformed => "malformed",
            Self::Failed { .. } => "provider_error",
        }
    }

    /// Whether the consent that this browser started has come to an end.
    pub(crate) fn is_over(&self) -> bool {
        !matches!(self, Self::WrongBrowser | Self::Unknown | Self::Malformed)
    }

    pub(crate) fn cookie(&self) -> SecretString {
        match self {
            Self::Failed { code, request_id } => format!("{}.{code}.{request_id}", self.name()).into(),
            other => other.name().into(),
        }
    }

    pub(crate) fn read(cookie: &SecretString) -> Option<Self> {
        let mut parts = cookie.expose_secret().split('.');
        let name = parts.next()?;
        if let Some(told) = PLAIN.into_iter().find(|told| told.name() == name) {
            return Some(told);
        }
        let (code, request_id) = (plain(parts.next()?), plain(parts.next()?));
        (name == "provider_error").then_some(Self::Failed { code, request_id })
    }
}

/// What may stand in a cookie and on a page.
fn plain(text: &str) -> String {
    let usual = |char: &char| char.is_ascii_alphanumeric() || *char == '-' || *char == '_';
    text.chars().filter(usual).take(64).collect()
}

/// Tone, sign, title, and what to do.
fn words(told: &Told, name: &str, provider: &str) -> (&'static str, &'static str, String, String) {
    let (tone, sign, title, text) = match told {
        Told::Connected => (
            "good",
            "✓",
            format!("{provider} is connected"),
            format!("From now on {name} plans with your prices. There is nothing else to do; you can close this page."),
        ),
        Told::Denied => (
            "plain",
            "–",
            "You said no".to_owned(),
            format!("Nothing was connected, and {name} can read nothing. If that was a mistake, start again."),
        ),
        Told::Expired => (
            "warn",
            "!",
            "That took longer than ten minutes".to_owned(),
            "For your safety each attempt ends after ten minutes. Nothing was connected; start again.".to_owned(),
        ),
        Told::WrongBrowser => (
            "warn",
            "!",
            "This is not the browser that you started in".to_owned(),
            "An attempt must end in the browser it began in, so that nobody can slip you theirs. Nothing was \
             connected; start again in this browser, in one tab, with cookies allowed."
                .to_owned(),
        ),
        Told::Unknown => (
            "warn",
            "!",
            "This attempt is not known here".to_owned(),
            "It was answered before, or not started here. If you were connected already, all is well; otherwise \
             start again."
                .to_owned(),
        ),
        Told::Malformed => (
            "warn",
            "!",
            "The answer could not be used".to_owned(),
            format!("What came back is not what {provider} sends. Nothing was connected; start again."),
        ),
        Told::Failed { .. } => (
            "warn",
            "!",
            format!("{provider} could not connect you"),
            "Nothing was connected. Start again in a few minutes; if it fails again, send us the two words below."
                .to_owned(),
        ),
    };
    (tone, sign, title, text)
}

pub(crate) fn outcome(name: &str, provider: &str, told: Option<&Told>, self_service: bool) -> Response {
    let (tone, sign, title, text) = if let Some(told) = told {
        words(told, name, provider)
    } else {
        let text = "This page tells what became of an attempt to connect, for five minutes after it.";
        ("plain", "–", "There is nothing to tell".to_owned(), text.to_owned())
    };
    let body = html! {
        p.tag { (mark()) (name) }
        (badge(sign, tone))
        h1 { (title) }
        p { (text) }
        (details(told))
        @if told != Some(&Told::Connected) {
            @if self_service { a.button.primary href="/connect" { "Start again" } }
            @else { p.small { "To start again, open the link that you were sent once more." } }
        } @else {
            p.small { "To withdraw later, do so in your account at " (provider) " or tell us." }
        }
    };
    let mut response = card(StatusCode::OK, &title, tone, &body);
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// The provider's code and request id, for whoever asks it.
fn details(told: Option<&Told>) -> Markup {
    let Some(Told::Failed { code, request_id }) = told else { return html! {} };
    html! {
        dl.facts {
            dt { "Code" } dd { code { (code) } }
            @if !request_id.is_empty() { dt { "Request" } dd { code { (request_id) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cookie_tells_is_what_was_put_into_it_without_markup() {
        for told in PLAIN {
            assert_eq!(Told::read(&told.cookie()), Some(told));
        }
        let error = Outcome::ProviderError {
            code: "SERVER_ERROR".to_owned(),
            request_id: Some("req-1;\r\nSet-Cookie: a=<b>".to_owned()),
        };
        let told = Told::of(&error);
        assert_eq!(told.cookie().expose_secret(), "provider_error.SERVER_ERROR.req-1Set-Cookieab");
        assert_eq!(Told::read(&told.cookie()), Some(told));
        for bad in ["", "x", "provider_error", "provider_error.A", "x.A.B"] {
            assert_eq!(Told::read(&bad.into()), None, "{bad}");
        }
    }
}
