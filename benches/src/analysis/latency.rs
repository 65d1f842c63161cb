//! The latency family: the samples of all processes of a build put together. Every process of a question runs equally long, or
//! takes equally many samples, so none weighs more than another; how far the processes lie apart is kept beside.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::latency::{Answer, Outcome, Question};
use crate::store::{Role, Store};

/// Everything about latency.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Latency {
    pub delays: Vec<Delay>,
    pub shares: Vec<Fairness>,
    pub errors: Vec<LatencyError>,
}

/// What was timed, in the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A collection, from its call to its return.
    Collection,
    /// How long a running thread stood still in a collection.
    Stall,
    /// How late a sleeper woke.
    Wake,
    /// How long no thread ran when one stopped for another.
    Handover,
}

/// One quantity under one condition, on all builds.
#[derive(Clone, Debug, Serialize)]
pub struct Delay {
    pub kind: Kind,
    /// Container objects on the heap, where they matter.
    pub objects: Option<u64>,
    /// The threads that compute; the one that collects or sleeps is not among them.
    pub threads: usize,
    /// There was no core left for the thread that collects or sleeps.
    pub beyond_cores: bool,
    pub builds: Vec<Distribution>,
}

/// The samples of one build.
#[derive(Clone, Debug, Serialize)]
pub struct Distribution {
    pub build: String,
    pub processes: usize,
    pub samples: usize,
    /// None without a sample.
    pub quantiles: Option<Quantiles>,
    /// Bars that hold a sample, from left to right.
    pub histogram: Vec<Bar>,
}

/// Seconds, by nearest rank: each of them is a sample.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quantiles {
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
    /// The lowest and the highest median of a process.
    pub medians: (f64, f64),
}

/// A bar half an octave wide; the first one holds all that is shorter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bar {
    pub low: f64,
    pub high: f64,
    pub samples: usize,
}

/// How the work of some computing threads was divided.
#[derive(Clone, Debug, Serialize)]
pub struct Fairness {
    pub threads: usize,
    pub beyond_cores: bool,
    /// What each would get of a fair division.
    pub ideal: f64,
    pub builds: Vec<Shares>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Shares {
    pub build: String,
    /// The threads' shares, process by process.
    pub processes: Vec<Vec<f64>>,
    /// Of any process.
    pub smallest: f64,
    pub largest: f64,
}

/// Why a question has no answer, or fewer than it should.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LatencyError {
    pub question: &'static str,
    pub build: String,
    pub reason: String,
    pub processes: usize,
}

/// What the samples of a delay have in common: kind, objects, threads.
type Key = (Kind, Option<u64>, usize);

pub(super) fn latency(store: &Store) -> Latency {
    let cores = store.machine.cores;
    let builds: Vec<&str> =
        store.builds.iter().filter(|build| build.role != Role::Variant).map(|build| build.label.as_str()).collect();
    let mut timed: BTreeMap<(Key, usize), Vec<&[f64]>> = BTreeMap::new();
    let mut shares: BTreeMap<(usize, usize), Vec<Vec<f64>>> = BTreeMap::new();
    let mut failed: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for run in &store.latency {
        let Some(place) = builds.iter().position(|build| *build == run.build) else { continue };
        let answer = match &run.outcome {
            Outcome::Answered(answer) => answer,
            Outcome::Failed(reason) => {
                *failed.entry((run.question.name(), &run.build, reason)).or_default() += 1;
                continue;
            }
        };
        for (key, name) in keys(run.question) {
            timed.entry((key, place)).or_default().push(answer.microseconds.get(name).map_or(&[], Vec::as_slice));
        }
        if let Question::Share { threads, .. } = run.question {
            shares.entry((threads, place)).or_default().push(parts(answer));
        }
    }
    let mut latency = Latency::default();
    for (((kind, objects, threads), place), processes) in timed {
        let distribution = Distribution::of(builds[place], &processes);
        let key = (kind, objects, threads);
        match latency.delays.last_mut().filter(|last| (last.kind, last.objects, last.threads) == key) {
            Some(last) => last.builds.push(distribution),
            None => {
                // In a hand-over it is the computing threads that count, in all else one more wants a core.
                let wanted = if kind == Kind::Handover { threads } else { threads + 1 };
                let (beyond_cores, builds) = (wanted > cores, vec![distribution]);
                latency.delays.push(Delay { kind, objects, threads, beyond_cores, builds });
            }
        }
    }
    for ((threads, place), processes) in shares {
        let shares = Shares::of(builds[place], processes);
        match latency.shares.last_mut().filter(|last| last.threads == threads) {
            Some(last) => last.builds.push(shares),
            None => {
                let (beyond_cores, ideal) = (threads > cores, 1.0 / threads as f64);
                latency.shares.push(Fairness { threads, beyond_cores, ideal, builds: vec![shares] });
            }
        }
    }
    let error = |((question, build, reason), processes): ((&str, &str, &str), usize)| LatencyError {
        question: crate::latency::NAMES.into_iter().find(|name| *name == question).unwrap_or("latency"),
        build: build.to_owned(),
        reason: reason.to_owned(),
        processes,
    };
    latency.errors = failed.into_iter().map(error).collect();
    latency
}

/// What an answer times, and by which name.
fn keys(question: Question) -> Vec<(Key, &'static str)> {
    match question {
        Question::Pauses { objects, threads, .. } => vec![
            ((Kind::Collection, Some(objects), threads), "collection"),
            ((Kind::Stall, Some(objects), threads), "stall"),
        ],
        Question::Wake { threads, .. } => vec![((Kind::Wake, None, threads), "late")],
        Question::Handover { .. } => vec![((Kind::Handover, None, 2), "handover")],
        Question::Share { .. } => Vec::new(),
    }
}

fn parts(answer: &Answer) -> Vec<f64> {
    let all: u64 = answer.done.iter().sum();
    answer.done.iter().map(|done| *done as f64 / all.max(1) as f64).collect()
}

impl Distribution {
    /// `processes` has the microseconds of each.
    fn of(build: &str, processes: &[&[f64]]) -> Self {
        let all = sorted(&mut processes.iter().copied().flatten());
        let own = processes.iter().map(|samples| sorted(&mut samples.iter())).filter(|samples| !samples.is_empty());
        let medians = own.map(|samples| nearest_rank(&samples, 0.5));
        let ends = medians.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), one| (low.min(one), high.max(one)));
        let quantiles = all.last().map(|&max| Quantiles {
            p50: nearest_rank(&all, 0.5),
            p99: nearest_rank(&all, 0.99),
            max,
            medians: ends,
        });
        let build = build.to_owned();
        Self { build, processes: processes.len(), samples: all.len(), quantiles, histogram: histogram(&all) }
    }
}

/// Seconds of microseconds, in order.
fn sorted(samples: &mut dyn Iterator<Item = &f64>) -> Vec<f64> {
    let mut seconds: Vec<f64> = samples.map(|sample| sample * 1e-6).collect();
    seconds.sort_by(f64::total_cmp);
    seconds
}

/// The smallest of the sorted samples that at least `q` of them do not exceed; there must be one.
fn nearest_rank(sorted: &[f64], q: f64) -> f64 {
    let rank = (q * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

/// Bars of half an octave from a microsecond on.
fn histogram(sorted: &[f64]) -> Vec<Bar> {
    let mut bars: BTreeMap<i32, usize> = BTreeMap::new();
    for sample in sorted {
        let place = ((sample * 1e6).log2() * 2.0).floor().max(0.0);
        *bars.entry(place as i32).or_default() += 1;
    }
    let edge = |place: i32| 1e-6 * 2f64.powf(f64::from(place) / 2.0);
    bars.into_iter().map(|(place, samples)| Bar { low: edge(place), high: edge(place + 1), samples }).collect()
}

impl Shares {
    fn of(build: &str, processes: Vec<Vec<f64>>) -> Self {
        let all = || processes.iter().flatten().copied();
        let (smallest, largest) = (all().fold(1.0, f64::min), all().fold(0.0, f64::max));
        Self { build: build.to_owned(), smallest, largest, processes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_samples_and_bars_hold_all_of_them() {
        let samples: Vec<f64> = (1..=200).map(f64::from).collect();
        let (early, late) = samples.split_at(100);
        let both = Distribution::of("gil", &[late, early]);
        let quantiles = both.quantiles.unwrap();
        let close = |a: f64, b: f64| assert!((a - b * 1e-6).abs() < 1e-12, "{a} is not {b} microseconds");
        close(quantiles.p50, 100.0);
        close(quantiles.p99, 198.0);
        close(quantiles.max, 200.0);
        close(quantiles.medians.0, 50.0);
        close(quantiles.medians.1, 150.0);
        assert_eq!((both.processes, both.samples), (2, 200));
        assert_eq!(both.histogram.iter().map(|bar| bar.samples).sum::<usize>(), 200);
        for bar in &both.histogram {
            let inside = samples.iter().filter(|sample| (bar.low..bar.high).contains(&(**sample * 1e-6)));
            assert_eq!(inside.count(), bar.samples, "{bar:?}");
        }
    }

    #[test]
    fn few_samples_and_none() {
        let three = Distribution::of("gil", &[&[0.0, 0.2, 7.0]]);
        assert_eq!(three.quantiles.map(|quantiles| quantiles.p99), Some(7.0 * 1e-6));
        assert_eq!(three.histogram[0].samples, 2, "what is below a microsecond is in the first bar");
        let none = Distribution::of("nogil", &[&[], &[]]);
        assert!(none.quantiles.is_none() && none.histogram.is_empty() && none.processes == 2);
    }

    #[test]
    fn the_worst_share_of_any_process_counts() {
        let shares = Shares::of("gil", vec![vec![0.5, 0.5], vec![0.4, 0.6]]);
        assert_eq!((shares.smallest, shares.largest), (0.4, 0.6));
        let answer = Answer { done: vec![1, 3], ..Answer::default() };
        assert_eq!(parts(&answer), [0.25, 0.75]);
    }
}
