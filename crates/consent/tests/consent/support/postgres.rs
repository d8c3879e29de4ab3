//! A real `PostgreSQL` server in a temporary folder, ended with the test that started it.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

pub(crate) struct Postgres {
    server: Child,
    port: u16,
    bin: PathBuf,
    databases: AtomicUsize,
    _folder: tempfile::TempDir,
}

impl Postgres {
    /// The server that other tests use at this time, or a new one.
    pub(crate) fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap();
        shared.upgrade().unwrap_or_else(|| {
            let new = Arc::new(Self::start());
            *shared = Arc::downgrade(&new);
            new
        })
    }

    fn start() -> Self {
        let bin = bin();
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).unwrap();
        let data = folder.path().join("data");
        let mut initdb = as_owner(&bin.join("initdb"));
        initdb.args(["-U", "offpeak", "-A", "trust", "--no-sync", "-E", "UTF8"]);
        // A language that orders words as a dictionary does: what depends on the order of bytes must say so.
        initdb.args(["--locale-provider=icu", "--icu-locale=en", "--locale=C.UTF-8", "-D"]).arg(&data);
        let done = initdb.output().unwrap();
        assert!(done.status.success(), "initdb: {}", String::from_utf8_lossy(&done.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = as_owner(&bin.join("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(folder.path()).args([
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
        ]);
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let server = server.stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let new = Self { server, port, bin, databases: AtomicUsize::new(0), _folder: folder };
        new.wait();
        new
    }

    fn wait(&self) {
        for _ in 0..200 {
            if self.psql("SELECT 1").is_ok() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the PostgreSQL server does not answer on port {}", self.port);
    }

    fn psql(&self, statement: &str) -> Result<(), String> {
        let mut psql = Command::new(self.bin.join("psql"));
        let port = self.port.to_string();
        psql.args(["-h", "127.0.0.1", "-p", &port, "-U", "offpeak", "-d", "postgres", "-c", statement]);
        let done = psql.output().unwrap();
        if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned()) }
    }

    /// The URL of a fresh database.
    pub(crate) fn database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.psql(&format!("CREATE DATABASE {name}")).unwrap();
        format!("postgres://offpeak@127.0.0.1:{}/{name}?sslmode=disable", self.port)
    }

    /// All that the server holds of a database, as SQL.
    pub(crate) fn dump(&self, url: &str) -> String {
        let done = Command::new(self.bin.join("pg_dump")).args(["-d", url]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT: a fast shutdown that leaves no child behind.
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
    }
}

/// Where Debian keeps the newest server's programs, or else wherever the path leads.
fn bin() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|found| found.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.retain(|bin| bin.join("initdb").exists() && bin.join("postgres").exists());
    versions.sort();
    let in_path = || {
        let found = Command::new("sh").args(["-c", "command -v initdb"]).output().unwrap();
        let text = String::from_utf8_lossy(&found.stdout).trim().to_owned();
        Path::new(&text).parent().filter(|parent| parent.is_absolute()).map(Path::to_path_buf)
    };
    versions.pop().or_else(in_path).expect("no PostgreSQL server found; run scripts/setup")
}

/// `PostgreSQL` refuses to run as root: then it runs as the user that Debian's package makes.
fn as_owner(program: &Path) -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    if String::from_utf8_lossy(&id.stdout).trim() != "0" {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--"]).arg(program);
    command.current_dir("/");
    command
}
