//! The page on which a customer learns what they are asked for, before the provider's.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use super::layout::{card, mark};

pub(crate) fn connect(name: &str, provider: &str, invite: &str) -> Response {
    let title = format!("Connect {provider} with {name}");
    let body = html! {
        p.tag { (mark()) (name) }
        h1 { "Connect your " (provider) " contract" }
        p { "With your consent, " (name) " reads your electricity prices and moves what can wait to the cheap hours." }
        h2 { "It may read" }
        ul.ticks {
            li { "your electricity contracts" }
            li { "your prices" }
            li { "what you used and fed in" }
            li { "your invoices" }
        }
        h2 { "It cannot" }
        ul.crosses {
            li { "change or cancel anything" }
            li { "see your password: you enter it at " (provider) " alone" }
        }
        form method="post" action="/connect" {
            @if !invite.is_empty() { input type="hidden" name="invite" value=(invite); }
            button.primary { "Continue to " (provider) }
        }
        p.small {
            "You decide on " (provider) "’s own page, within ten minutes. "
            "You can withdraw at any time, there or with us."
        }
    };
    card(StatusCode::OK, &title, "plain", &body)
}
