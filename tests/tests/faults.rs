//! Bad input and bad surroundings: signals, closed pipes, unreadable source, programs that never end.
//!
//! Each gives CPython's message and exit status: never a panic, an abort or a hang.

use parallax_tests::build::Build;
use parallax_tests::diff::diff;
use parallax_tests::run::{End, Outcome, command, finish, signal, wait};
use parallax_tests::suite::{Case, check_cases, time_limit};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

parallax_tests::on_every_build!(|build| check_cases(build, "faults", cases()));

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for name in ["loop", "function", "native", "sleep", "lock", "join", "wait", "input"] {
        cases.push(Case::new(format!("faults/sigint_{name}"), move |build| {
            interrupted(build, &format!("sigint_{name}"))
        }));
    }
    cases.push(Case::new("faults/sigint_caught", |build| {
        handled(build, "sigint_caught", End::Status(7), "finally\ncaught KeyboardInterrupt()\n")
    }));
    cases.push(Case::new("faults/sigint_threads", |build| {
        handled(build, "sigint_threads", End::Status(0), "interrupted MainThread\n")
    }));
    cases.push(Case::new("faults/signal_handler", |build| {
        handled(build, "signal_handler", End::Status(0), "[(2, True)] True\n")
    }));
    cases.push(Case::new("faults/closed_pipe", closed_pipe));
    cases.push(Case::new("faults/closed_pipe_at_exit", closed_pipe_at_exit));
    cases.push(Case::new("faults/deadlock", deadlock));
    cases.push(Case::new("faults/dead_loops", dead_loops));
    cases.push(Case::new("faults/missing_file", missing_file));
    cases.push(Case::new("faults/folder", folder));
    cases.push(Case::new("faults/unreadable", unreadable));
    for (name, source, status, message) in SOURCES {
        cases.push(Case::new(format!("faults/{name}"), move |build| bad_source(build, name, source, *status, message)));
    }
    cases.push(Case::new("faults/garbage", garbage));
    cases
}

/// Sources that cannot be kept as files of the corpus, with the status and the error text (`$FILE` is the path).
const SOURCES: &[(&str, &[u8], i32, &str)] = &[
    (
        "not_utf8",
        b"x = 1\ny = '\xff'\n",
        1,
        "SyntaxError: Non-UTF-8 code starting with '\\xff' in file $FILE on line 2, but no encoding declared; \
         see https://peps.python.org/pep-0263/ for details\n",
    ),
    (
        "null_byte",
        b"x = 1\0\n",
        1,
        "  File \"$FILE\", line 1\n    x = 1\nSyntaxError: source code cannot contain null bytes\n",
    ),
    ("unknown_encoding", b"# coding: nonsense\n", 1, "SyntaxError: encoding problem: nonsense\n"),
    ("empty", b"", 0, ""),
    ("latin1", b"# -*- coding: latin-1 -*-\nassert '\xe9' == chr(233)\n", 0, ""),
    ("byte_order_mark", b"\xef\xbb\xbfx = 1\n", 0, ""),
    ("carriage_returns", b"if 1:\r\n    x = 1\r\n    assert x\r\n", 0, ""),
    ("no_last_newline", b"if 1:\n    pass # end", 0, ""),
    ("form_feed", b"\x0cx = 1\n\x0c\nassert x", 0, ""),
];

type Verdict = Result<(), String>;

fn script(name: &str) -> PathBuf {
    parallax_tests::root().join("faults").join(name).with_extension("py")
}

/// A file of the given content in a folder of this test's own.
fn temporary(build: &Build, name: &str, content: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&build.name);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let path = folder.join(name).with_extension("py");
    fs::write(&path, content).expect("the target folder can be written");
    path
}

fn start(build: &Build, path: &Path) -> Result<Child, String> {
    command(build, path).spawn().map_err(|error| format!("cannot start: {error}"))
}

fn end(child: Child) -> Result<Outcome, String> {
    finish(child, time_limit()).map_err(|error| error.to_string())
}

/// Starts a program and waits for its first line; the rest of its output is left in the returned pipe.
fn until_ready(build: &Build, name: &str) -> Result<(Child, BufReader<std::process::ChildStdout>), String> {
    let mut child = start(build, &script(name))?;
    let mut out = BufReader::new(child.stdout.take().expect("stdout is piped"));
    let mut line = String::new();
    if out.read_line(&mut line).map_err(|error| error.to_string())? == 0 {
        let outcome = end(child)?;
        return Err(format!("ended before it was ready: {}\n{}", outcome.end, outcome.err));
    }
    Ok((child, out))
}

fn expect_end(outcome: &Outcome, expected: End) -> Verdict {
    if outcome.end == expected {
        return Ok(());
    }
    Err(format!("  {}, expected {expected}\n{}", outcome.end, outcome.err))
}

fn expect_text(what: &str, expected: &str, actual: &str) -> Verdict {
    let difference = diff(expected, actual);
    if difference.is_empty() { Ok(()) } else { Err(format!("  {what} (- expected, + printed):\n{difference}")) }
}

/// Sends SIGINT after a moment's work and collects the end.
fn interrupt(mut child: Child, mut out: BufReader<std::process::ChildStdout>) -> Result<(Outcome, String), String> {
    let stdin = child.stdin.take();
    std::thread::sleep(Duration::from_millis(100));
    signal(&child, "INT").map_err(|error| error.to_string())?;
    let outcome = end(child)?;
    drop(stdin);
    let mut rest = String::new();
    out.read_to_string(&mut rest).map_err(|error| error.to_string())?;
    Ok((outcome, rest))
}

/// An uncaught KeyboardInterrupt prints its traceback and the program dies by SIGINT.
fn interrupted(build: &Build, name: &str) -> Verdict {
    let (child, out) = until_ready(build, name)?;
    let (outcome, _) = interrupt(child, out)?;
    expect_end(&outcome, End::Signal(2))?;
    let traceback = outcome.err.starts_with("Traceback (most recent call last):\n");
    if traceback && outcome.err.ends_with("KeyboardInterrupt\n") {
        Ok(())
    } else {
        Err(format!("  no traceback that ends in KeyboardInterrupt:\n{}", outcome.err))
    }
}

/// A program that handles SIGINT itself.
fn handled(build: &Build, name: &str, expected: End, printed: &str) -> Verdict {
    let (child, out) = until_ready(build, name)?;
    let (outcome, rest) = interrupt(child, out)?;
    expect_end(&outcome, expected)?;
    expect_text("stdout", printed, &rest)?;
    expect_text("stderr", "", &outcome.err)
}

/// The reader of standard output goes away in the middle: BrokenPipeError, status 1.
fn closed_pipe(build: &Build) -> Verdict {
    let (child, out) = until_ready(build, "closed_pipe")?;
    drop(out);
    let outcome = end(child)?;
    expect_end(&outcome, End::Status(1))?;
    let last = outcome.err.lines().find(|line| line.starts_with("BrokenPipeError")).unwrap_or_default();
    expect_text("stderr", "BrokenPipeError: [Errno 32] Broken pipe", last)
}

/// Only the flush at the end finds the pipe closed: the error is reported as ignored, status 120.
fn closed_pipe_at_exit(build: &Build) -> Verdict {
    let mut child = start(build, &script("closed_pipe_at_exit"))?;
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("stdin is piped");
    stdin.write_all(b"go\n").map_err(|error| error.to_string())?;
    let outcome = end(child)?;
    expect_end(&outcome, End::Status(120))?;
    expect_text("stderr", "BrokenPipeError: [Errno 32] Broken pipe", outcome.err.lines().last().unwrap_or_default())
}

/// Processor time that a process has used, in seconds.
fn processor_seconds(child: &Child) -> Result<f64, String> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).map_err(|error| error.to_string())?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    // utime and stime, in ticks of 10 ms (fields 14 and 15 of the line; the first two went with the name).
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((ticks(11) + ticks(12)) / 100.0)
}

/// Cores that a child keeps busy over a while.
fn cores_used(child: &Child, over: Duration) -> Result<f64, String> {
    let (start, before) = (Instant::now(), processor_seconds(child)?);
    std::thread::sleep(over);
    Ok((processor_seconds(child)? - before) / start.elapsed().as_secs_f64())
}

fn stop(mut child: Child) -> Verdict {
    child.kill().map_err(|error| error.to_string())?;
    wait(&mut child, time_limit()).map(drop).map_err(|error| error.to_string())
}

/// A deadlock hangs, as it must, without using the processor.
fn deadlock(build: &Build) -> Verdict {
    let (mut child, _out) = until_ready(build, "deadlock")?;
    // On a busy machine the threads may take a while to get where they wait.
    let mut cores = 1.0;
    for _ in 0..10 {
        cores = cores_used(&child, Duration::from_millis(500))?;
        if cores < 0.05 {
            break;
        }
    }
    if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
        return Err(format!("  ended with {status} instead of waiting for the lock"));
    }
    stop(child)?;
    if cores < 0.05 { Ok(()) } else { Err(format!("  waiting threads use {cores:.2} cores")) }
}

/// Two endless loops: one core under a global lock; without one more than that, on a machine that has it to give.
fn dead_loops(build: &Build) -> Verdict {
    let (child, _out) = until_ready(build, "dead_loops")?;
    let cores = cores_used(&child, Duration::from_secs(1))?;
    stop(child)?;
    match build.name.as_str() {
        "gil" if cores > 1.15 => Err(format!("  two threads use {cores:.2} cores under the global lock")),
        "nogil" if cores < 1.2 && std::thread::available_parallelism().is_ok_and(|n| n.get() > 1) => {
            Err(format!("  two threads use only {cores:.2} cores (is the machine busy?)"))
        }
        _ => Ok(()),
    }
}

fn missing_file(build: &Build) -> Verdict {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_such_file.py");
    let outcome = end(start(build, &path)?)?;
    expect_end(&outcome, End::Status(2))?;
    let message = format!("can't open file '{}': [Errno 2] No such file or directory\n", path.display());
    expect_text("stderr", &message, outcome.err.split_once(": ").map_or("", |(_, rest)| rest))
}

fn unreadable(build: &Build) -> Verdict {
    use std::os::unix::fs::PermissionsExt;
    let path = temporary(build, "unreadable", b"print(1)\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).map_err(|error| error.to_string())?;
    // A privileged user reads everything, and then there is nothing to see.
    let privileged = fs::read(&path).is_ok();
    let outcome = end(start(build, &path)?)?;
    fs::remove_file(&path).map_err(|error| error.to_string())?;
    if privileged {
        return expect_end(&outcome, End::Status(0));
    }
    expect_end(&outcome, End::Status(2))?;
    let message = format!("can't open file '{}': [Errno 13] Permission denied\n", path.display());
    expect_text("stderr", &message, outcome.err.split_once(": ").map_or("", |(_, rest)| rest))
}

fn folder(build: &Build) -> Verdict {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("folder");
    fs::create_dir_all(&path).map_err(|error| error.to_string())?;
    let outcome = end(start(build, &path)?)?;
    expect_end(&outcome, End::Status(1))?;
    let message = format!("can't find '__main__' module in '{}'\n", path.display());
    expect_text("stderr", &message, outcome.err.split_once(": ").map_or("", |(_, rest)| rest))
}

fn bad_source(build: &Build, name: &str, source: &[u8], status: i32, message: &str) -> Verdict {
    let path = temporary(build, name, source);
    let outcome = end(start(build, &path)?)?;
    expect_end(&outcome, End::Status(status))?;
    expect_text("stderr", message, &outcome.err.replace(&*path.to_string_lossy(), "$FILE"))
}

/// Arbitrary bytes are a syntax error: no crash, no hang. The same bytes each time.
fn garbage(build: &Build) -> Verdict {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let words: &[&[u8]] = &[
        b"def ", b"(", b")", b"[", b"]", b"{", b"}", b":", b"\n", b"    ", b"\t", b"if ", b"x", b"1", b"'", b"\"\"\"",
        b"f'", b"=", b",", b"*", b"lambda ", b"\\", b"#", b"\xff", b"\0", b"class ", b"yield ", b"@", b"match ",
        b"case ", b"else", b"0x", b"1e", b"..", b"->", b"for ", b" in ", b"\r",
    ];
    for number in 0..20 {
        let mut source = Vec::new();
        for _ in 0..60 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            source.extend_from_slice(words[(state >> 33) as usize % words.len()]);
        }
        let path = temporary(build, &format!("garbage{number}"), &source);
        let child = command(build, &path).stdin(Stdio::null()).spawn().map_err(|error| error.to_string())?;
        let outcome = end(child)?;
        if !matches!(outcome.end, End::Status(0 | 1)) {
            return Err(format!("  {} on {:?}\n{}", outcome.end, String::from_utf8_lossy(&source), outcome.err));
        }
    }
    Ok(())
}
