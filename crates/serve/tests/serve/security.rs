//! SECURITY.md names tests that exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The functions of all crates that carry a test's attribute.
fn tests() -> BTreeSet<String> {
    let (root, mut files) = (Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap(), Vec::new());
    rust_files(root, &mut files);
    let mut found = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            if let Some((_, rest)) = line.split_once("fn ") {
                if is_test {
                    found.insert(rest.split('(').next().unwrap().to_owned());
                }
                is_test = false;
            }
        }
    }
    found
}

#[test]
fn every_test_that_the_security_page_names_exists() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../SECURITY.md");
    let page = std::fs::read_to_string(page).unwrap();
    let sentences = page.split('`').skip(1).step_by(2).filter(|word| word.matches('_').count() >= 3);
    let (named, known) = (sentences.collect::<BTreeSet<_>>(), tests());
    assert!(named.len() > 50, "only {} tests are named", named.len());
    let missing: Vec<_> = named.iter().filter(|name| !known.contains(**name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
