//! Both interpreters inside one process, as the criterion groups see them: one trait, so that a group is written once and
//! runs on `gil` and `nogil` side by side.

mod adapter;

use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId};

/// What a group asks of an interpreter. Both leaf crates export an `Interpreter` with exactly these functions.
pub(crate) trait InProcess {
    /// Executes `source` as the main module; `name` stands in tracebacks.
    fn exec(&mut self, source: &str, name: &str) -> Result<(), String>;
    /// Calls a global function with integers; its answer is a number.
    fn call_f64(&mut self, function: &str, arguments: &[i64]) -> Result<f64, String>;
}

/// One of the two builds.
pub(crate) struct Build {
    pub(crate) name: &'static str,
    pub(crate) make: fn() -> Box<dyn InProcess>,
}

/// Puts one benchmark of all builds into `group`: `function(n, rest…)` after `source` was executed.
///
/// `timed_inside` says that the function returns the seconds that count (a team of threads leaves out its start);
/// otherwise the call itself is timed. A program that an interpreter refuses is reported and left out.
pub(crate) fn side_by_side(
    group: &mut BenchmarkGroup<'_, WallTime>,
    (source, name): (&str, &str),
    (function, rest): (&str, &[i64]),
    n: impl Fn(&mut dyn InProcess) -> Result<i64, String>,
    timed_inside: bool,
) {
    let mut count = None;
    // The reference comes first.
    for build in adapter::builds() {
        let mut interpreter = (build.make)();
        // The first build decides how much there is to do, so that all do the same.
        let ready = interpreter.exec(source, name).and_then(|()| match count {
            Some(count) => Ok(count),
            None => n(interpreter.as_mut()),
        });
        let count = match ready {
            Ok(ready) => *count.insert(ready),
            Err(reason) => {
                eprintln!("{name} on {}: {reason}", build.name);
                continue;
            }
        };
        let arguments: Vec<i64> = std::iter::once(count).chain(rest.iter().copied()).collect();
        let id = match rest.first() {
            Some(threads) => BenchmarkId::new(build.name, format!("{threads} threads")),
            None => BenchmarkId::from_parameter(build.name),
        };
        group.bench_function(id, |bencher| {
            bencher.iter_custom(|iterations| {
                (0..iterations).map(|_| sample(interpreter.as_mut(), function, &arguments, timed_inside)).sum()
            });
        });
    }
}

fn sample(interpreter: &mut dyn InProcess, function: &str, arguments: &[i64], timed_inside: bool) -> Duration {
    let start = Instant::now();
    let answer = interpreter.call_f64(function, arguments).expect("the program ran before with the same arguments");
    if timed_inside { Duration::from_secs_f64(answer) } else { start.elapsed() }
}

/// The loop count for which `function(n, rest…)` lasts at least `seconds`, a power of two.
#[allow(dead_code, reason = "the primitives have a fixed count; each bench target compiles this module for itself")]
pub(crate) fn calibrate(
    interpreter: &mut dyn InProcess,
    function: &str,
    rest: &[i64],
    seconds: f64,
    timed_inside: bool,
) -> Result<i64, String> {
    let mut n = 1;
    loop {
        let arguments: Vec<i64> = std::iter::once(n).chain(rest.iter().copied()).collect();
        let start = Instant::now();
        let answer = interpreter.call_f64(function, &arguments)?;
        let lasted = if timed_inside { answer } else { start.elapsed().as_secs_f64() };
        if lasted >= seconds || n >= 1 << 40 {
            return Ok(n);
        }
        n *= 2;
    }
}
