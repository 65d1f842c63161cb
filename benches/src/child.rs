//! Runs one measured process: bounded in time and output, with its peak memory from `wait4`. The only unsafe code of the
//! laboratory is the call of `wait4`, for which the standard library has no equal.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// More than any honest process prints; the rest is read and dropped.
const OUTPUT_LIMIT: u64 = 1 << 20;

/// A process that ended by itself with success.
#[derive(Debug, PartialEq, Eq)]
pub struct Finished {
    pub stdout: String,
    /// Peak resident size in KiB. A child is never reported smaller than the laboratory itself was when it started it.
    pub peak_rss_kib: u64,
}

/// Runs `command` to its end, at most for `limit`; the error is a sentence for the report.
pub fn run(command: &mut Command, limit: Duration) -> Result<Finished, String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot be started: {error}"))?;
    let stdout = collect(child.stdout.take().expect("stdout was piped above"));
    let stderr = collect(child.stderr.take().expect("stderr was piped above"));
    let ended = wait(child.id());
    let (end, timed_out) = match ended.recv_timeout(limit) {
        Ok(end) => (end, false),
        Err(_) => {
            // An error means that it ended by itself in this instant.
            let _ = child.kill();
            (ended.recv().map_err(|_| "its end was not reported")?, true)
        }
    };
    if timed_out {
        return Err(format!("took longer than {} s and was ended", limit.as_secs_f64()));
    }
    // A grandchild may hold the pipes open: what has not come by now does not count.
    let patience = Duration::from_secs(2);
    let stdout = stdout.recv_timeout(patience).unwrap_or_default();
    let stderr = stderr.recv_timeout(patience).unwrap_or_default();
    let (status, peak_rss_kib) = end?;
    if status != 0 {
        return Err(describe(status, &stderr));
    }
    Ok(Finished { stdout, peak_rss_kib })
}

fn describe(status: i32, stderr: &str) -> String {
    let how = if libc::WIFSIGNALED(status) {
        format!("died by signal {}", libc::WTERMSIG(status))
    } else {
        format!("exit status {}", libc::WEXITSTATUS(status))
    };
    match stderr.lines().rev().find(|line| !line.trim().is_empty()) {
        Some(line) => format!("{how}: {}", line.trim()),
        None => how,
    }
}

fn collect(mut pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        // A broken pipe ends the text, nothing else.
        let _ = pipe.by_ref().take(OUTPUT_LIMIT).read_to_end(&mut kept);
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        let _ = sender.send(String::from_utf8_lossy(&kept).into_owned());
    });
    receiver
}

type End = Result<(i32, u64), String>;

/// Waits for the process on a thread of its own, so that the caller can bound the wait without polling.
fn wait(pid: u32) -> Receiver<End> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let _ = sender.send(wait4(pid));
    });
    receiver
}

fn wait4(pid: u32) -> End {
    let mut status = 0;
    // SAFETY: `rusage` is a struct of integers, for which all zeros is a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    loop {
        // SAFETY: both pointers are to live locals of the types that wait4 writes. The pid is that of our own child, which
        // nobody else waits for: `Child` is only ever asked to kill.
        let answer = unsafe { libc::wait4(pid as libc::pid_t, &mut status, 0, &mut usage) };
        if answer >= 0 {
            // Linux counts in KiB, macOS in bytes.
            let unit = if cfg!(target_os = "macos") { 1024 } else { 1 };
            return Ok((status, usage.ru_maxrss as u64 / unit));
        }
        let error = std::io::Error::last_os_error();
        if error.kind() != std::io::ErrorKind::Interrupted {
            return Err(format!("cannot be waited for: {error}"));
        }
    }
}

/// One line of a short-lived question to a program (`--version` and the like); `None` if it does not answer with success.
pub fn ask(command: &mut Command) -> Option<String> {
    let answer = run(command, Duration::from_secs(20)).ok()?;
    let text = answer.stdout.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Writes a line to standard error; a closed one is nobody's loss.
pub fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> Result<Finished, String> {
        run(Command::new("sh").args(["-c", script]), limit)
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn output_and_memory_come_back() {
        let finished = shell("echo hello; echo noise >&2", LONG).unwrap();
        assert_eq!(finished.stdout, "hello\n");
        assert!(finished.peak_rss_kib > 0);
    }

    #[test]
    fn failures_are_sentences() {
        assert_eq!(shell("echo 'boom: it broke' >&2; exit 3", LONG).unwrap_err(), "exit status 3: boom: it broke");
        assert_eq!(shell("kill -9 $$", LONG).unwrap_err(), "died by signal 9");
        let missing = run(&mut Command::new("/nonexistent/interpreter"), LONG).unwrap_err();
        assert!(missing.starts_with("cannot be started"), "{missing}");
    }

    #[test]
    fn a_process_that_never_ends_is_ended() {
        let error = shell("exec sleep 1000", Duration::from_millis(50)).unwrap_err();
        assert!(error.contains("was ended"), "{error}");
    }

    #[test]
    fn output_without_end_does_not_fill_the_memory() {
        let finished = shell("head -c 5000000 /dev/zero | tr '\\0' x", LONG).unwrap();
        assert_eq!(finished.stdout.len() as u64, OUTPUT_LIMIT);
    }
}
