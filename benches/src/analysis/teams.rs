//! The threaded families: scaling, gain, break-even, ceiling, cores used.

use serde::Serialize;

use super::Sides;
use super::ratios::{Estimate, Figure, Table};
use super::series::{Samples, Series};
use crate::statistics::median;
use crate::store::{Family, Mode, Role, Store};

/// The parallel family at one thread count.
#[derive(Clone, Debug, Serialize)]
pub struct Team {
    pub threads: usize,
    /// More threads than the machine has cores.
    pub beyond_cores: bool,
    /// Throughput with the lock, one thread = 1. It is that build's scaling and its gain at once.
    pub gil_gain: Option<Figure>,
    pub nogil_gain: Option<Figure>,
    pub nogil_scaling: Option<Figure>,
    /// Scaling of a native loop that was measured beside each program.
    pub ceiling: Option<Figure>,
    /// Scaling / ceiling over the programs that share nothing, paired by round.
    pub of_ceiling: Option<Figure>,
    /// Throughput with the lock over the programs that share nothing, one thread = 1.
    pub gil_share_nothing: Option<Figure>,
    pub gil_cores: Option<f64>,
    pub nogil_cores: Option<f64>,
}

impl Team {
    /// Scaling divided by the thread count.
    pub fn efficiency(&self) -> Option<f64> {
        Some(self.nogil_scaling?.value / self.threads as f64)
    }
}

/// One program over the thread counts.
#[derive(Clone, Debug, Serialize)]
pub struct Curve {
    pub program: String,
    pub points: Vec<CurvePoint>,
    /// Smallest thread count whose gain is above 1 with its whole interval.
    pub break_even: Option<usize>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CurvePoint {
    pub threads: usize,
    pub beyond_cores: bool,
    pub gil_scaling: Option<Estimate>,
    pub nogil_scaling: Option<Estimate>,
    pub nogil_gain: Option<Estimate>,
    /// nogil's scaling / ceiling, paired by round.
    pub of_ceiling: Option<Estimate>,
    pub gil_cores: Option<f64>,
    pub nogil_cores: Option<f64>,
    /// Throughput of each peer relative to the build with the lock on one thread.
    pub peers: Vec<(String, Option<Estimate>)>,
}

/// Throughput of `build` on `threads`, relative to `reference` on one thread, by round.
fn throughput(samples: &Samples, program: &str, build: &str, threads: usize, reference: &str) -> Vec<Option<f64>> {
    let one = samples.get(program, reference, Mode::Team, 1);
    // The work is the same whatever the number of threads, so the throughput is the inverse of the time.
    samples.ratios(one, samples.get(program, build, Mode::Team, threads), |point| point.wall)
}

fn cores(series: Option<&Series>) -> Option<f64> {
    median(&series?.values().map(|point| point.cores).collect::<Vec<_>>())
}

pub(super) fn teams(store: &Store, samples: &Samples, sides: &Sides<'_>) -> Vec<Team> {
    if store.programs(Family::Parallel).next().is_none() {
        return Vec::new();
    }
    let team = |&threads: &usize| {
        let suite = |build: &str, reference: &str| {
            let columns = store
                .programs(Family::Parallel)
                .map(|program| (program.name.clone(), throughput(samples, &program.name, build, threads, reference)));
            Table::of(columns.collect()).suite
        };
        let share_nothing = |of: &dyn Fn(&str) -> Vec<Option<f64>>| {
            let programs = store.programs(Family::Parallel).filter(|program| program.share_nothing);
            Table::of(programs.map(|program| (program.name.clone(), of(&program.name))).collect()).suite
        };
        let scaling = |build: &str, program: &str| throughput(samples, program, build, threads, build);
        let used = |build: &str| {
            let series =
                store.programs(Family::Parallel).map(|program| samples.get(&program.name, build, Mode::Team, threads));
            median(&series.filter_map(cores).collect::<Vec<_>>())
        };
        Team {
            threads,
            beyond_cores: threads > store.machine.cores,
            gil_gain: suite(sides.gil, sides.gil),
            nogil_gain: suite(sides.nogil, sides.gil),
            nogil_scaling: suite(sides.nogil, sides.nogil),
            of_ceiling: share_nothing(&|program| {
                divide(&scaling(sides.nogil, program), &ceilings(store, program, threads))
            }),
            gil_share_nothing: share_nothing(&|program| scaling(sides.gil, program)),
            ceiling: ceiling(store, threads),
            gil_cores: used(sides.gil),
            nogil_cores: used(sides.nogil),
        }
    };
    store.suite.thread_counts.iter().map(team).collect()
}

/// Throughput of `build` over the parallel family by thread count, relative to `reference` on one thread.
pub(super) fn gains(store: &Store, samples: &Samples, build: &str, reference: &str) -> Vec<Option<Figure>> {
    let gain = |&threads: &usize| {
        let columns = store
            .programs(Family::Parallel)
            .map(|program| (program.name.clone(), throughput(samples, &program.name, build, threads, reference)));
        Table::of(columns.collect()).suite
    };
    store.suite.thread_counts.iter().map(gain).collect()
}

fn divide(over: &[Option<f64>], under: &[Option<f64>]) -> Vec<Option<f64>> {
    over.iter().zip(under).map(|(over, under)| Some((*over)? / (*under)?)).collect()
}

/// The native loop's scaling beside `program`, by round.
fn ceilings(store: &Store, program: &str, threads: usize) -> Vec<Option<f64>> {
    let wall = |round, threads| {
        let mut samples = store.native.iter().filter(|sample| sample.program == program);
        Some(samples.find(|sample| sample.round == round && sample.threads == threads)?.wall)
    };
    (0..store.suite.rounds).map(|round| Some(wall(round, 1)? / wall(round, threads)?)).collect()
}

/// The native loop's scaling beside all programs.
fn ceiling(store: &Store, threads: usize) -> Option<Figure> {
    let programs = store.programs(Family::Parallel);
    Table::of(programs.map(|program| (program.name.clone(), ceilings(store, &program.name, threads))).collect()).suite
}

pub(super) fn curves(store: &Store, samples: &Samples, sides: &Sides<'_>, family: Family) -> Vec<Curve> {
    let peers: Vec<&str> =
        store.builds.iter().filter(|build| build.role == Role::Peer).map(|build| build.label.as_str()).collect();
    let curve = |program: &str| {
        let point = |&threads: &usize| {
            let estimate = |build, reference| Estimate::of(&throughput(samples, program, build, threads, reference));
            let used = |build| cores(samples.get(program, build, Mode::Team, threads));
            CurvePoint {
                threads,
                beyond_cores: threads > store.machine.cores,
                gil_scaling: estimate(sides.gil, sides.gil),
                nogil_scaling: estimate(sides.nogil, sides.nogil),
                nogil_gain: estimate(sides.nogil, sides.gil),
                of_ceiling: Estimate::of(&divide(
                    &throughput(samples, program, sides.nogil, threads, sides.nogil),
                    &ceilings(store, program, threads),
                )),
                gil_cores: used(sides.gil),
                nogil_cores: used(sides.nogil),
                peers: peers.iter().map(|&peer| (peer.to_owned(), estimate(peer, sides.gil))).collect(),
            }
        };
        let points: Vec<CurvePoint> = store.suite.thread_counts.iter().map(point).collect();
        let gains =
            points.iter().map(|point| (point.threads, point.nogil_gain.map(|gain| (gain.value, gain.interval))));
        Curve { program: program.to_owned(), break_even: break_even(gains), points }
    };
    store.programs(family).map(|program| curve(&program.name)).collect()
}

/// A gain and its interval.
type Gain = Option<(f64, Option<(f64, f64)>)>;

/// The smallest thread count whose gain is above 1 with its whole interval.
pub(super) fn break_even(mut gains: impl Iterator<Item = (usize, Gain)>) -> Option<usize> {
    let above = |gain: Gain| gain.is_some_and(|(value, interval)| interval.map_or(value, |interval| interval.0) > 1.0);
    gains.find(|(_, gain)| above(*gain)).map(|(threads, _)| threads)
}
