//! Opening a database: its file, its settings, its tables.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyPool, ConnectOptions};
use tracing::log::LevelFilter;

use super::{Store, failed};
use crate::seal::KeyRing;
use crate::{StoreError, TenantId};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// `FULL`: with `NORMAL` a power cut may roll back a rotation that was committed, and with it a consent.
/// `secure_delete`: a token that was deleted does not stay in free pages.
const SQLITE_SETTINGS: [&str; 4] = [
    "PRAGMA busy_timeout = 15000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
];
const SQLITE_DURABLE: [(&str, &str); 2] = [("PRAGMA journal_mode", "wal"), ("PRAGMA synchronous", "2")];
const POSTGRES_DURABLE: [(&str, &str); 3] =
    [("SHOW fsync", "on"), ("SHOW full_page_writes", "on"), ("SHOW synchronous_commit", "on")];
const ASK_TIME: &str = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT AS millis";
const POSTGRES_SETTINGS: [&str; 1] = ["SET synchronous_commit = on"];

impl Store {
    /// Opens or creates the `SQLite` database at `path`, readable by its owner alone. Local disks only.
    ///
    /// # Errors
    /// If the file cannot be opened, or is no database of this kind.
    pub async fn sqlite(path: &Path, tenant: TenantId, ring: KeyRing) -> Result<Self, StoreError> {
        owner_only(path).map_err(|cause| StoreError::File {
            path: path.display().to_string(),
            cause: cause.to_string(),
        })?;
        let url = sqlite_url(path)?;
        let pool = connect(&url, 8, &SQLITE_SETTINGS).await?;
        create_tables(&pool).await.map_err(|cause| migration(&cause))?;
        Ok(Self {
            pool,
            durable: &SQLITE_DURABLE,
            begin: "BEGIN IMMEDIATE",
            group: Some(Arc::default()),
            ask_time: None,
            tenant,
            ring: Arc::new(ring),
        })
    }

    /// Connects to a `PostgreSQL` database by its URL, which may hold a password, and creates missing tables.
    ///
    /// On another host say `sslmode=verify-full`: tokens are sealed, but whoever alters answers could put old rows back.
    ///
    /// # Errors
    /// If it cannot be reached, or holds tables of another kind.
    pub async fn postgres(url: &SecretString, tenant: TenantId, ring: KeyRing) -> Result<Self, StoreError> {
        let pool = connect(url.expose_secret(), 16, &POSTGRES_SETTINGS).await?;
        POSTGRES.run(&pool).await.map_err(|cause| migration(&cause))?;
        Ok(Self {
            pool,
            durable: &POSTGRES_DURABLE,
            begin: "BEGIN",
            group: None,
            ask_time: Some(ASK_TIME),
            tenant,
            ring: Arc::new(ring),
        })
    }

    /// The same database and keys, seen by another tenant.
    #[must_use]
    pub fn for_tenant(&self, tenant: TenantId) -> Self {
        Self { tenant, ..self.clone() }
    }
}

async fn connect(
    url: &str,
    connections: u32,
    settings: &'static [&'static str],
) -> Result<AnyPool, StoreError> {
    sqlx::any::install_default_drivers();
    // The cause of a bad URL may quote it, with its password.
    let bad = |_| StoreError::Database { what: "open", cause: "the URL cannot be read".to_owned() };
    let options = url.parse::<AnyConnectOptions>().map_err(bad)?;
    let options = options
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Warn, Duration::from_secs(5));
    let pool = AnyPoolOptions::new().max_connections(connections).acquire_timeout(Duration::from_secs(20));
    let pool = pool.after_connect(move |connection, _| {
        Box::pin(async move {
            for setting in settings {
                sqlx::query(*setting).execute(&mut *connection).await?;
            }
            Ok(())
        })
    });
    pool.connect_with(options).await.map_err(failed("open"))
}

/// `SQLite` has no lock around migrations: of processes that start at once one creates the tables, the others look again.
async fn create_tables(pool: &AnyPool) -> Result<(), MigrateError> {
    for _ in 0..20 {
        match SQLITE.run(pool).await {
            Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            done => return done,
        }
    }
    SQLITE.run(pool).await
}

fn migration(cause: &MigrateError) -> StoreError {
    StoreError::Database { what: "create tables", cause: cause.to_string() }
}

fn sqlite_url(path: &Path) -> Result<String, StoreError> {
    let refuse = |cause: &str| StoreError::File { path: path.display().to_string(), cause: cause.to_owned() };
    let absolute = std::path::absolute(path).map_err(|cause| refuse(&cause.to_string()))?;
    let url = url::Url::from_file_path(&absolute).map_err(|()| refuse("is no path that a URL can hold"))?;
    Ok(format!("sqlite://{}?mode=rw", url.path()))
}

/// Creates the file if it is missing; in both cases nobody else may read it. `SQLite` gives its log the same mode.
///
/// A file that is there is not opened: closing it would drop the locks that this process may hold on it already.
fn owner_only(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        #[cfg(unix)]
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => {
            std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        }
        #[cfg(not(unix))]
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        done => done.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Row;

    use super::*;

    #[tokio::test]
    async fn every_connection_waits_for_the_disk_and_wipes_what_it_deletes() {
        let folder = tempfile::tempdir().unwrap();
        let key = ("k1".to_owned(), SecretString::from("ab".repeat(32)));
        let path = folder.path().join("a b%20c.db");
        let store =
            Store::sqlite(&path, "home".parse().unwrap(), KeyRing::new(&[key]).unwrap()).await.unwrap();
        let mut held = Vec::new();
        for _ in 0..3 {
            let mut connection = store.pool.acquire().await.unwrap();
            // 2 is FULL.
            for (setting, expected) in [("synchronous", 2), ("secure_delete", 1), ("busy_timeout", 15_000)] {
                let ask = sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA {setting}")));
                let row = ask.fetch_one(&mut *connection).await.unwrap();
                assert_eq!(row.get::<i64, _>(0), expected, "{setting}");
            }
            held.push(connection);
        }
        assert!(path.exists(), "a path with signs that mean something in a URL");
    }
}
