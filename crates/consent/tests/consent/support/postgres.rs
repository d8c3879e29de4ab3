//! A real `PostgreSQL` server in a temporary folder, one for all tests of a process and ended with it.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) struct Postgres {
    port: u16,
    bin: PathBuf,
    databases: AtomicUsize,
    /// Its input ends with this process, however that ends; then it stops the server and removes its folder.
    _keeper: Child,
}

/// Waits for its input to end. `$0` is the folder, the rest the server.
const KEEPER: &str = r#""$@" & read -r _; kill -QUIT $!; wait $!; rm -rf "$0""#;

impl Postgres {
    /// The server of this process, started at the first call.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: LazyLock<Postgres> = LazyLock::new(Postgres::start);
        &SHARED
    }

    fn start() -> Self {
        let bin = bin();
        let folder = tempfile::tempdir().unwrap().keep();
        std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o777)).unwrap();
        let data = folder.join("data");
        let mut initdb = as_owner(&bin.join("initdb"));
        initdb.args(["-U", "offpeak", "-A", "trust", "--no-sync", "-E", "UTF8"]);
        // A language that orders words as a dictionary does: what depends on the order of bytes must say so.
        initdb.args(["--locale-provider=icu", "--icu-locale=en", "--locale=C.UTF-8", "-D"]).arg(&data);
        let done = initdb.output().unwrap();
        assert!(done.status.success(), "initdb: {}", String::from_utf8_lossy(&done.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = as_owner(&bin.join("postgres"));
        // No test cuts the power: the server need not wait for the disk.
        server.args(["-F", "-h", "127.0.0.1", "-p", &port.to_string(), "-k"]).arg(&folder);
        server.arg("-D").arg(&data);
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER]).arg(&folder).arg(server.get_program()).args(server.get_args());
        let keeper = keeper.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log);
        let new = Self { port, bin, databases: AtomicUsize::new(0), _keeper: keeper.spawn().unwrap() };
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
