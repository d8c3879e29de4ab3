//! A file that only grows: lines are with the operating system at once and on the disk within half a second.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::error::IngestError;

/// How long a line may wait for the disk.
const SYNC_EVERY: Duration = Duration::from_millis(500);

/// Writes lines from a thread of its own, so that the disk holds no request up.
pub(crate) struct Appender {
    path: PathBuf,
    lines: Option<SyncSender<String>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Appender {
    /// Opens a file for one run alone, gives its lines to `read`, and goes on after the last whole one.
    ///
    /// A line that a killed run left without its end is cut off.
    pub(crate) fn open(
        path: &Path,
        mut read: impl FnMut(u64, &str) -> Result<(), IngestError>,
    ) -> Result<Self, IngestError> {
        let failed = || IngestError::file(path);
        let mut options = OpenOptions::new();
        // What homes use, and when, is nobody else's business.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.read(true).append(true).create(true).open(path).map_err(failed())?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => IngestError::InUse { path: path.to_owned() },
            TryLockError::Error(cause) => IngestError::File { path: path.to_owned(), cause },
        })?;
        let whole = each_line(path, &file, &mut read)?;
        file.set_len(whole).map_err(failed())?;
        let mut file = file;
        file.seek(SeekFrom::End(0)).map_err(failed())?;
        let (lines, receiver) = sync_channel(4096);
        let thread = thread::spawn(move || write(&file, &receiver));
        Ok(Self { path: path.to_owned(), lines: Some(lines), thread: Some(thread) })
    }

    /// Adds a line, which has no line break in it.
    pub(crate) fn append(&mut self, line: String) -> Result<(), IngestError> {
        match self.lines.as_ref().map(|lines| lines.send(line)) {
            Some(Ok(())) => Ok(()),
            // The thread is gone, and knows why.
            _ => self.close(),
        }
    }

    /// Waits until all lines are on the disk.
    pub(crate) fn finish(mut self) -> Result<(), IngestError> {
        self.close()
    }

    fn close(&mut self) -> Result<(), IngestError> {
        drop(self.lines.take());
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => result.map_err(IngestError::file(&self.path)),
            None | Some(Err(_)) => {
                Err(IngestError::file(&self.path)(io::Error::other("the writer has stopped")))
            }
        }
    }
}

impl Drop for Appender {
    fn drop(&mut self) {
        if self.thread.is_some() {
            let _ = self.close();
        }
    }
}

/// Reads whole lines to the end; the length of what is whole.
pub(crate) fn each_line(
    path: &Path,
    file: &File,
    read: &mut impl FnMut(u64, &str) -> Result<(), IngestError>,
) -> Result<u64, IngestError> {
    let mut reader = BufReader::with_capacity(1 << 20, file);
    reader.seek(SeekFrom::Start(0)).map_err(IngestError::file(path))?;
    let (mut line, mut number, mut whole) = (Vec::new(), 0, 0);
    loop {
        line.clear();
        let bytes = reader.read_until(b'\n', &mut line).map_err(IngestError::file(path))?;
        if line.pop() != Some(b'\n') {
            return Ok(whole);
        }
        number += 1;
        whole += bytes as u64;
        let text =
            str::from_utf8(&line).map_err(|_| IngestError::State { path: path.to_owned(), line: number })?;
        read(number, text)?;
    }
}

/// Writes what comes until nobody sends any more.
fn write(mut file: &File, lines: &Receiver<String>) -> io::Result<()> {
    let mut buffer = Vec::new();
    let mut synced = Instant::now();
    let mut dirty = false;
    loop {
        match lines.recv_timeout(SYNC_EVERY) {
            Ok(line) => {
                push(&mut buffer, &line);
                // What waits already goes out in one piece.
                while buffer.len() < 1 << 20 {
                    match lines.try_recv() {
                        Ok(line) => push(&mut buffer, &line),
                        Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
                    }
                }
                file.write_all(&buffer)?;
                buffer.clear();
                dirty = true;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return file.sync_data(),
        }
        if dirty && synced.elapsed() >= SYNC_EVERY {
            file.sync_data()?;
            (synced, dirty) = (Instant::now(), false);
        }
    }
}

fn push(buffer: &mut Vec<u8>, line: &str) {
    buffer.extend_from_slice(line.as_bytes());
    buffer.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &Path) -> Vec<String> {
        let mut seen = Vec::new();
        Appender::open(path, |_, line| {
            seen.push(line.to_owned());
            Ok(())
        })
        .unwrap();
        seen
    }

    #[test]
    fn lines_come_back_and_a_torn_one_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let mut appender = Appender::open(&path, |_, _| Ok(())).unwrap();
        for line in ["one", "two"] {
            appender.append(line.to_owned()).unwrap();
        }
        appender.finish().unwrap();
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"thr").unwrap();
        assert_eq!(lines(&path), ["one", "two"]);
        let mut appender = Appender::open(&path, |_, _| Ok(())).unwrap();
        appender.append("four".to_owned()).unwrap();
        appender.finish().unwrap();
        assert_eq!(lines(&path), ["one", "two", "four"]);
    }

    #[test]
    fn two_runs_at_once_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let first = Appender::open(&path, |_, _| Ok(())).unwrap();
        assert!(matches!(Appender::open(&path, |_, _| Ok(())), Err(IngestError::InUse { .. })));
        first.finish().unwrap();
        Appender::open(&path, |_, _| Ok(())).unwrap();
    }
}
