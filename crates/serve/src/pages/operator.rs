//! Signing in, a new link, and what happened last.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use offpeak_consent::{AuditRow, KeptBody};
use secrecy::{ExposeSecret, SecretString};

use super::layout::{badge, card, desk, mark, time};

pub(crate) fn login(status: StatusCode, is_wrong: bool) -> Response {
    let body = html! {
        p.tag { (mark()) "Offpeak" }
        h1 { "Sign in" }
        @if is_wrong { p.alert role="alert" { "That is not the operator’s secret." } }
        form method="post" action="/operator/login" {
            label for="secret" { "Operator’s secret" }
            input #secret type="password" name="secret" autocomplete="current-password" required autofocus;
            button.primary { "Sign in" }
        }
        p.small { "It stands in the file that " code { "serve.operator_secret" } " names." }
    };
    card(status, "Sign in", "plain", &body)
}

pub(crate) fn invitation(origin: &str, customer: &str, label: &str, invite: &SecretString) -> Response {
    let body = html! {
        (badge("✓", "good"))
        h1 { "A link for " @if label.is_empty() { code { (customer) } } @else { (label) } }
        p { "Send it to the customer alone: whoever opens it can connect a contract as this customer." }
        textarea.secret rows="8" readonly aria-label="Link" {
            (origin) "/connect?invite=" (invite.expose_secret())
        }
        p.small { "Good for a week, and used up once the customer connects. It is shown this once." }
        a.button href="/operator" { "Back to the customers" }
    };
    card(StatusCode::OK, "A link to connect", "plain", &body)
}

pub(crate) fn events(csrf: &SecretString, rows: &[AuditRow], kept: &[KeptBody]) -> Response {
    let body = html! {
        h1 { "Events" }
        @if !kept.is_empty() {
            section.alert {
                h2 { (kept.len()) " token answers never became tokens" }
                ul {
                    @for body in kept.iter().take(20) {
                        li {
                            (time(body.received_at)) " · " code { (body.customer) } " · "
                            (body.orphaned_for.as_deref().unwrap_or("its process ended before it was used"))
                        }
                    }
                }
            }
        }
        @if rows.is_empty() { p.empty { "Nothing has happened yet." } }
        @else {
            table {
                thead { tr { th { "When" } th { "Who" } th { "What" } th { "Customer" } th { "More" } } }
                tbody {
                    @for row in rows {
                        tr {
                            td data-label="When" { (time(row.at)) }
                            td data-label="Who" { code { (row.actor) } }
                            td data-label="What" { (row.action) }
                            td data-label="Customer" {
                                @if let Some(customer) = &row.customer {
                                    a href={ "/operator/customers/" (customer) } { code { (customer) } }
                                } @else { "–" }
                            }
                            td data-label="More" { @if row.detail.is_empty() { "–" } @else { (row.detail) } }
                        }
                    }
                }
            }
        }
    };
    desk("Events", Some(csrf), &body)
}
