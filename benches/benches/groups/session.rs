//! A group: one program on both builds, in criterion's hands. An iteration is one unit of the program's work, so runs of
//! different days compare.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, SamplingMode};
use parallax_benches::child;

use crate::adapter::{Build, InProcess, builds};

/// The units whose checksum is compared between the builds.
const CHECKED: i64 = 7;

/// A team works at least so many seconds at a time: waking it is then little beside its work.
const TEAM_SECONDS: f64 = 0.02;

/// One program of one criterion group.
pub(crate) struct Group {
    pub(crate) name: String,
    /// A workload's text with the driver's.
    pub(crate) source: String,
    /// The sizes of the team; 0 for a program that starts no threads.
    pub(crate) teams: Vec<i64>,
}

impl Group {
    fn start(&self, build: &Build) -> Result<Box<dyn InProcess>, String> {
        let mut interpreter = (build.make)();
        interpreter.exec(&self.source, &self.name)?;
        Ok(interpreter)
    }

    /// Runs a few units once on each build: the checksums must be equal, with any number of threads.
    pub(crate) fn once(&self) -> Result<(), String> {
        let mut expected = None;
        for build in builds() {
            let failed = |reason| format!("{} on {}: {reason}", self.name, build.name);
            let mut interpreter = self.start(&build).map_err(failed)?;
            for &team in &self.teams {
                check(interpreter.as_mut(), team, &mut expected).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Measures the group as far as criterion's filter wants it; the names of what was measured go to `measured`.
    pub(crate) fn measure(&self, criterion: &mut Criterion, measured: &mut Vec<String>) {
        let mut group = criterion.benchmark_group(&self.name);
        let threaded = self.teams != [0];
        if threaded {
            group.sampling_mode(SamplingMode::Flat);
        }
        let mut expected = None;
        // The fewest units that are measured at once, the same for both builds.
        let mut fewest = (!threaded).then_some(1);
        for &team in &self.teams {
            for build in builds() {
                let case = (team > 0).then(|| format!("{team} thread{}", if team == 1 { "" } else { "s" }));
                let name =
                    [self.name.as_str(), build.name].into_iter().chain(case.as_deref()).collect::<Vec<_>>().join("/");
                let id = case
                    .map_or_else(|| BenchmarkId::from_parameter(build.name), |case| BenchmarkId::new(build.name, case));
                // Made when criterion first asks, which it does not for what its filter leaves out.
                let mut running: Option<Box<dyn InProcess>> = None;
                group.bench_function(id, |bencher| {
                    let interpreter = running.get_or_insert_with(|| or_end(&name, self.start(&build)));
                    let fewest = *fewest.get_or_insert_with(|| or_end(&name, enough(interpreter.as_mut())));
                    // The program takes the time, so that neither the way into the interpreter nor the start of threads counts.
                    bencher.iter_custom(|units| {
                        let done = fewest.max(units as i64);
                        let seconds = or_end(&name, interpreter.call_f64("seconds", &[done, team]));
                        Duration::from_secs_f64((seconds * units as f64 / done as f64).max(1e-9))
                    });
                });
                if let Some(mut interpreter) = running {
                    or_end(&name, check(interpreter.as_mut(), team, &mut expected));
                    measured.push(name);
                }
            }
        }
        group.finish();
    }
}

/// The units that keep one thread busy for as long as a team should work at a time, a power of two.
fn enough(on: &mut dyn InProcess) -> Result<i64, String> {
    let mut units = 1;
    while on.call_f64("seconds", &[units, 1])? < TEAM_SECONDS && units < 1 << 40 {
        units *= 2;
    }
    Ok(units)
}

/// Compares the checksum of a few units with the one expected, which is the first one.
fn check(on: &mut dyn InProcess, team: i64, expected: &mut Option<f64>) -> Result<(), String> {
    on.call_f64("seconds", &[CHECKED, team])?;
    let checksum = on.call_f64("latest_checksum", &[])?;
    let expected = *expected.get_or_insert(checksum);
    if checksum == expected { Ok(()) } else { Err(format!("checksum {checksum} where {expected} is expected")) }
}

/// Ends the run at the first failure of a program: criterion cannot leave out a benchmark that it has begun.
fn or_end<T>(name: &str, result: Result<T, String>) -> T {
    result.unwrap_or_else(|reason| {
        child::note(&format!("cargo bench: {name}: {reason}"));
        std::process::exit(1)
    })
}
