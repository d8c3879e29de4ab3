//! What all pages have in common.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use maud::{DOCTYPE, Markup, html};
use secrecy::{ExposeSecret, SecretString};

use crate::request_id;

/// A page as an answer. `same-origin`, not `no-referrer`: with that, browsers send `Origin: null` with our own forms.
fn answer(status: StatusCode, title: &str, body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/style.css";
            }
            body { (body) }
        }
    };
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let policy = HeaderValue::from_static("same-origin");
    let headers = [(header::CONTENT_TYPE, kind), (header::REFERRER_POLICY, policy)];
    (status, headers, page.into_string()).into_response()
}

/// One card in the middle, for customers and for short answers.
pub(super) fn card(status: StatusCode, title: &str, tone: &str, body: &Markup) -> Response {
    let page = html! {
        main.card.(tone) { (body) }
    };
    answer(status, title, &page)
}

/// The operator's pages, with their links.
pub(super) fn desk(title: &str, csrf: Option<&SecretString>, body: &Markup) -> Response {
    let page = html! {
        header.bar {
            a.brand href="/operator" { (mark()) "Offpeak" }
            nav {
                a href="/operator" { "Customers" }
                a href="/operator/events" { "Events" }
                @if let Some(csrf) = csrf {
                    form method="post" action="/operator/logout" { (hidden(csrf)) button.quiet { "Sign out" } }
                }
            }
        }
        main.desk { (body) }
    };
    answer(StatusCode::OK, title, &page)
}

/// A short answer in plain words, with the request's id for whoever asks us about it.
pub(crate) fn message(status: StatusCode, title: &str, text: &str) -> Response {
    let body = html! {
        (badge("!", "warn"))
        h1 { (title) }
        p { (text) }
        p.small { "Request " code { (request_id::current()) } }
    };
    card(status, title, "warn", &body)
}

/// A sign in a circle; a reader that does not see it misses nothing.
pub(super) fn badge(sign: &str, tone: &str) -> Markup {
    html! { div.badge.(tone) aria-hidden="true" { (sign) } }
}

pub(super) fn mark() -> Markup {
    html! { img.mark src="/assets/icon.svg" alt="" width="28" height="28"; }
}

pub(super) fn hidden(csrf: &SecretString) -> Markup {
    html! { input type="hidden" name="csrf" value=(csrf.expose_secret()); }
}

/// In UTC, for people.
pub(super) fn time(at: DateTime<Utc>) -> Markup {
    html! {
        time datetime=(at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)) {
            (at.format("%Y-%m-%d %H:%M")) span.zone { " UTC" }
        }
    }
}
