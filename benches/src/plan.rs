//! What a run will do, decided before it begins: which cells (program, build, mode, threads), how long, how often.

use std::time::Duration;

use crate::latency::Questions;
use crate::store::{Build, Family, Mode, Role};

/// The sizes of a suite.
#[derive(Clone, Debug)]
pub struct Plan {
    pub kind: &'static str,
    pub rounds: u32,
    /// Calibrated length of a sample on one thread, by family.
    pub single_seconds: f64,
    pub parallel_seconds: f64,
    pub contention_seconds: f64,
    pub single_warmups: u32,
    pub single_samples: u32,
    pub team_warmups: u32,
    /// Empty programs a round and build, for the start-up time.
    pub startups: u32,
    /// Link orders of each interpreter, over which the rounds take turns.
    pub layouts: u32,
    pub thread_counts: Vec<usize>,
    /// Whether peers run the threaded families too.
    pub peers_in_teams: bool,
    pub latency: Questions,
    pub limit: Duration,
}

/// The thread counts of every report: 1, 2, 4, 8, and on up to the machine's cores.
pub fn thread_counts(cores: usize) -> Vec<usize> {
    let mut counts = vec![1, 2, 4, 8];
    while let Some(&last) = counts.last().filter(|last| **last < cores) {
        counts.push((last * 2).min(cores));
    }
    counts
}

impl Plan {
    /// A few minutes on two cores.
    pub fn quick(cores: usize) -> Self {
        Self {
            kind: "quick",
            rounds: 5,
            single_seconds: 0.02,
            parallel_seconds: 0.5,
            contention_seconds: 0.2,
            single_warmups: 1,
            single_samples: 3,
            team_warmups: 0,
            startups: 3,
            layouts: 1,
            thread_counts: thread_counts(cores),
            peers_in_teams: false,
            latency: Questions::quick(),
            limit: Duration::from_secs(20),
        }
    }

    /// The headline: enough rounds, and samples of at least half a second even where all cores work at once.
    pub fn full(cores: usize) -> Self {
        Self {
            kind: "full",
            rounds: 20,
            single_seconds: 0.04,
            parallel_seconds: 0.55 * cores.min(8) as f64,
            contention_seconds: 0.55 * cores.min(8) as f64,
            single_warmups: 2,
            single_samples: 5,
            team_warmups: 1,
            startups: 5,
            layouts: 4,
            thread_counts: thread_counts(cores),
            peers_in_teams: true,
            latency: Questions::full(),
            limit: Duration::from_secs(180),
        }
    }

    /// What the price of a mechanism is drawn from: one thread alone and attached, and two threads.
    pub fn ablation(self) -> Self {
        let kind = if self.kind == "full" { "ablation-full" } else { "ablation" };
        Self { kind, thread_counts: vec![1, 2], latency: Questions::default(), ..self }
    }

    /// The cells of one program, all measured in every round.
    pub fn cells(&self, family: Family, builds: &[Build]) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (build, Build { role, .. }) in builds.iter().enumerate() {
            if family == Family::Single {
                let modes: &[Mode] = match role {
                    Role::Gil => &[Mode::Lone, Mode::Again, Mode::Attached],
                    Role::Variant => &[Mode::Lone, Mode::Attached],
                    Role::Nogil => &[Mode::Lone, Mode::Attached, Mode::Busy],
                    Role::Peer => &[Mode::Lone],
                };
                cells.extend(modes.iter().map(|&mode| Cell { build, mode, threads: 1 }));
            } else if *role != Role::Peer || self.peers_in_teams {
                cells.extend(self.thread_counts.iter().map(|&threads| Cell { build, mode: Mode::Team, threads }));
            }
        }
        cells
    }

    /// Everything that a round does with one program.
    pub fn steps(&self, family: Family, builds: &[Build]) -> Vec<Step> {
        let natives: &[usize] = if family == Family::Single { &[] } else { &self.thread_counts };
        let processes = self.cells(family, builds).into_iter().map(Step::Process);
        processes.chain(natives.iter().map(|&threads| Step::Native(threads))).collect()
    }

    /// The arguments that the driver is given for a cell.
    pub fn arguments(&self, cell: Cell, n: u64) -> Vec<String> {
        let (kind, how, warmups, samples) = match cell.mode {
            Mode::Team => ("team", cell.threads.to_string(), self.team_warmups, 1),
            Mode::Again => ("single", Mode::Lone.name().to_owned(), self.single_warmups, self.single_samples),
            mode => ("single", mode.name().to_owned(), self.single_warmups, self.single_samples),
        };
        vec![kind.to_owned(), how, n.to_string(), warmups.to_string(), samples.to_string()]
    }

    pub fn seconds(&self, family: Family) -> f64 {
        match family {
            Family::Single => self.single_seconds,
            Family::Parallel => self.parallel_seconds,
            Family::Contention => self.contention_seconds,
        }
    }
}

/// One measurement of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Process(Cell),
    /// The native loop on so many threads, for the ceiling.
    Native(usize),
}

/// One fresh process of each round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Index of the build.
    pub build: usize,
    pub mode: Mode,
    pub threads: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thread_counts_reach_the_cores() {
        assert_eq!(thread_counts(1), [1, 2, 4, 8]);
        assert_eq!(thread_counts(8), [1, 2, 4, 8]);
        assert_eq!(thread_counts(12), [1, 2, 4, 8, 12]);
        assert_eq!(thread_counts(64), [1, 2, 4, 8, 16, 32, 64]);
    }

    #[test]
    fn a_peer_never_has_a_neighbour_and_the_reference_runs_twice() {
        let build = |role| Build { label: String::new(), role, version: None, features: None };
        let builds = [build(Role::Gil), build(Role::Nogil), build(Role::Peer)];
        let cells = Plan::quick(2).cells(Family::Single, &builds);
        let modes = |index| cells.iter().filter(|cell| cell.build == index).map(|cell| cell.mode).collect::<Vec<_>>();
        assert_eq!(modes(0), [Mode::Lone, Mode::Again, Mode::Attached]);
        assert_eq!(modes(1), [Mode::Lone, Mode::Attached, Mode::Busy]);
        assert_eq!(modes(2), [Mode::Lone]);
        assert_eq!(Plan::quick(2).cells(Family::Parallel, &builds).len(), 8);
        assert_eq!(Plan::full(2).cells(Family::Parallel, &builds).len(), 12);
    }
}
