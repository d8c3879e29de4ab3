//! A fresh database of either engine.

use std::path::PathBuf;

use offpeak_consent::{KeyRing, Store};

use super::postgres::Postgres;
use super::ring;

/// A database of a test, gone with it.
pub(crate) struct Database {
    pub(crate) place: Place,
    postgres: Option<&'static Postgres>,
    folder: tempfile::TempDir,
}

/// How to open it, also from another process.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { place: Place::Sqlite(folder.path().join("consents.db")), postgres: None, folder }
    }

    pub(crate) fn postgres() -> Self {
        let postgres = Postgres::shared();
        let place = Place::Postgres(postgres.database());
        Self { place, postgres: Some(postgres), folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn both() -> [Self; 2] {
        [Self::sqlite(), Self::postgres()]
    }

    pub(crate) async fn open(&self) -> Store {
        self.place.open(ring()).await
    }

    /// A copy as a backup would make it.
    pub(crate) async fn copied(&self) -> Self {
        let copy = Self::sqlite();
        let Place::Sqlite(path) = &copy.place else { unreachable!() };
        self.place.behind(format!("VACUUM INTO '{}'", path.display())).await;
        copy
    }

    /// Every byte that the database holds, as far as it can be had.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        if let (Some(postgres), Place::Postgres(url)) = (self.postgres, &self.place) {
            return postgres.dump(url).into_bytes();
        }
        let files = std::fs::read_dir(self.folder.path()).unwrap().flatten();
        files.flat_map(|file| std::fs::read(file.path()).unwrap()).collect()
    }
}

impl Place {
    /// Runs a statement on the database behind the store's back.
    pub(crate) async fn behind(&self, statement: impl Into<String>) {
        sqlx::any::install_default_drivers();
        let url = match self {
            Self::Sqlite(path) => format!("sqlite://{}", path.display()),
            Self::Postgres(url) => url.clone(),
        };
        let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&url).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(statement.into())).execute(&mut connection).await.unwrap();
        sqlx::Connection::close(connection).await.unwrap();
    }

    pub(crate) async fn open(&self, ring: KeyRing) -> Store {
        let tenant = "home".parse().unwrap();
        match self {
            Self::Sqlite(path) => Store::sqlite(path, tenant, ring).await.unwrap(),
            Self::Postgres(url) => Store::postgres(&url.as_str().into(), tenant, ring).await.unwrap(),
        }
    }
}
