//! Runs the cases of a suite on one build, a few at a time, and weighs the failures against the known ones.

use crate::build::Build;
use crate::diff::diff;
use crate::known::Known;
use crate::program::{Program, discover};
use crate::run::{End, Outcome, run};
use std::cell::Cell;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

/// Programs that run at once.
const JOBS: usize = 2;

/// One thing that a build must do.
pub struct Case {
    /// `suite/…`, as the known-failures file writes it.
    pub id: String,
    check: Box<Check>,
}

/// Answers what a build did wrong.
type Check = dyn Fn(&Build) -> Result<(), String> + Sync;

impl Case {
    /// A case from a function that answers what went wrong.
    pub fn new(id: impl Into<String>, check: impl Fn(&Build) -> Result<(), String> + Sync + 'static) -> Case {
        Case { id: id.into(), check: Box::new(check) }
    }

    /// A case that runs a program and compares what it leaves behind.
    pub fn program(program: Program, args: Vec<String>) -> Case {
        Case::new(program.id.clone(), move |build| {
            let outcome = run(build, &program, &args, time_limit()).map_err(|error| error.to_string())?;
            compare(&program, &outcome)
        })
    }
}

thread_local! {
    /// Does this worker run a program that is known to hang? Then the limit is short.
    static KNOWN_TO_HANG: Cell<bool> = const { Cell::new(false) };
}

/// The time after which a program counts as hung: 120 s, or `PARALLAX_TIMEOUT` seconds; 10 s when it is known to hang.
pub fn time_limit() -> Duration {
    if KNOWN_TO_HANG.get() {
        return Duration::from_secs(10);
    }
    Duration::from_secs(env::var("PARALLAX_TIMEOUT").ok().and_then(|text| text.parse().ok()).unwrap_or(120))
}

/// Prints past libtest's capture, so that a green run still tells what it did.
pub fn say(line: &str) {
    // A closed stderr is no reason to fail.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Runs every program of a suite's folder, with the same arguments for each.
pub fn check_programs(build: &Build, suite: &str, args: &[String]) {
    let programs = discover(crate::root(), suite).expect("the suite's folder can be read");
    assert!(!programs.is_empty(), "the suite {suite} has no program");
    check_cases(build, suite, programs.into_iter().map(|program| Case::program(program, args.to_vec())).collect());
}

/// Runs cases; panics with every failure that is not known and every stale line. Known ones that pass are named, and are
/// failures only under `PARALLAX_STRICT`.
pub fn check_cases(build: &Build, suite: &str, mut cases: Vec<Case>) {
    let listed = fs::read_to_string(crate::root().join("known_failures.txt")).expect("known_failures.txt can be read");
    let known = Known::parse(&listed).unwrap_or_else(|message| panic!("{message}"));
    let ids: Vec<String> = cases.iter().map(|case| case.id.clone()).collect();
    let stale = known.stale(suite, &ids);
    assert!(stale.is_empty(), "known_failures.txt names no such program: {stale:?}: remove the lines");
    if let Ok(part) = env::var("PARALLAX_ONLY") {
        cases.retain(|case| case.id.contains(&part));
    }
    if sigint_is_ignored() && cases.iter().any(needs_sigint) {
        say("skipped: programs that SIGINT is sent to: whoever started this run ignores it (a background shell does)");
        cases.retain(|case| !needs_sigint(case));
    }
    let start = Instant::now();
    let mut results = run_cases(build, &known, &cases);
    try_again(build, &known, &cases, &mut results);
    let verdict = weigh(build, &known, &results);
    for id in &verdict.mended {
        say(&format!("{id} on {} no longer fails: remove it from known_failures.txt", build.name));
    }
    say(&format!("{suite} on {}: {} in {:.1} s", build.name, verdict.summary, start.elapsed().as_secs_f64()));
    assert!(verdict.complaints.is_empty(), "\n{}", verdict.complaints);
    let strict = env::var("PARALLAX_STRICT").is_ok_and(|value| value == "1");
    assert!(!strict || verdict.mended.is_empty(), "known_failures.txt lists programs that pass: {:?}", verdict.mended);
}

fn needs_sigint(case: &Case) -> bool {
    case.id.contains("/sig")
}

/// Did this process inherit SIGINT as ignored, so that its children will too (Linux: the mask in `/proc`)?
fn sigint_is_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|text| u64::from_str_radix(text.trim(), 16).ok()).is_some_and(|mask| mask & 2 != 0)
}

/// A case's name and what went wrong.
type Finding<'c> = (&'c str, Result<(), String>);

fn run_cases<'c>(build: &Build, known: &Known, cases: &'c [Case]) -> Vec<Finding<'c>> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(cases.len()));
    thread::scope(|scope| {
        for _ in 0..JOBS.min(cases.len()) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let hangs = known.reason(&build.name, &case.id).is_some_and(|reason| reason.starts_with("hangs"));
                    KNOWN_TO_HANG.set(hangs);
                    let result = (case.check)(build);
                    done.lock().expect("no holder panics").push((case.id.as_str(), result));
                }
            });
        }
    });
    let mut results = done.into_inner().expect("no holder panics");
    results.sort_by_key(|(id, _)| *id);
    results
}

/// Runs what hit the time limit by surprise once more, alone: on a loaded machine that may strike anywhere. What passes
/// then is named as slow. A wrong answer, a crash or a panic is never forgiven: it may be the one sign of a race.
fn try_again<'c>(build: &Build, known: &Known, cases: &'c [Case], results: &mut [Finding<'c>]) {
    KNOWN_TO_HANG.set(false);
    let timed_out = |r: &Result<(), String>| r.as_ref().is_err_and(|m| m.contains(&End::TimedOut.to_string()));
    for (id, result) in results.iter_mut().filter(|(_, r)| timed_out(r)) {
        let Some(case) = cases.iter().find(|case| case.id == *id) else { continue };
        if known.reason(&build.name, id).is_none() {
            *result = (case.check)(build);
            say(&format!("slow: {id} on {} did not end in time and was run again, alone", build.name));
        }
    }
}

struct Verdict<'c> {
    summary: String,
    /// Known failures that passed.
    mended: Vec<&'c str>,
    complaints: String,
}

fn weigh<'c>(build: &Build, known: &Known, results: &[Finding<'c>]) -> Verdict<'c> {
    let (mut passed, mut excused, mut complaints) = (0, 0, String::new());
    let (mut failed, mut mended) = (Vec::new(), Vec::new());
    for (id, result) in results {
        match (result, known.reason(&build.name, id)) {
            (Ok(()), None) => passed += 1,
            (Err(_), Some(_)) => excused += 1,
            (Ok(()), Some(_)) => mended.push(*id),
            (Err(message), None) => {
                failed.push(format!("{id}  # {}", summary(message)));
                complaints += &format!("{id} fails on {}:\n{message}\n", build.name);
            }
        }
    }
    if !failed.is_empty() {
        complaints += &format!("{} failed on {}:\n{}\n", failed.len(), build.name, failed.join("\n"));
    }
    let mut summary = format!("{passed} passed, {excused} known failures, {} failed", failed.len());
    if !mended.is_empty() {
        summary += &format!(", {} no longer fail", mended.len());
    }
    Verdict { summary, mended, complaints }
}

/// The line of a failure that tells most: the error that was printed last, else the first difference.
fn summary(message: &str) -> String {
    let printed = |line: &&str| line.trim_start().starts_with("+ ");
    let error = message.lines().rev().find(|line| printed(line) && line.contains("Error"));
    let line = error.or_else(|| message.lines().find(printed)).or_else(|| message.lines().next()).unwrap_or_default();
    line.trim_start().trim_start_matches("+ ").trim().chars().take(120).collect()
}

/// Says where an outcome differs from what the program expects.
fn compare(program: &Program, outcome: &Outcome) -> Result<(), String> {
    let mut message = String::new();
    if outcome.end != End::Status(program.status) {
        message += &format!("  {}, expected exit status {}\n", outcome.end, program.status);
    }
    for (name, expected, actual) in [("stdout", &program.out, &outcome.out), ("stderr", &program.err, &outcome.err)] {
        let difference = diff(expected, actual);
        if !difference.is_empty() {
            message += &format!("  {name} (- expected, + printed):\n{difference}");
        }
    }
    if message.is_empty() { Ok(()) } else { Err(message) }
}

#[cfg(test)]
mod tests {
    use super::{summary, weigh};
    use crate::build::Build;
    use crate::known::Known;

    #[test]
    fn only_unknown_failures_are_complaints() {
        let build = Build { name: "gil".to_string(), path: "gil".into() };
        let known = Known::parse("a/known  # later\na/mended  # later\n").unwrap();
        let failure = || Err("  stdout:\n    + 1\n".to_string());
        let verdict = weigh(&build, &known, &[("a/known", failure()), ("a/fine", Ok(()))]);
        assert_eq!(verdict.complaints, "");
        assert_eq!(verdict.summary, "1 passed, 1 known failures, 0 failed");
        let verdict = weigh(&build, &known, &[("a/mended", Ok(()))]);
        assert_eq!((verdict.mended.as_slice(), verdict.complaints.as_str()), (["a/mended"].as_slice(), ""));
        let verdict = weigh(&build, &known, &[("a/new", failure())]);
        assert!(verdict.complaints.ends_with("1 failed on gil:\na/new  # 1\n"), "{}", verdict.complaints);
    }

    #[test]
    fn the_summary_prefers_the_error() {
        assert_eq!(summary("  x\n    + Traceback\n    +   File\n    + NameError: no\n"), "NameError: no");
        assert_eq!(summary("  hung\n"), "hung");
    }
}
