//! From a store to everything that the report says. Pure: the same store gives the same analysis.

mod ablation;
mod everyday;
mod latency;
mod peers;
mod ratios;
mod series;
mod startup;
mod teams;
mod warnings;

use serde::Serialize;

pub use ablation::Ablation;
pub use everyday::EverydayRow;
pub use latency::{Bar, Delay, Distribution, Fairness, Kind, Latency, LatencyError, Quantiles, Shares};
pub use peers::{Memory, Peer, PeerRow};
pub use ratios::{Estimate, Figure, Row, Table, Verdict};
pub use series::CellError;
pub use startup::Startup;
pub use teams::{Curve, CurvePoint, Team};

use crate::machine::{Code, Machine, Toolchain};
use crate::statistics::{median, spread};
use crate::store::{Build, Family, Mode, Program, Role, Store, Suite};
use series::{Point, Samples};

/// Everything that a report shows.
#[derive(Clone, Debug, Serialize)]
pub struct Analysis {
    pub suite: Suite,
    pub machine: Machine,
    pub toolchain: Toolchain,
    pub code: Code,
    pub builds: Vec<Build>,
    pub programs: Vec<Program>,
    pub slowdown: Slowdown,
    /// The slowdown with PEP 703's counts, where they were measured: lone, attached.
    pub classic: Option<Classic>,
    /// The price of each mechanism, where variants were measured.
    pub ablation: Vec<Ablation>,
    /// The build with the lock against itself: what this machine takes for a difference where there is none.
    pub again: Table,
    /// The parallel family by thread count.
    pub teams: Vec<Team>,
    /// Smallest thread count at which the parallel family gains.
    pub break_even: Option<usize>,
    pub parallel: Vec<Curve>,
    pub contention: Vec<Curve>,
    pub peers: Vec<Peer>,
    pub memory: Memory,
    pub startup: Vec<Startup>,
    /// What threads suffer from their neighbours.
    pub latency: Latency,
    /// What `cargo bench` found.
    pub everyday: Vec<EverydayRow>,
    /// Benchmarks of it that were measured at another commit, and so are not among these.
    pub everyday_left_out: usize,
    pub cells: Vec<CellMedian>,
    pub errors: Vec<CellError>,
    pub warnings: Vec<String>,
}

/// nogil / gil on one working thread, three times.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Slowdown {
    pub lone: Table,
    pub attached: Table,
    pub busy: Table,
}

/// The alternative that the headline shows: PEP 703's counts / gil.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Classic {
    pub lone: Table,
    pub attached: Table,
    /// Throughput by thread count, gil on one thread = 1.
    pub gain: Vec<Option<Figure>>,
}

/// The raw data, condensed: one line a cell.
#[derive(Clone, Debug, Serialize)]
pub struct CellMedian {
    pub program: String,
    pub build: String,
    pub mode: Mode,
    pub threads: usize,
    pub wall: f64,
    /// Distance of the quartiles relative to the median.
    pub spread: f64,
    pub cores: f64,
    pub peak_rss_kib: f64,
    pub rounds: usize,
}

/// The names that every part of the analysis asks for.
struct Sides<'a> {
    gil: &'a str,
    nogil: &'a str,
}

impl Analysis {
    pub fn of(store: &Store) -> Self {
        let samples = Samples::of(store);
        let label = |role| store.build(role).map_or("", |build| build.label.as_str());
        let sides = Sides { gil: label(Role::Gil), nogil: label(Role::Nogil) };
        let slowdown = slowdown(store, &samples, &sides);
        let everyday = everyday::rows(store, &slowdown);
        let mut again =
            single_table(store, &samples, (sides.gil, Mode::Again), (sides.gil, Mode::Lone), |point| point.wall);
        ratios::judge(&mut [&mut again]);
        let teams = teams::teams(store, &samples, &sides);
        let gains = teams.iter().map(|team| (team.threads, team.nogil_gain.map(|gain| (gain.value, gain.this_suite))));
        let break_even = teams::break_even(gains);
        let cells = cells(&samples);
        let mut analysis = Self {
            suite: store.suite.clone(),
            machine: store.machine.clone(),
            toolchain: store.toolchain.clone(),
            code: store.code.clone(),
            builds: store.builds.clone(),
            programs: store.programs.clone(),
            classic: classic(store, &samples, &sides),
            ablation: ablation::ablation(store, &samples, &sides),
            slowdown,
            again,
            teams,
            break_even,
            parallel: teams::curves(store, &samples, &sides, Family::Parallel),
            contention: teams::curves(store, &samples, &sides, Family::Contention),
            peers: peers::peers(store, &samples, &sides),
            memory: peers::memory(store, &samples, &sides),
            startup: startup::startups(store),
            latency: latency::latency(store),
            everyday,
            everyday_left_out: store.everyday.of_other_commits,
            cells,
            errors: samples.errors,
            warnings: Vec::new(),
        };
        analysis.warnings = warnings::warnings(&analysis);
        analysis
    }
}

fn slowdown(store: &Store, samples: &Samples, sides: &Sides<'_>) -> Slowdown {
    let table = |nogil, gil| single_table(store, samples, (sides.nogil, nogil), (sides.gil, gil), |point| point.wall);
    let mut slowdown = Slowdown {
        lone: table(Mode::Lone, Mode::Lone),
        attached: table(Mode::Attached, Mode::Attached),
        // With the lock a second computing thread would take half of the time: the reference is alone.
        busy: table(Mode::Busy, Mode::Lone),
    };
    ratios::judge(&mut [&mut slowdown.lone, &mut slowdown.attached, &mut slowdown.busy]);
    slowdown
}

fn classic(store: &Store, samples: &Samples, sides: &Sides<'_>) -> Option<Classic> {
    let label = crate::variants::classic(store)?;
    let table = |mode| single_table(store, samples, (label, mode), (sides.gil, mode), |point| point.wall);
    let (mut lone, mut attached) = (table(Mode::Lone), table(Mode::Attached));
    ratios::judge(&mut [&mut lone, &mut attached]);
    Some(Classic { lone, attached, gain: teams::gains(store, samples, label, sides.gil) })
}

/// Ratios of two cells over the given programs.
fn table_of<'a>(
    programs: impl Iterator<Item = &'a Program>,
    samples: &Samples,
    threads: usize,
    over: (&str, Mode),
    under: (&str, Mode),
    of: fn(&Point) -> f64,
) -> Table {
    let columns = programs.map(|program| {
        let series = |(build, mode)| samples.get(&program.name, build, mode, threads);
        (program.name.clone(), samples.ratios(series(over), series(under), of))
    });
    Table::of(columns.collect())
}

/// Ratios of two cells over all single-thread programs.
fn single_table(
    store: &Store,
    samples: &Samples,
    over: (&str, Mode),
    under: (&str, Mode),
    of: fn(&Point) -> f64,
) -> Table {
    table_of(store.programs(Family::Single), samples, 1, over, under, of)
}

fn cells(samples: &Samples) -> Vec<CellMedian> {
    let cell = |(program, build, mode, threads, series): (&str, &str, Mode, usize, &series::Series)| {
        let values = |of: fn(&Point) -> f64| series.values().map(of).collect::<Vec<_>>();
        Some(CellMedian {
            program: program.to_owned(),
            build: build.to_owned(),
            mode,
            threads,
            wall: median(&values(|point| point.wall))?,
            spread: spread(&values(|point| point.wall))?,
            cores: median(&values(|point| point.cores))?,
            peak_rss_kib: median(&values(|point| point.peak_rss_kib))?,
            rounds: series.len(),
        })
    };
    samples.all().filter_map(cell).collect()
}
