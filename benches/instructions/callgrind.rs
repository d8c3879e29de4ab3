//! Runs this program again under callgrind, and reads the count it prints.

use std::env;
use std::process::Command;

/// The function that callgrind counts in, on and off: see `workloads::measured`.
const COUNTED: &str = "--toggle-collect=*workloads*measured*";

const MISSING: &str = "valgrind is not installed; hint: apt-get install valgrind";

/// Instructions of the workload `name`, without what prepares it.
pub(crate) fn count(name: &str) -> Result<u64, String> {
    let program = env::current_exe().map_err(|error| format!("this program can't be found: {error}"))?;
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no", COUNTED, "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["run", name])
        // Other threads would wait for work for as long as they like.
        .envs([("RAYON_NUM_THREADS", "1"), ("POLARS_MAX_THREADS", "1")])
        .output();
    let output = run.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => MISSING.to_owned(),
        _ => format!("valgrind can't be started: {error}"),
    })?;
    let talk = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("workload {name} failed under valgrind:\n{talk}"));
    }
    match collected(&talk) {
        None | Some(0) => Err(format!("workload {name}: valgrind counted nothing:\n{talk}")),
        Some(count) => Ok(count),
    }
}

/// The number in callgrind's line `==1234== Collected : 5678`.
fn collected(talk: &str) -> Option<u64> {
    let (_, count) = talk.lines().find_map(|line| line.split_once("Collected :"))?;
    count.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::collected;

    #[test]
    fn the_count_is_found_in_what_valgrind_says() {
        let talk = "==7== Events    : Ir\n==7== Collected : 1537104\n==7== \n";
        assert_eq!(collected(talk), Some(1_537_104));
        assert_eq!(collected("==7== Events    : Ir\n"), None);
    }
}
