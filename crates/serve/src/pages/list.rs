//! The operator's list of customers.

use axum::response::Response;
use maud::{Markup, html};
use offpeak_consent::{Consent, ConsentState};
use secrecy::SecretString;
use url::form_urlencoded;

use super::layout::{desk, hidden, time};
use crate::routes::operator::{Found, Search, state_name};

/// States by their stored name, in words, with a tone.
const STATES: [(&str, &str, &str); 4] = [
    ("active", "connected", "good"),
    ("refreshing", "refreshing", "plain"),
    ("needs_consent", "needs consent", "warn"),
    ("revoked_local", "disconnected", "off"),
];

pub(crate) fn list(
    provider: &str,
    csrf: &SecretString,
    search: &Search,
    found: &Found,
    counts: &[(String, i64)],
) -> Response {
    let body = html! {
        h1 { "Customers" }
        (chips(search, counts))
        div.tools {
            form.search method="get" action="/operator" role="search" {
                input type="search" name="q" value=(search.q) placeholder="Id or label" aria-label="Id or label";
                @if !search.state.is_empty() { input type="hidden" name="state" value=(search.state); }
                button { "Search" }
            }
            form.invite method="post" action="/operator/invitations" {
                (hidden(csrf))
                input name="label" maxlength="80" placeholder="Label of a new customer" aria-label="Label";
                button.primary { "Make a link" }
            }
        }
        @if found.consents.is_empty() { (nobody(provider, search)) } @else { (table(&found.consents)) }
        nav.pages {
            @if !search.after.is_empty() { a.button href=(address(search, &search.state, "")) { "From the start" } }
            @if let Some(next) = &found.next {
                a.button href=(address(search, &search.state, next.as_str())) { "More" }
            }
        }
    };
    desk("Customers", Some(csrf), &body)
}

/// How many are in each state; each leads to those.
fn chips(search: &Search, counts: &[(String, i64)]) -> Markup {
    let count = |name: &str| counts.iter().find(|(known, _)| known == name).map_or(0, |(_, count)| *count);
    let all: i64 = counts.iter().map(|(_, count)| count).sum();
    html! {
        nav.chips aria-label="States" {
            a.chip href=(address(search, "", "")) aria-current=[search.state.is_empty().then_some("true")] {
                strong { (all) } " in all"
            }
            @for (name, words, tone) in STATES {
                a.chip.(tone) href=(address(search, name, "")) aria-current=[(search.state == name).then_some("true")] {
                    strong { (count(name)) } " " (words)
                }
            }
        }
    }
}

fn table(consents: &[Consent]) -> Markup {
    html! {
        table {
            thead { tr { th { "Customer" } th { "State" } th { "Connected" } th { "Last token" } } }
            tbody {
                @for consent in consents {
                    tr {
                        td data-label="Customer" {
                            a href={ "/operator/customers/" (consent.customer) } {
                                @if consent.label.is_empty() { (consent.customer) } @else { (consent.label) }
                            }
                            div.under { code { (consent.customer) } }
                        }
                        td data-label="State" {
                            (pill(consent.state))
                            @if let ConsentState::NeedsConsent(reason) = consent.state { div.under { (reason) } }
                        }
                        td data-label="Connected" { (time(consent.granted_at)) }
                        td data-label="Last token" { (time(consent.last_ok_at)) }
                    }
                }
            }
        }
    }
}

pub(super) fn pill(state: ConsentState) -> Markup {
    let name = state_name(state);
    let known = STATES.iter().find(|(known, ..)| *known == name);
    html! { @if let Some((_, words, tone)) = known { span.pill.(tone) { (words) } } }
}

fn nobody(provider: &str, search: &Search) -> Markup {
    html! {
        p.empty {
            @if search.q.is_empty() && search.state.is_empty() {
                "Nobody is connected yet. Make a link, open it or send it to a customer, and let them consent at "
                (provider) "."
            } @else { "Nobody among these matches." }
        }
    }
}

/// The list's address with a search, a state and where to go on.
fn address(search: &Search, state: &str, after: &str) -> String {
    let pairs = [("q", search.q.as_str()), ("state", state), ("after", after)];
    let given = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    if query.is_empty() { "/operator".to_owned() } else { format!("/operator?{query}") }
}
