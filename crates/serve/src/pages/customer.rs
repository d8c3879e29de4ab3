//! One customer, for the operator.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use offpeak_consent::{Consent, ConsentState, Device, Reason};
use secrecy::{ExposeSecret, SecretString};

use super::layout::{badge, card, desk, hidden, time};
use super::list::pill;

pub(crate) fn customer(
    provider: &str,
    csrf: &SecretString,
    consent: &Consent,
    devices: &[Device],
) -> Response {
    let title = if consent.label.is_empty() { consent.customer.as_str() } else { &consent.label };
    let path = format!("/operator/customers/{}", consent.customer);
    let body = html! {
        p.back { a href="/operator" { "← Customers" } }
        h1 { (title) " " (pill(consent.state)) }
        (advice(provider, csrf, &path, consent))
        (facts(consent))
        (device_section(csrf, &path, consent, devices))
        @if consent.state != ConsentState::RevokedLocal { (disconnect(provider, csrf, &path)) }
    };
    desk(title, Some(csrf), &body)
}

/// What the state means and what helps.
fn advice(provider: &str, csrf: &SecretString, path: &str, consent: &Consent) -> Markup {
    let text = match consent.state {
        ConsentState::Active => None,
        ConsentState::Refreshing => {
            Some("A refresh is under way, or its answer was lost. It settles by itself.")
        }
        ConsentState::NeedsConsent(Reason::Refused) => Some(
            "The provider refuses the refresh token: the customer withdrew, or it expired unused. Only the customer can help.",
        ),
        ConsentState::NeedsConsent(Reason::LostRotation) => Some(
            "The answer to a refresh was lost after the provider had replaced the token. Nobody withdrew, yet only the customer can help.",
        ),
        ConsentState::NeedsConsent(Reason::NoRefreshToken) => Some(
            "The access token has ended, and the provider never gave a refresh token. Only the customer can help.",
        ),
        ConsentState::RevokedLocal => Some("Disconnected here; every token is deleted."),
    };
    html! {
        @if let Some(text) = text { p.note { (text) } }
        div.tools {
            form method="post" action={ (path) "/invitation" } {
                (hidden(csrf)) button.primary { "Make a link to connect again" }
            }
            @if matches!(consent.state, ConsentState::NeedsConsent(reason) if reason != Reason::NoRefreshToken) {
                form method="post" action={ (path) "/reinstate" } {
                    (hidden(csrf))
                    button title={ "If " (provider) " was at fault: its tokens are still here" } { "Try its tokens again" }
                }
            }
        }
    }
}

fn facts(consent: &Consent) -> Markup {
    let text = |text: &Option<String>| html! { @if let Some(text) = text { code { (text) } } @else { "–" } };
    html! {
        dl.facts {
            dt { "Customer" } dd { code { (consent.customer) } }
            dt { "Connected" } dd { (time(consent.granted_at)) }
            dt { "Last token" } dd { (time(consent.last_ok_at)) }
            dt { "Access token ends" } dd {
                @if consent.access_expires_at.timestamp() == 0 { "–" } @else { (time(consent.access_expires_at)) }
            }
            dt { "Scope" } dd { (text(&consent.scope)) }
            dt { "Last error" } dd { (text(&consent.last_error_code)) }
            dt { "Last request" } dd { (text(&consent.last_request_id)) }
        }
    }
}

fn device_section(csrf: &SecretString, path: &str, consent: &Consent, devices: &[Device]) -> Markup {
    html! {
        section {
            h2 { "Devices" }
            p.soft { "A device may fetch short-lived tokens that read this customer’s data, and nothing else." }
            @if !devices.is_empty() {
                table {
                    thead { tr { th { "Device" } th { "Since" } th { "Until" } } }
                    tbody { @for device in devices { (device_row(csrf, path, device)) } }
                }
            }
            @if consent.state != ConsentState::RevokedLocal {
                form.invite method="post" action={ (path) "/devices" } {
                    (hidden(csrf))
                    input name="label" maxlength="80" placeholder="Label of a device" aria-label="Label of a device" required;
                    button { "Add a device" }
                }
            }
        }
    }
}

fn device_row(csrf: &SecretString, path: &str, device: &Device) -> Markup {
    html! {
        tr {
            td data-label="Device" { (device.label) div.under { code { (device.id) } } }
            td data-label="Since" { (time(device.created_at)) }
            td data-label="Until" {
                @if let Some(at) = device.revoked_at { (time(at)) } @else {
                    form method="post" action={ (path) "/devices/" (device.id) "/revoke" } {
                        (hidden(csrf)) button { "Revoke" }
                    }
                }
            }
        }
    }
}

fn disconnect(provider: &str, csrf: &SecretString, path: &str) -> Markup {
    html! {
        details.danger {
            summary { "Disconnect this customer" }
            p {
                "Every token is deleted and every device revoked at once. " (provider)
                " offers no way to withdraw a consent from here: tell the customer to do so in their account."
            }
            form method="post" action={ (path) "/disconnect" } { (hidden(csrf)) button.danger { "Disconnect" } }
        }
    }
}

/// The token of a new device, shown this once.
pub(crate) fn device(origin: &str, device: &Device, token: &SecretString) -> Response {
    let body = html! {
        (badge("✓", "good"))
        h1 { "A token for " (device.label) }
        p { "Copy it now: only its hash is kept, so it cannot be shown again." }
        textarea.secret rows="2" readonly aria-label="Device token" { (token.expose_secret()) }
        p { "The device sends it as " code { "Authorization: Bearer …" } " with" }
        p { code.block { "POST " (origin) "/v1/customers/" (device.customer) "/access-token" } }
        a.button href={ "/operator/customers/" (device.customer) } { "Back to the customer" }
    };
    card(StatusCode::OK, "A device token", "plain", &body)
}
