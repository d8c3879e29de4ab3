//! The provider's `OpenAPI` document as judge, by schemathesis: every operation, several seeds.
//!
//! Runs where the document lies beside the repository and `st` (`schemathesis` of `PyPI`) is in the path; says so elsewhere.
//! Two checks are told of what the document leaves open:
//! - a request that fits the document may be refused with 400: its pattern of days fits `2025-99-99`, a cursor is any
//!   string there, a range may be centuries;
//! - a forbidden write is refused before its body is looked at, which schemathesis takes as well.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "helpers of tests")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use offpeak_emulator::{Fault, FaultKind};
use serde_json::Value;
use support::{started, token};

const DOCUMENT: &str = "../../../shared/nomos/openapi.json";

fn document() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let has_judge = Command::new("st").arg("--version").output().is_ok_and(|output| output.status.success());
    if !path.exists() || !has_judge {
        eprintln!("skipped: needs {} and `st` of schemathesis in the path", path.display());
        return None;
    }
    Some(path)
}

/// Values that exist, by operation and parameter: random ones would only ever meet 404.
const EXISTING: [(&str, &str, &[&str]); 13] = [
    ("/subscriptions/{id}", "id", &["sub_emu00000004f", "sub_emu00000004c"]),
    ("/subscriptions/{id}/prices", "id", &["sub_emu00000004f", "sub_emu00000004c"]),
    ("/subscriptions/{id}/prices", "start", &["2026-03-28", "2026-06-02"]),
    ("/subscriptions/{id}/prices", "end", &["2026-03-29", "2026-06-02", "2026-06-09"]),
    ("/subscriptions/{id}/usage", "id", &["sub_emu00000004f", "sub_emu00000004c"]),
    ("/invoices/{id}", "id", &["inv_emu00000004c202603", "inv_emu00000004f202604"]),
    ("/invoices/{id}/file", "id", &["inv_emu00000004c202603"]),
    ("/grid-fee-reductions/{id}", "id", &["gfr_emu00000001c3", "gfr_emu00000003c2"]),
    ("/customers/{id}", "id", &["cus_emu00000004"]),
    ("/plans/{id}", "id", &["pln_emu1", "pln_emu3"]),
    ("/plans/{id}/quote", "id", &["pln_emu1"]),
    ("/oauth/authorize", "client_id", &["fleet"]),
    ("/oauth/authorize", "redirect_uri", &["http://127.0.0.1:8099/oauth/callback"]),
];

/// The document with the values that exist; nothing about answers is changed.
fn with_existing(document: &Path) -> String {
    let mut document: Value = serde_json::from_slice(&std::fs::read(document).unwrap()).unwrap();
    for (path, name, values) in EXISTING {
        let parameters = document["paths"][path]["get"]["parameters"].as_array_mut().unwrap();
        let parameter = parameters.iter_mut().find(|one| one["name"] == name).unwrap();
        parameter.as_object_mut().unwrap().remove("example");
        parameter["schema"] = serde_json::json!({ "type": "string", "enum": values });
    }
    document.to_string()
}

/// Runs all phases that need no state between requests.
fn run(document: &Path, url: &str, seed: u32, more: &[&str]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("openapi.json");
    std::fs::write(&copy, with_existing(document)).unwrap();
    let allowed = r#"["2xx", "3xx", "400", "401", "403", "404", "409"]"#;
    let settings = format!("[checks.positive_data_acceptance]\nexpected-statuses = {allowed}\n");
    std::fs::write(folder.path().join("schemathesis.toml"), settings).unwrap();
    let output = Command::new("st")
        .current_dir(folder.path())
        .args(["--config-file", "schemathesis.toml", "run", &copy.to_string_lossy(), "--url", url])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "30", "--no-color"])
        .args(["--seed", &seed.to_string()])
        .args(more)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() { Ok(text) } else { Err(text + &String::from_utf8_lossy(&output.stderr)) }
}

fn judged(document: &Path, url: &str, seed: u32, more: &[&str]) {
    let text = run(document, url, seed, more).unwrap_or_else(|failures| panic!("{failures}"));
    let counted = text.lines().find(|line| line.contains(" generated, ")).unwrap_or_default();
    eprintln!("seed {seed}: {}", counted.trim());
}

async fn organisation(emulator: &offpeak_emulator::Emulator) -> String {
    let answer = token(emulator, &[("grant_type", "client_credentials")]).await.unwrap();
    answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_answers_as_the_document_says() {
    let Some(document) = document() else { return };
    for seed in 1..=3 {
        let emulator = started(|config| config.auto_consent = Some(1)).await;
        let organisation = format!("Authorization: Bearer {}", organisation(&emulator).await);
        judged(
            &document,
            emulator.base_url(),
            seed,
            &["-H", &organisation, "--exclude-path-regex", "^/oauth/token"],
        );
        // `fleet:s3cr3t-of-fleet`.
        let basic = "Authorization: Basic ZmxlZXQ6czNjcjN0LW9mLWZsZWV0";
        judged(&document, emulator.base_url(), seed, &["-H", basic, "--include-path-regex", "^/oauth/token"]);
        // Not only refusals were judged.
        for (path, _, _) in EXISTING {
            let by_status = &emulator.stats().requests[&format!("GET {path}")];
            assert!(by_status.contains_key(&200) || by_status.contains_key(&302), "{path}: {by_status:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customers_token_is_answered_as_the_document_says() {
    let Some(document) = document() else { return };
    let emulator = started(|_| ()).await;
    let customer = format!("Authorization: Bearer {}", support::access(&emulator, 4));
    judged(&document, emulator.base_url(), 4, &["-H", &customer, "--exclude-path-regex", "^/oauth/"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_judge_sees_what_the_document_forbids() {
    let Some(document) = document() else { return };
    let emulator = started(|_| ()).await;
    emulator.add_fault(Fault::new(FaultKind::NullComponents, "/subscriptions/*/prices"));
    let customer = format!("Authorization: Bearer {}", support::access(&emulator, 4));
    let failures =
        run(&document, emulator.base_url(), 1, &["-H", &customer, "--include-path-regex", "/prices$"]);
    assert!(failures.unwrap_err().contains("violates schema"));
}
