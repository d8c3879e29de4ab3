//! What the configuration says and the secrets that it names.

use super::Finding;
use crate::{Config, Environment};

/// Settings that are allowed and may not be meant.
pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let about = "configuration";
    let (provider, serve) = (&config.provider, &config.serve);
    let mut findings = Vec::new();
    let mut doubt = |found: String, advice: &str| findings.push(Finding::doubtful(about, found, advice));
    if !serve.listen.ip().is_loopback() {
        doubt(
            format!("serve.listen: {} can be reached from other machines, without TLS", serve.listen),
            "listen on 127.0.0.1 and put a proxy with TLS before it, which hides /metrics and /operator",
        );
    }
    if provider.token_url.scheme() == "http" {
        doubt(
            format!("provider.token_url: {} is on this machine", provider.token_url),
            "right for a played provider; the real one is https",
        );
    }
    if provider.redirect_uri.scheme() == "http" && !serve.listen.ip().is_loopback() {
        doubt(
            format!("provider.redirect_uri: {} leads customers to their own machine", provider.redirect_uri),
            "name the https address that customers see, and register it with the provider",
        );
    }
    if provider.scope.split_ascii_whitespace().any(|word| !word.starts_with("read:")) {
        doubt(
            format!("provider.scope: `{}` asks for more than reading", provider.scope),
            "ask for read:*; tokens that may do more are never handed to devices",
        );
    }
    if serve.self_service && !serve.listen.ip().is_loopback() {
        let advice = "set it to false and send links, unless everybody may";
        doubt("serve.self_service: everybody may connect".to_owned(), advice);
    }
    if serve.requests_per_second.is_none() {
        doubt(
            format!(
                "the service and a sync may each send {} requests a second",
                provider.requests_per_second
            ),
            "set serve.requests_per_second to what the service is to have of them, if the two run at once",
        );
    }
    findings
}

/// Each secret can be had.
pub(super) fn secrets(config: &Config, environment: &Environment) -> Vec<Finding> {
    let about = "secrets";
    let advice = "put the secret there, for its owner alone to read";
    let tries = [
        config.provider(environment).map(|_| "the client secret is there"),
        config.key_ring(environment).map(|_| "the keys are there"),
        config.serve_secrets(environment).map(|_| "the operator's secret and the webhook keys are there"),
    ];
    let told = |result| match result {
        Ok(found) => Finding::good(about, found),
        Err(error) => Finding::bad(about, crate::SetupError::to_string(&error), advice),
    };
    tries.into_iter().map(told).collect()
}
