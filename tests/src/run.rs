//! Runs a program under a build: output captured, and killed when it hangs.

use crate::build::Build;
use crate::program::Program;
use std::fmt;
use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With an exit status.
    Status(i32),
    /// By a signal.
    Signal(i32),
    /// Killed by the harness.
    TimedOut,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Status(code) => write!(f, "exit status {code}"),
            End::Signal(number) => write!(f, "killed by signal {number}"),
            End::TimedOut => f.write_str("hung: stopped by the harness"),
        }
    }
}

impl From<ExitStatus> for End {
    fn from(status: ExitStatus) -> End {
        match status.code() {
            Some(code) => End::Status(code),
            None => End::Signal(status.signal().unwrap_or(0)),
        }
    }
}

/// What a run left behind.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// Standard output.
    pub out: String,
    /// Error text.
    pub err: String,
}

/// A command that runs `path` under `build` in an environment that no setting of the caller reaches.
pub fn command(build: &Build, path: &Path) -> Command {
    let mut command = Command::new(&build.path);
    command.arg(path).env_clear().env("LANG", "C.UTF-8").env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONHASHSEED", "0");
    for name in ["PATH", "RUST_BACKTRACE", "TMPDIR", "LD_LIBRARY_PATH", "PARALLAX_SEED"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    if let Some(folder) = path.parent() {
        command.current_dir(folder);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a program to its end; `$DIR` stands for its folder in the captured text.
pub fn run(build: &Build, program: &Program, args: &[String], limit: Duration) -> io::Result<Outcome> {
    let mut child = command(build, &program.path).args(args).spawn()?;
    let mut stdin = child.stdin.take().expect("stdin was piped");
    let input = program.stdin.clone();
    // A program that never reads must not stop us: what cannot be written is dropped with the pipe.
    thread::spawn(move || drop(stdin.write_all(&input)));
    let mut outcome = finish(child, limit)?;
    let folder = program.folder().to_string_lossy();
    for text in [&mut outcome.out, &mut outcome.err] {
        *text = text.replace(&*folder, "$DIR");
    }
    outcome.err = without_library(&outcome.err);
    Ok(outcome)
}

/// Drops the frames of the standard library from tracebacks: its line numbers are no part of the language.
fn without_library(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut dropping = false;
    for line in text.split_inclusive('\n') {
        if !(dropping && line.starts_with("    ")) {
            let path = line.strip_prefix("  File \"");
            dropping = path.is_some_and(|path| !path.starts_with("$DIR") && !path.starts_with('<'));
            if !dropping {
                kept.push_str(line);
            }
        }
    }
    kept
}

/// Collects a child's output until it ends or its time is over.
pub fn finish(mut child: Child, limit: Duration) -> io::Result<Outcome> {
    let out = collect(child.stdout.take());
    let err = collect(child.stderr.take());
    let end = wait(&mut child, limit)?;
    Ok(Outcome { end, out: out.join().unwrap_or_default(), err: err.join().unwrap_or_default() })
}

fn collect<R: Read + Send + 'static>(pipe: Option<R>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // Text read before an error still counts; the comparison shows what is missing.
            let _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Waits for a child, and kills it when its time is over.
pub fn wait(child: &mut Child, limit: Duration) -> io::Result<End> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(500);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.into());
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(End::TimedOut);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Sends a signal to a running child through the `kill` program.
pub fn signal(child: &Child, name: &str) -> io::Result<()> {
    let status = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("kill -{name} failed: {status}"))) }
}

#[cfg(test)]
mod tests {
    use super::without_library;

    #[test]
    fn frames_of_the_library_are_left_out() {
        let text = "Traceback:\n  File \"/lib/x.py\", line 1, in f\n    f()\n    ~^^\n  File \"$DIR/a.py\", line 2, in g\n    1 / 0\nError\n";
        assert_eq!(without_library(text), "Traceback:\n  File \"$DIR/a.py\", line 2, in g\n    1 / 0\nError\n");
    }
}
