//! A group: one program, measured on both builds with the same amount of work, its checksums compared.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use parallax_benches::child;

use crate::adapter::{Build, InProcess, builds};

/// An embedded interpreter has no standard streams; `threading` asks for one.
const PRELUDE: &str = "import sys\nfor name in ('stdin', 'stdout', 'stderr'):\n    if not hasattr(sys, name):\n        \
                       setattr(sys, name, None)\n";

/// How much one iteration does.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// A fixed count, each of which is one operation for criterion's throughput.
    Operations(i64),
    /// What lasts at least so many seconds.
    Lasting(f64),
}

/// One program of one criterion group.
pub(crate) struct Group {
    pub(crate) name: String,
    /// A workload's text with the driver's.
    pub(crate) source: String,
    pub(crate) work: Work,
    /// The sizes of the team; none for a program without threads.
    pub(crate) teams: Vec<i64>,
}

/// One run of `cargo bench`.
pub(crate) struct Session {
    /// `cargo bench -- --test`: each program once, with the smallest amount of work.
    test: bool,
    /// The names of what was measured, as criterion spells them.
    pub(crate) measured: Vec<String>,
}

impl Session {
    pub(crate) fn new(test: bool) -> Self {
        Self { test, measured: Vec::new() }
    }
}

/// What both builds share: the first one that runs decides.
#[derive(Default)]
struct Common {
    count: Option<i64>,
    checksum: Option<f64>,
}

impl Group {
    fn start(&self, build: &Build) -> Result<Box<dyn InProcess>, String> {
        let mut interpreter = (build.make)();
        interpreter.exec(PRELUDE, "prelude").and_then(|()| interpreter.exec(&self.source, &self.name))?;
        Ok(interpreter)
    }

    /// The amount of work of one iteration.
    fn count(&self, on: &mut dyn InProcess, test: bool) -> Result<i64, String> {
        let seconds = match self.work {
            _ if test => return Ok(1),
            Work::Operations(count) => return Ok(count),
            Work::Lasting(seconds) => seconds,
        };
        let team = self.teams.first().copied().unwrap_or(0);
        let mut count = 1;
        while on.call_f64("seconds", &[count, team])? < seconds && count < 1 << 40 {
            count *= 2;
        }
        Ok(count)
    }

    /// Compares the checksum of the latest call with the other build's.
    fn check(&self, on: &mut dyn InProcess, common: &mut Common) -> Result<(), String> {
        let checksum = on.call_f64("latest_checksum", &[])?;
        let expected = *common.checksum.get_or_insert(checksum);
        if checksum == expected { Ok(()) } else { Err(format!("checksum {checksum} where {expected} is expected")) }
    }

    /// Runs the program once on each build with the smallest amount of work.
    pub(crate) fn once(&self) -> Result<(), String> {
        let mut common = Common::default();
        for build in builds() {
            let failed = |reason| format!("{} on {}: {reason}", self.name, build.name);
            let mut interpreter = self.start(&build).map_err(failed)?;
            for team in self.sizes() {
                interpreter.call_f64("seconds", &[1, team]).map_err(failed)?;
                self.check(interpreter.as_mut(), &mut common).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// The second argument of the driver's `seconds`: no threads at all, or each size of the team.
    fn sizes(&self) -> Vec<i64> {
        if self.teams.is_empty() { vec![0] } else { self.teams.clone() }
    }

    pub(crate) fn measure(&self, criterion: &mut Criterion, session: &mut Session) {
        let mut group = criterion.benchmark_group(&self.name);
        if let Work::Operations(operations) = self.work {
            group.throughput(Throughput::Elements(operations as u64));
        }
        let mut common = Common::default();
        for team in self.sizes() {
            for build in builds() {
                let (id, name) = match team {
                    0 => (BenchmarkId::from_parameter(build.name), format!("{}/{}", self.name, build.name)),
                    team => {
                        let threads = format!("{team} thread{}", if team == 1 { "" } else { "s" });
                        let name = format!("{}/{}/{threads}", self.name, build.name);
                        (BenchmarkId::new(build.name, threads), name)
                    }
                };
                let or_end = Ending(&name);
                // Made when criterion first asks, which it does not for what its filter leaves out.
                let mut running: Option<(Box<dyn InProcess>, i64)> = None;
                group.bench_function(id, |bencher| {
                    let (interpreter, count) = running.get_or_insert_with(|| {
                        let mut interpreter = or_end.on(self.start(&build));
                        let count = match common.count {
                            Some(count) => count,
                            None => or_end.on(self.count(interpreter.as_mut(), session.test)),
                        };
                        common.count = Some(count);
                        (interpreter, count)
                    });
                    let mut sample = || or_end.on(interpreter.call_f64("seconds", &[*count, team]));
                    // The program takes the time, so that neither the way into the interpreter nor the start of threads counts.
                    bencher.iter_custom(|iterations| {
                        Duration::from_secs_f64((0..iterations).map(|_| sample()).sum::<f64>().max(1e-9))
                    });
                });
                if let Some((mut interpreter, _)) = running {
                    or_end.on(self.check(interpreter.as_mut(), &mut common));
                    session.measured.push(name.clone());
                }
            }
        }
        group.finish();
    }
}

/// Ends the run at the first failure of a program: criterion cannot leave out a benchmark that it has begun.
struct Ending<'a>(&'a str);

impl Ending<'_> {
    fn on<T>(&self, result: Result<T, String>) -> T {
        result.unwrap_or_else(|reason| {
            child::note(&format!("cargo bench: {}: {reason}", self.0));
            std::process::exit(1)
        })
    }
}
