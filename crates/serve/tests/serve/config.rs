//! The configuration file.

use std::path::Path;

use offpeak_serve::{Config, SecretSource};

use crate::support::{owner_only, write_config};

fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/offpeak.example.toml");
    std::fs::read_to_string(path).unwrap()
}

fn refused(from: &str, to: &str) -> String {
    let text = example();
    assert!(text.contains(from), "{from}");
    Config::parse(&text.replace(from, to), Path::new("a/offpeak.toml")).unwrap_err().to_string()
}

#[test]
fn the_example_is_a_configuration_that_fits_the_played_provider() {
    let config = Config::parse(&example(), Path::new("data/offpeak.toml")).unwrap();
    assert_eq!(config.provider.redirect_uri.as_str(), "http://127.0.0.1:8099/oauth/callback");
    assert_eq!(config.serve.listen.to_string(), "127.0.0.1:8099");
    assert_eq!(config.provider.client_secret, SecretSource::File("secrets/client".into()));
    assert_eq!(config.folder(), Path::new("data"));
}

#[test]
fn what_is_wrong_is_named_with_file_line_and_key() {
    let error = refused("scope = ", "scoop = ");
    assert!(error.starts_with("a/offpeak.toml, line 19, scoop: unknown field `scoop`"), "{error}");
    let error = refused("requests_per_second = 10", "requests_per_second = \"ten\"");
    assert!(error.contains("requests_per_second: invalid type"), "{error}");
    let error = refused("requests_per_second = 10", "requests_per_second = 0");
    assert!(error.contains("provider.requests_per_second: 0; must be at least 1"), "{error}");
    for own in ["0", "10"] {
        let error = refused("requests_per_second = 1\n", &format!("requests_per_second = {own}\n"));
        assert!(
            error.contains(&format!("serve.requests_per_second: {own}; must be at least 1 and")),
            "{error}"
        );
    }
    let error = refused("id = \"nomos\"", "id = \"no mos\"");
    assert!(error.contains("provider id: no mos"), "{error}");
    let error = refused("token_url = \"http://127.0.0.1:8095", "token_url = \"http://api.example.org");
    assert!(error.contains("token_url") && error.contains("must be https"), "{error}");
    let error = refused("/oauth/callback", "/operator/callback");
    assert!(error.contains("redirect_uri") && error.contains("a path of its own"), "{error}");
    let error = refused("/oauth/callback", "/{x}");
    assert!(error.contains("a path of its own"), "{error}");
    let error = refused("allowed_origins = []", "allowed_origins = [\"https://a.example.org/\"]");
    assert!(error.contains("must be an origin"), "{error}");
    let error = refused("sqlite = \"state/consents.db\"", "");
    assert!(error.contains("must name one of sqlite and postgres"), "{error}");
    let error = Config::read(Path::new("nowhere.toml")).unwrap_err().to_string();
    assert!(error.contains("nowhere.toml") && error.contains("hint"), "{error}");
}

#[test]
fn a_secret_written_into_the_file_is_refused_and_not_repeated() {
    for wrong in
        ["\"hunter2\"", "{ secret = \"hunter2\" }", "{ file = \"a\", value = \"hunter2\" }", "[\"hunter2\"]"]
    {
        let error = refused("{ file = \"secrets/client\" }", wrong);
        assert!(!error.contains("hunter2"), "{error}");
        assert!(error.contains("client_secret") && error.contains("env = \"NAME\""), "{error}");
    }
    let error = refused("client_id = \"fleet\"", "client_id = \"fleet\"\nclient_key = \"hunter2\"");
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn a_secret_comes_from_a_file_or_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), "http://127.0.0.1:1", 1, "");
    let path = folder.path().join("offpeak.toml");
    let text =
        std::fs::read_to_string(&path).unwrap().replace("{ file = \"client\" }", "{ env = \"CLIENT\" }");
    let config = Config::parse(&text, &path).unwrap();
    assert!(config.provider(&|name| (name == "CLIENT").then(|| "from outside".to_owned())).is_ok());
    let error = config.provider(&|_| None).unwrap_err().to_string();
    assert_eq!(
        error,
        "provider.client_secret: environment variable CLIENT: is not set; must hold the secret"
    );
    let error = config.provider(&|_| Some(" ".to_owned())).unwrap_err().to_string();
    assert!(error.contains("is empty"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_secret_that_others_may_read_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let config = write_config(folder.path(), "http://127.0.0.1:1", 1, "");
    owner_only(&folder.path().join("key"), 0o644);
    let error = config.key_ring(&|_| None).unwrap_err().to_string();
    assert!(error.starts_with("keys.k1: file key: mode 644") && error.contains("chmod 600"), "{error}");
    assert!(config.store(&|_| None).await.is_err());
}

#[tokio::test]
async fn a_short_secret_of_the_operator_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let config = write_config(folder.path(), "http://127.0.0.1:1", 0, "");
    let path = folder.path().join("operator");
    std::fs::write(&path, "fifteen-letters").unwrap();
    owner_only(&path, 0o600);
    let clock = std::sync::Arc::new(crate::support::Ahead::default());
    let trigger = std::sync::Arc::new(offpeak_serve::NoTrigger);
    let error =
        offpeak_serve::Server::start(&config, &|_| None, clock, trigger, None).await.unwrap_err().to_string();
    assert!(error.contains("at least 16 characters") && !error.contains("fifteen"), "{error}");
}
