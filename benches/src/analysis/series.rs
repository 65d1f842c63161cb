//! The runs of a store as series by cell, vetted: what has the wrong checksum yields no number, only an error.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::statistics::median;
use crate::store::{Mode, Outcome, Role, Run, Store};

/// Which process of a round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    program: String,
    build: String,
    mode: Mode,
    threads: usize,
}

/// What one process gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    /// Median wall seconds of its samples.
    pub wall: f64,
    /// CPU seconds per wall second.
    pub cores: f64,
    pub peak_rss_kib: f64,
}

/// One cell's points by round.
pub(super) type Series = BTreeMap<u32, Point>;

/// Why a cell has no number, or fewer than it should.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellError {
    pub program: String,
    pub build: String,
    pub mode: Mode,
    pub threads: usize,
    pub reason: String,
    pub rounds: usize,
}

/// All series of a store.
#[derive(Debug, Default)]
pub(super) struct Samples {
    series: BTreeMap<Key, Series>,
    pub errors: Vec<CellError>,
    pub rounds: u32,
}

impl Samples {
    pub(super) fn of(store: &Store) -> Self {
        let references = references(store);
        let mut series: BTreeMap<Key, Series> = BTreeMap::new();
        let mut wrong: BTreeSet<Key> = BTreeSet::new();
        let mut reasons: BTreeMap<(Key, String), usize> = BTreeMap::new();
        for run in &store.runs {
            let key =
                Key { program: run.program.clone(), build: run.build.clone(), mode: run.mode, threads: run.threads };
            let reason = match &run.outcome {
                Outcome::Failed(reason) => reason.clone(),
                Outcome::Measured(measured) => {
                    let reference = references.get(run.program.as_str()).copied().unwrap_or_default();
                    if measured.checksum == reference {
                        let wall = median(&measured.wall).unwrap_or(f64::NAN);
                        let cores = measured.cpu.iter().sum::<f64>() / measured.wall.iter().sum::<f64>();
                        let point = Point { wall, cores, peak_rss_kib: measured.peak_rss_kib as f64 };
                        series.entry(key).or_default().insert(run.round, point);
                        continue;
                    }
                    wrong.insert(key.clone());
                    format!("checksum {} where {reference} is expected: no number", measured.checksum)
                }
            };
            *reasons.entry((key, reason)).or_default() += 1;
        }
        series.retain(|key, _| !wrong.contains(key));
        let errors = reasons.into_iter().map(|((key, reason), rounds)| {
            let Key { program, build, mode, threads } = key;
            CellError { program, build, mode, threads, reason, rounds }
        });
        Self { series, errors: errors.collect(), rounds: store.suite.rounds }
    }

    pub(super) fn get(&self, program: &str, build: &str, mode: Mode, threads: usize) -> Option<&Series> {
        self.series.get(&Key { program: program.to_owned(), build: build.to_owned(), mode, threads })
    }

    /// `over / under` by round; `None` where one of them is missing.
    pub(super) fn ratios(
        &self,
        over: Option<&Series>,
        under: Option<&Series>,
        of: fn(&Point) -> f64,
    ) -> Vec<Option<f64>> {
        let value = |series: Option<&Series>, round| series.and_then(|series| series.get(&round)).map(of);
        (0..self.rounds)
            .map(|round| Some(value(over, round)? / value(under, round)?))
            .map(|ratio| ratio.filter(|ratio| ratio.is_finite() && *ratio > 0.0))
            .collect()
    }

    /// Every series with the names of its cell, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str, Mode, usize, &Series)> {
        self.series
            .iter()
            .map(|(key, series)| (key.program.as_str(), key.build.as_str(), key.mode, key.threads, series))
    }
}

/// The checksum that each program must give, with any number of threads: that of the build with the lock, or of the first
/// build that gave one.
fn references(store: &Store) -> BTreeMap<&str, &str> {
    let gil = store.build(Role::Gil).map(|build| build.label.as_str());
    let mut references = BTreeMap::new();
    let (first, rest): (Vec<&Run>, Vec<&Run>) = store.runs.iter().partition(|run| Some(run.build.as_str()) == gil);
    for run in first.into_iter().chain(rest) {
        if let Outcome::Measured(measured) = &run.outcome {
            references.entry(run.program.as_str()).or_insert(measured.checksum.as_str());
        }
    }
    references
}
