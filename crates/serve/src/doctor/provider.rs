//! The provider answers, says what the configuration says, and lives at the same time.

use std::time::Duration;

use chrono::{DateTime, Utc};
use offpeak_consent::Clock;
use reqwest::header::{DATE, HeaderMap};
use serde_json::Value;
use url::Url;

use super::Finding;
use crate::Config;

const PATIENCE: Duration = Duration::from_secs(10);
/// Beyond this tokens seem to end early or late.
const DOUBTFUL_S: u64 = 30;
/// Beyond this webhooks are refused.
const BAD_S: u64 = 300;
const LARGEST: usize = 256 * 1024;

/// Asks for the provider's public description (RFC 8414) with no secret.
pub(super) async fn examine(config: &Config, clock: &dyn Clock) -> Vec<Finding> {
    let mut url = config.provider.authorize_url.clone();
    url.set_path("/.well-known/oauth-authorization-server");
    url.set_query(None);
    let asked_at = clock.now();
    let (status, headers, body) = match get(&url).await {
        Ok(answer) => answer,
        Err(cause) => {
            let found = format!("{} does not answer: {cause}", url.origin().ascii_serialization());
            let advice = "see to the network and DNS (proxies are not used); nothing is lost meanwhile";
            return vec![Finding::bad("provider", found, advice)];
        }
    };
    let mut findings = vec![Finding::good("provider", format!("answers (status {status})"))];
    findings.extend(described(config, status, &body));
    findings.push(clocks(&headers, asked_at, clock.now()));
    findings
}

async fn get(url: &Url) -> Result<(u16, HeaderMap, Vec<u8>), String> {
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).no_proxy();
    let client = client.build().map_err(|error| error.to_string())?;
    let cause = |error: reqwest::Error| {
        let mut words = error.without_url().to_string();
        words.truncate(200);
        words
    };
    let mut answer = client.get(url.clone()).send().await.map_err(cause)?;
    let (status, headers, mut body) = (answer.status().as_u16(), answer.headers().clone(), Vec::new());
    while let Some(part) = answer.chunk().await.map_err(cause)? {
        body.extend_from_slice(&part);
        if body.len() > LARGEST {
            return Err("its description is too large".to_owned());
        }
    }
    Ok((status, headers, body))
}

/// What the description says of what we rely on; a provider need not have one.
fn described(config: &Config, status: u16, body: &[u8]) -> Vec<Finding> {
    let Some(told) = (status == 200).then(|| serde_json::from_slice::<Value>(body).ok()).flatten() else {
        return Vec::new();
    };
    let about = "provider";
    let mut findings = Vec::new();
    let named = [
        ("authorization_endpoint", "provider.authorize_url", &config.provider.authorize_url),
        ("token_endpoint", "provider.token_url", &config.provider.token_url),
    ];
    for (field, key, ours) in named {
        let theirs = told[field].as_str().and_then(|text| Url::parse(text).ok());
        if let Some(theirs) = theirs.filter(|theirs| theirs != ours) {
            let found = format!("{key}: {ours}; the provider names {}", theirs.as_str());
            findings.push(Finding::doubtful(
                about,
                found,
                "take the provider's, unless it told you otherwise",
            ));
        }
    }
    let methods = told["code_challenge_methods_supported"].as_array();
    if methods.is_some_and(|methods| !methods.iter().any(|method| method == "S256")) {
        let advice = "do not connect customers: ask the provider";
        findings.push(Finding::bad(about, "says that it does not know PKCE with S256", advice));
    }
    findings
}

/// Ours against the `Date` of its answer, which has whole seconds and was made between asking and reading.
fn clocks(headers: &HeaderMap, asked_at: DateTime<Utc>, read_at: DateTime<Utc>) -> Finding {
    let about = "clock";
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    let Some(theirs) = date.and_then(|date| httpdate::parse_http_date(date).ok()).map(DateTime::<Utc>::from)
    else {
        return Finding::doubtful(
            about,
            "the provider's answer has no date",
            "compare the clock by other means",
        );
    };
    let middle = asked_at + (read_at - asked_at) / 2;
    let off = (middle - theirs).num_seconds();
    let found =
        format!("{} s {} the provider's", off.unsigned_abs(), if off < 0 { "behind" } else { "ahead of" });
    let advice = "set the clock by NTP: tokens end and webhooks are judged by it";
    match off.unsigned_abs() {
        off if off <= DOUBTFUL_S => Finding::good(about, found),
        off if off <= BAD_S => Finding::doubtful(about, found, advice),
        _ => Finding::bad(about, found, advice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_judged_by_how_far_it_is_from_the_provider() {
        use crate::doctor::Health::{Bad, Doubtful, Good};
        let headers: HeaderMap =
            [(DATE, "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap())].into_iter().collect();
        let theirs: DateTime<Utc> = "1994-11-06T08:49:37Z".parse().unwrap();
        let judged = |seconds| {
            let ours = theirs + chrono::TimeDelta::seconds(seconds);
            clocks(&headers, ours, ours)
        };
        for (seconds, health) in
            [(0, Good), (30, Good), (-30, Good), (31, Doubtful), (-300, Doubtful), (301, Bad), (-99_999, Bad)]
        {
            assert_eq!(judged(seconds).health, health, "{seconds}");
        }
        assert_eq!(judged(-40).found, "40 s behind the provider's");
        assert_eq!(clocks(&HeaderMap::new(), theirs, theirs).health, Doubtful);
    }
}
