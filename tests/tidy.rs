//! What the workspace promises about itself: arrows between crates, homes of heavy dependencies, sizes and words.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// What each library may use of the workspace; the command line composes them all.
const ARROWS: [(&str, &[&str]); 16] = [
    ("offpeak-domain", &[]),
    ("offpeak-audit", &["offpeak-domain"]),
    ("offpeak-baseline", &["offpeak-domain"]),
    ("offpeak-decomposition", &["offpeak-domain"]),
    ("offpeak-solver", &["offpeak-domain", "offpeak-audit", "offpeak-baseline", "offpeak-decomposition"]),
    ("offpeak-tables", &["offpeak-domain"]),
    ("offpeak-verify", &["offpeak-domain"]),
    ("offpeak-report", &["offpeak-domain"]),
    ("offpeak-synth", &["offpeak-domain", "offpeak-tables"]),
    ("offpeak-replay", &["offpeak-domain", "offpeak-audit", "offpeak-baseline", "offpeak-solver"]),
    ("offpeak-providers", &[]),
    ("offpeak-emulator", &[]),
    ("offpeak-ingest", &["offpeak-providers", "offpeak-tables"]),
    ("offpeak-consent", &[]),
    ("offpeak-serve", &["offpeak-consent"]),
    (
        "offpeak",
        &[
            "offpeak-domain",
            "offpeak-audit",
            "offpeak-baseline",
            "offpeak-solver",
            "offpeak-tables",
            "offpeak-synth",
            "offpeak-verify",
            "offpeak-emulator",
            "offpeak-ingest",
            "offpeak-providers",
            "offpeak-replay",
            "offpeak-consent",
            "offpeak-serve",
            "offpeak-report",
        ],
    ),
];

/// Where a dependency that is heavy, or shapes what code may do, is at home.
const AT_HOME: [(&str, &[&str]); 8] = [
    ("polars", &["offpeak-tables"]),
    ("good_lp", &["offpeak-solver"]),
    ("highs", &["offpeak-solver"]),
    ("rayon", &["offpeak-solver", "offpeak-replay", "offpeak"]),
    ("anyhow", &["offpeak"]),
    ("reqwest", &["offpeak-providers", "offpeak-consent", "offpeak-serve", "offpeak-emulator"]),
    ("axum", &["offpeak-serve", "offpeak-emulator"]),
    ("sqlx", &["offpeak-consent"]),
];

/// Packages that only tests and benches may use.
const ONLY_FOR_TESTS: [&str; 3] = ["offpeak-tests", "offpeak-benches", "offpeak-testhomes"];

const MOST_LINES: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lie in the workspace").to_path_buf()
}

/// The normal and build dependencies of every package that is not for tests, by name.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec();
    let packages = metadata.expect("cargo knows the workspace").packages.into_iter();
    let offered = packages.filter(|package| !ONLY_FOR_TESTS.contains(&package.name.as_str()));
    offered
        .map(|package| {
            let used = package.dependencies.into_iter().filter(|one| one.kind != DependencyKind::Development);
            (package.name.to_string(), used.map(|one| one.name).collect())
        })
        .collect()
}

/// Text files of the workspace that people write, by their path within it.
fn written_files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8").to_owned();
            if path.is_dir() {
                if name != "target" && name != "node_modules" && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if [".rs", ".md", ".toml"].iter().any(|ending| name.ends_with(ending)) {
                let text = std::fs::read_to_string(&path).expect("text in UTF-8");
                let within = path.strip_prefix(root()).expect("within the workspace");
                files.push((within.to_str().expect("a path in UTF-8").to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

fn rust_files() -> Vec<(String, String)> {
    written_files()
        .into_iter()
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|end| end == "rs"))
        .collect()
}

#[test]
fn arrows_between_crates_point_down_only() {
    let dependencies = dependencies();
    let known: BTreeSet<&str> = ARROWS.iter().map(|(package, _)| *package).collect();
    assert_eq!(
        dependencies.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        known,
        "a package without a place"
    );
    for (package, allowed) in ARROWS {
        let of_workspace = dependencies[package].iter().filter(|used| used.starts_with("offpeak"));
        let wrong: Vec<_> = of_workspace.filter(|used| !allowed.contains(&used.as_str())).collect();
        assert!(wrong.is_empty(), "{package} must not use {wrong:?}");
    }
}

#[test]
fn heavy_dependencies_stay_at_home() {
    for (package, used) in dependencies() {
        for (dependency, homes) in AT_HOME {
            let allowed = homes.contains(&package.as_str());
            assert!(allowed || !used.contains(dependency), "{package} must not use {dependency}");
        }
    }
}

#[test]
fn only_one_file_names_the_solver() {
    let home = "crates/solver/src/highs.rs";
    // These lead to the module or to good_lp's own; what is left names the crate.
    let other =
        ["crate::highs::", "super::highs::", "pub use highs::", "good_lp::highs::", "solvers::highs::"];
    for (path, text) in
        rust_files().into_iter().filter(|(path, _)| path.starts_with("crates/") && path != home)
    {
        let text = other.iter().fold(text, |text, path| text.replace(path, ""));
        let named = text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains("highs::"));
        assert!(!named, "{path} names the highs crate, which only {home} may");
    }
}

#[test]
fn no_file_is_too_long_to_read_at_once() {
    let too_long: Vec<_> = rust_files()
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .collect();
    assert!(too_long.is_empty(), "over {MOST_LINES} lines: {too_long:?}");
}

#[test]
fn no_file_speaks_of_a_machine_or_of_work_to_do() {
    let everywhere =
        [concat!("/wo", "rk/"), concat!("TO", "DO"), concat!("FIX", "ME"), concat!("/home", "/")];
    let outside_tests = concat!("../", "shared");
    for (path, text) in written_files() {
        for word in everywhere {
            assert!(!text.contains(word), "{path} contains `{word}`");
        }
        assert!(
            path.contains("tests/") || !text.contains(outside_tests),
            "{path} reaches out of the workspace"
        );
    }
}

#[test]
fn every_package_obeys_the_lints_of_the_workspace() {
    let manifests = written_files().into_iter().filter(|(path, _)| path.ends_with("/Cargo.toml"));
    for (path, text) in manifests {
        assert!(
            text.contains("[lints]\nworkspace = true"),
            "{path} does not take the lints of the workspace"
        );
    }
}

#[test]
fn every_type_in_the_glossary_exists() {
    let Ok(glossary) = std::fs::read_to_string(root().join("docs/glossary.md")) else {
        println!("skipped: there is no docs/glossary.md");
        return;
    };
    let code: String = rust_files().into_iter().map(|(_, text)| text).collect();
    let quoted = glossary.split('`').skip(1).step_by(2);
    let camel = |word: &&str| {
        word.starts_with(|first: char| first.is_ascii_uppercase())
            && word.chars().any(|letter| letter.is_ascii_lowercase())
            && word.chars().all(|letter| letter.is_ascii_alphanumeric())
    };
    for name in quoted.filter(camel) {
        let declared = ["struct", "enum", "trait", "type"].iter().any(|kind| {
            code.match_indices(&format!("{kind} {name}")).any(|(at, found)| {
                code[at + found.len()..].starts_with(|next: char| !next.is_alphanumeric() && next != '_')
            })
        });
        let a_unit = code.contains(&format!("{name}, \""));
        let a_variant = code.lines().any(|line| line.trim_start().starts_with(name));
        assert!(declared || a_unit || a_variant, "the glossary names `{name}`, which no code declares");
    }
}
