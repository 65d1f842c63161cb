//! Times against installed Pythons, and memory.

use serde::Serialize;

use super::ratios::{self, Estimate, Figure, Table};
use super::series::Samples;
use super::{Sides, single_table, table_of};
use crate::statistics::median;
use crate::store::{Family, Mode, Role, Store};

/// The programs of the project's goal for speed: the classic small ones, each of which every reader knows.
const GOALS: [&str; 9] = [
    "single/countdown",
    "single/fib",
    "single/nbody",
    "single/spectral_norm",
    "single/list_sort",
    "single/dict_count",
    "single/method_calls",
    "single/string_building",
    "single/allocation",
];

/// Both builds against one installed Python: time / its time, alone on one thread.
#[derive(Clone, Debug, Serialize)]
pub struct Peer {
    pub label: String,
    pub gil: Table,
    pub nogil: Table,
    /// Means over the goal programs alone.
    pub gil_goals: Option<Figure>,
    pub nogil_goals: Option<Figure>,
}

/// One program of a peer's table.
pub struct PeerRow<'a> {
    pub program: &'a str,
    pub gil: Option<Estimate>,
    pub nogil: Option<Estimate>,
}

impl Peer {
    pub fn rows(&self) -> Vec<PeerRow<'_>> {
        let mut programs: Vec<&str> =
            self.gil.rows.iter().chain(&self.nogil.rows).map(|row| row.program.as_str()).collect();
        programs.sort_unstable();
        programs.dedup();
        let row = |program| PeerRow {
            program,
            gil: self.gil.row(program).map(|row| row.estimate),
            nogil: self.nogil.row(program).map(|row| row.estimate),
        };
        programs.into_iter().map(row).collect()
    }
}

/// Peak resident size of the lone process: nogil / gil, and in MiB.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Memory {
    pub ratio: Table,
    pub gil_mib: Vec<(String, f64)>,
    pub nogil_mib: Vec<(String, f64)>,
}

pub(super) fn peers(store: &Store, samples: &Samples, sides: &Sides<'_>) -> Vec<Peer> {
    let peer = |label: &str| {
        let table = |build| single_table(store, samples, (build, Mode::Lone), (label, Mode::Lone), |point| point.wall);
        let (mut gil, mut nogil) = (table(sides.gil), table(sides.nogil));
        ratios::judge(&mut [&mut gil, &mut nogil]);
        let goals = |build| {
            let goals = store.programs(Family::Single).filter(|program| GOALS.contains(&program.name.as_str()));
            table_of(goals, samples, 1, (build, Mode::Lone), (label, Mode::Lone), |point| point.wall).suite
        };
        Peer { label: label.to_owned(), gil, nogil, gil_goals: goals(sides.gil), nogil_goals: goals(sides.nogil) }
    };
    store.builds.iter().filter(|build| build.role == Role::Peer).map(|build| peer(&build.label)).collect()
}

pub(super) fn memory(store: &Store, samples: &Samples, sides: &Sides<'_>) -> Memory {
    let mut ratio =
        single_table(store, samples, (sides.nogil, Mode::Lone), (sides.gil, Mode::Lone), |point| point.peak_rss_kib);
    ratios::judge(&mut [&mut ratio]);
    let mib = |build: &str| {
        let sizes = store.programs(Family::Single).filter_map(|program| {
            let series = samples.get(&program.name, build, Mode::Lone, 1)?;
            let size = median(&series.values().map(|point| point.peak_rss_kib).collect::<Vec<_>>())?;
            Some((program.name.clone(), size / 1024.0))
        });
        sizes.collect()
    };
    Memory { ratio, gil_mib: mib(sides.gil), nogil_mib: mib(sides.nogil) }
}
