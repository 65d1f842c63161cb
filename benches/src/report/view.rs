//! The analysis in words: every string that a page shows, made once for HTML and Markdown alike.

use super::ablation;
use super::latency;
use super::method::METHOD;
use super::plots::{self, short};
use super::text::{self, NONE};
use crate::analysis::{
    Analysis, CellError, CellMedian, Curve, CurvePoint, Estimate, EverydayRow, Figure, Peer, PeerRow, Row, Startup,
    Table, Team,
};
use crate::store::{Family, Mode, Program};

/// An A/A interval narrower than this is no sign of a busy machine, wherever it lies.
const QUIET: f64 = 0.02;

/// A number with its interval and what may be said about it.
pub(crate) struct Cell {
    pub(crate) value: String,
    pub(crate) interval: String,
    pub(crate) verdict: String,
}

/// A line of the headline: one kind of slowdown.
pub(crate) struct OneThread {
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) value: String,
    pub(crate) this_suite: String,
    pub(crate) programs_like_these: String,
}

/// A line of the headline: one quantity over the thread counts.
pub(crate) struct Threads {
    pub(crate) name: String,
    pub(crate) class: &'static str,
    pub(crate) cells: Vec<Cell>,
}

pub(crate) struct SlowdownRow {
    pub(crate) program: String,
    pub(crate) cells: Vec<Cell>,
}

/// One program of a threaded family.
pub(crate) struct CurveRow {
    pub(crate) program: String,
    /// The threads touch no common object.
    pub(crate) share_nothing: bool,
    pub(crate) gil: Vec<Heat>,
    pub(crate) nogil: Vec<Heat>,
    pub(crate) break_even: String,
    /// At two threads: scaling relative to the ceiling, and cores used by both builds.
    pub(crate) of_ceiling: String,
    pub(crate) of_ceiling_interval: String,
    pub(crate) cores: String,
}

/// A coloured cell with a mark that says the same without colour.
pub(crate) struct Heat {
    pub(crate) value: String,
    pub(crate) interval: String,
    pub(crate) class: &'static str,
    pub(crate) mark: &'static str,
}

pub(crate) struct PeerView {
    pub(crate) label: String,
    pub(crate) plot: String,
    pub(crate) rows: Vec<[String; 5]>,
    /// Geometric means: over all programs, and over those of the goal.
    pub(crate) means: Vec<[String; 5]>,
    pub(crate) worst: String,
    /// Throughput of the peer by thread count, program by program; empty where it ran on one thread only.
    pub(crate) threads: Vec<(String, Vec<Heat>)>,
}

/// What `cargo bench` found: name, gil and its interval, nogil and its interval, ratio and its interval, what follows.
pub(crate) struct Everyday {
    pub(crate) primitives: Vec<[String; 8]>,
    pub(crate) workloads: Vec<[String; 8]>,
    /// Why there is nothing, or less than there could be.
    pub(crate) missing: Option<String>,
}

/// Everything that the templates print.
pub(crate) struct View {
    pub(crate) sentence: String,
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) sure: Vec<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) errors: Vec<[String; 4]>,
    pub(crate) one_thread: Vec<OneThread>,
    pub(crate) thread_heads: Vec<String>,
    pub(crate) threads: Vec<Threads>,
    pub(crate) break_even: String,
    pub(crate) slowdown: Vec<SlowdownRow>,
    pub(crate) again: Vec<(String, Cell)>,
    pub(crate) again_suite: String,
    pub(crate) parallel: Vec<CurveRow>,
    pub(crate) contention: Vec<CurveRow>,
    pub(crate) ablation: ablation::View,
    pub(crate) latency: latency::View,
    pub(crate) peers: Vec<PeerView>,
    pub(crate) memory: Vec<[String; 5]>,
    pub(crate) memory_suite: String,
    pub(crate) startup: Vec<[String; 5]>,
    pub(crate) everyday: Everyday,
    pub(crate) cells: Vec<[String; 8]>,
    pub(crate) method: &'static [&'static str],
    pub(crate) beyond: bool,
}

impl View {
    pub(crate) fn of(analysis: &Analysis) -> Self {
        let latency = latency::View::of(analysis);
        Self {
            sentence: sentence(analysis),
            facts: facts(analysis),
            sure: sure(analysis),
            warnings: analysis.warnings.clone(),
            errors: errors(analysis).into_iter().chain(latency.errors.iter().cloned()).collect(),
            one_thread: one_thread(analysis),
            thread_heads: thread_heads(analysis),
            threads: threads(analysis),
            break_even: break_even(analysis.break_even, &analysis.suite.thread_counts),
            slowdown: slowdown(analysis),
            again: analysis.again.rows.iter().map(|row| (row.program.clone(), cell(Some(row)))).collect(),
            again_suite: suite(analysis.again.suite),
            parallel: curves(&analysis.parallel, analysis),
            contention: curves(&analysis.contention, analysis),
            ablation: ablation::View::of(&analysis.ablation),
            latency,
            peers: analysis.peers.iter().map(|one| peer(one, analysis)).collect(),
            memory: memory(analysis),
            memory_suite: suite(analysis.memory.ratio.suite),
            startup: analysis.startup.iter().map(startup).collect(),
            everyday: everyday(analysis),
            cells: cells(analysis),
            method: &METHOD,
            beyond: analysis.teams.iter().any(|team| team.beyond_cores),
        }
    }
}

/// The whole report in one sentence.
fn sentence(analysis: &Analysis) -> String {
    let cost = analysis.slowdown.lone.suite.map(|suite| {
        let (low, high) = suite.this_suite.unwrap_or((0.0, f64::INFINITY));
        match () {
            () if low > 1.0 && suite.value >= 2.0 => {
                format!("{} times as long on one thread", text::ratio(suite.value))
            }
            () if low > 1.0 => format!("{} slower on one thread", text::percent(suite.value)),
            () if high < 1.0 => format!("{} faster on one thread", text::percent(suite.value)),
            () => format!("no measurable difference on one thread (ratio {})", text::ratio(suite.value)),
        }
    });
    let usable = analysis.teams.iter().rfind(|team| !team.beyond_cores && team.threads > 1);
    let gain = usable.and_then(|team| {
        let times = text::ratio(team.nogil_gain?.value);
        Some(format!("{times} times the work on {} threads", team.threads))
    });
    match (cost, gain) {
        (None, None) => {
            let latency = latency::sentence(analysis);
            latency.unwrap_or_else(|| "Without the lock: nothing could be measured".to_owned())
        }
        (cost, gain) => {
            let doubt = (!quiet(analysis)).then(|| "but this machine was too busy to tell".to_owned());
            let parts: Vec<String> = cost.into_iter().chain(gain).chain(doubt).collect();
            format!("Without the lock: {}", parts.join(", "))
        }
    }
}

/// Whether the same build measured twice could not be told from itself.
fn quiet(analysis: &Analysis) -> bool {
    let interval = analysis.again.suite.and_then(|figure| figure.this_suite);
    interval.is_none_or(|(low, high)| low <= 1.0 && 1.0 <= high || high - low < QUIET)
}

fn facts(analysis: &Analysis) -> Vec<(&'static str, String)> {
    let Analysis { machine, toolchain, code, suite, builds, .. } = analysis;
    let commit = code.commit.as_deref().map_or("none", |commit| &commit[..commit.len().min(12)]);
    let unknown = || "not readable".to_owned();
    let mut facts = vec![
        ("Machine", format!("{}, {} cores", machine.cpu, machine.cores)),
        ("System", format!("{}, kernel {}", machine.system, machine.kernel.clone().unwrap_or_else(unknown))),
        ("Memory", machine.memory_mib.map_or_else(unknown, |mib| format!("{:.1} GiB", mib as f64 / 1024.0))),
        ("Governor", machine.governor.clone().unwrap_or_else(unknown)),
        (
            "Hardware counters",
            if machine.hardware_counters {
                "present, not read by this version"
            } else {
                "not available on this machine"
            }
            .to_owned(),
        ),
        ("Commit", format!("{commit}{}", if code.modified { ", with changes" } else { "" })),
        ("Compiler", toolchain.rustc.clone().unwrap_or_else(unknown)),
        ("Profile", toolchain.flags.clone()),
        ("Allocator", toolchain.allocator.clone().unwrap_or_else(unknown)),
        ("Run", format!("{}, {}, {} in {:.0} s", suite.kind, rounds(suite.rounds), suite.started, suite.seconds)),
        (
            "Link orders",
            match suite.layouts {
                0 | 1 => "one, the linker's own".to_owned(),
                orders => format!("{orders}, the rounds taking turns"),
            },
        ),
        ("Seed", suite.seed.to_string()),
        ("Command", format!("lab {}", suite.command_line.join(" "))),
    ];
    for build in builds {
        let says = [&build.version, &build.features].into_iter().flatten().cloned().collect::<Vec<_>>().join("; ");
        facts.push(("Interpreter", format!("{}: {}", build.label, if says.is_empty() { unknown() } else { says })));
    }
    facts
}

fn rounds(count: u32) -> String {
    format!("{count} round{}", if count == 1 { "" } else { "s" })
}

fn sure(analysis: &Analysis) -> Vec<String> {
    let mut sure = Vec::new();
    if analysis.suite.rounds > 0 {
        sure.push(format!("{} of fresh processes ({} suite)", rounds(analysis.suite.rounds), analysis.suite.kind));
    }
    if let Some(figure) = analysis.again.suite {
        sure.push(format!("A/A (the same build twice): {}", suite(Some(figure))));
    }
    sure.push(match analysis.warnings.len() {
        0 => "no warnings".to_owned(),
        1 => "1 warning".to_owned(),
        count => format!("{count} warnings"),
    });
    sure
}

fn errors(analysis: &Analysis) -> Vec<[String; 4]> {
    let error = |error: &CellError| {
        let how = how(error.mode, error.threads);
        [error.program.clone(), format!("{} {how}", error.build), error.reason.clone(), error.rounds.to_string()]
    };
    analysis.errors.iter().map(error).collect()
}

fn how(mode: Mode, threads: usize) -> String {
    match mode {
        Mode::Team if threads == 1 => "1 thread".to_owned(),
        Mode::Team => format!("{threads} threads"),
        mode => mode.name().to_owned(),
    }
}

fn one_thread(analysis: &Analysis) -> Vec<OneThread> {
    let line = |name, meaning, table: &Table| OneThread {
        name,
        meaning,
        value: text::figure(table.suite),
        this_suite: text::interval(table.suite.and_then(|suite| suite.this_suite)),
        programs_like_these: text::interval(table.suite.and_then(|suite| suite.programs_like_these)),
    };
    let slowdown = &analysis.slowdown;
    let mut lines = vec![
        line("lone", "no second thread was ever started", &slowdown.lone),
        line("attached", "a second thread wakes each millisecond and touches a shared object", &slowdown.attached),
        line("busy", "a second thread computes on its own data (gil: alone)", &slowdown.busy),
    ];
    if let Some(classic) = &analysis.classic {
        lines.push(line("classic, lone", "nogil with the biased counts of PEP 703 (counts-classic)", &classic.lone));
        lines.push(line("classic, attached", "the same beside such a second thread", &classic.attached));
    }
    lines
}

fn thread_heads(analysis: &Analysis) -> Vec<String> {
    let head = |&threads: &usize| format!("{threads}{}", if threads > analysis.machine.cores { " *" } else { "" });
    analysis.suite.thread_counts.iter().map(head).collect()
}

fn threads(analysis: &Analysis) -> Vec<Threads> {
    let teams = &analysis.teams;
    let plain = |value: String| Cell { value, interval: String::new(), verdict: String::new() };
    let line = |name: &str, class, cell: &dyn Fn(&Team) -> Cell| Threads {
        name: name.to_owned(),
        class,
        cells: teams.iter().map(cell).collect(),
    };
    // The reference is 1 by definition and has no interval.
    let spread = |interval: Option<(f64, f64)>| match interval {
        Some((low, high)) if low == high => String::new(),
        interval => text::interval(interval),
    };
    let figure = |figure: Option<Figure>| Cell {
        value: text::figure(figure),
        interval: spread(figure.and_then(|figure| figure.this_suite)),
        verdict: String::new(),
    };
    let cores = |gil, nogil| plain(format!("{} / {}", text::optional(gil), text::optional(nogil)));
    if teams.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![
        line("gil, throughput", "gil", &|team| figure(team.gil_gain)),
        line("nogil, throughput: the gain", "nogil", &|team| figure(team.nogil_gain)),
        line("nogil, scaling (its own one thread = 1)", "quiet", &|team| figure(team.nogil_scaling)),
        line("ceiling: a native loop", "quiet", &|team| figure(team.ceiling)),
        line("share-nothing programs: nogil scaling / ceiling", "quiet", &|team| figure(team.of_ceiling)),
        line("share-nothing programs: gil, throughput", "quiet", &|team| figure(team.gil_share_nothing)),
        line("efficiency: scaling / threads", "quiet", &|team| plain(text::optional(team.efficiency()))),
        line("cores used, gil / nogil", "quiet", &|team| cores(team.gil_cores, team.nogil_cores)),
    ];
    if let Some(classic) = &analysis.classic {
        let cells = classic.gain.iter().map(|gain| figure(*gain)).collect();
        lines.insert(2, Threads { name: "nogil with PEP 703's counts, throughput".to_owned(), class: "nogil", cells });
    }
    lines
}

fn break_even(threads: Option<usize>, counts: &[usize]) -> String {
    match threads {
        Some(1) => "1 thread".to_owned(),
        Some(threads) => format!("{threads} threads"),
        None => format!("none up to {}", counts.last().copied().unwrap_or(1)),
    }
}

fn suite(figure: Option<Figure>) -> String {
    figure.map_or_else(
        || NONE.to_owned(),
        |figure| format!("{} [{}]", text::ratio(figure.value), text::interval(figure.this_suite)),
    )
}

fn cell(row: Option<&Row>) -> Cell {
    row.map_or_else(
        || Cell { value: NONE.to_owned(), interval: String::new(), verdict: "no number".to_owned() },
        |row| Cell {
            value: text::ratio(row.estimate.value),
            interval: text::interval(row.estimate.interval),
            verdict: text::verdict(row.verdict, row.estimate.value),
        },
    )
}

fn slowdown(analysis: &Analysis) -> Vec<SlowdownRow> {
    let tables = [&analysis.slowdown.lone, &analysis.slowdown.attached, &analysis.slowdown.busy];
    let mut programs: Vec<_> = analysis.programs.iter().filter(|program| program.family == Family::Single).collect();
    // The order of the plot beside the table.
    let lone = |name: &str| tables[0].row(name).map_or(0.0, |row| row.estimate.value);
    programs.sort_by(|a, b| lone(&b.name).total_cmp(&lone(&a.name)));
    let row = |program: &Program| SlowdownRow {
        program: short(&program.name).to_owned(),
        cells: tables.iter().map(|table| cell(table.row(&program.name))).collect(),
    };
    programs.into_iter().map(row).collect()
}

fn curves(curves: &[Curve], analysis: &Analysis) -> Vec<CurveRow> {
    let heats = |curve: &Curve, of: fn(&CurvePoint) -> Option<Estimate>| {
        curve.points.iter().map(|point| heat(of(point))).collect()
    };
    let share_nothing =
        |name: &str| analysis.programs.iter().any(|program| program.name == name && program.share_nothing);
    let row = |curve: &Curve| {
        let two = curve.points.iter().find(|point| point.threads == 2);
        let of_ceiling = two.and_then(|point| point.of_ceiling);
        CurveRow {
            program: short(&curve.program).to_owned(),
            share_nothing: share_nothing(&curve.program),
            gil: heats(curve, |point| point.gil_scaling),
            nogil: heats(curve, |point| point.nogil_gain),
            break_even: break_even(curve.break_even, &analysis.suite.thread_counts),
            of_ceiling: text::estimate(of_ceiling),
            of_ceiling_interval: text::interval(of_ceiling.and_then(|of_ceiling| of_ceiling.interval)),
            cores: two.map_or_else(String::new, |point| {
                format!("{} / {}", text::optional(point.gil_cores), text::optional(point.nogil_cores))
            }),
        }
    };
    curves.iter().map(row).collect()
}

/// Classes from collapse to gain; each with its own mark.
fn heat(estimate: Option<Estimate>) -> Heat {
    let (class, mark) = match estimate.map(|estimate| estimate.value) {
        None => ("h-none", ""),
        Some(value) if value < 0.25 => ("h-3", "▼▼▼"),
        Some(value) if value < 0.6 => ("h-2", "▼▼"),
        Some(value) if value < 0.9 => ("h-1", "▼"),
        Some(value) if value < 1.1 => ("h0", "="),
        Some(value) if value < 1.5 => ("h1", "▲"),
        Some(value) if value < 3.0 => ("h2", "▲▲"),
        Some(_) => ("h3", "▲▲▲"),
    };
    Heat {
        value: text::estimate(estimate),
        interval: text::interval(estimate.and_then(|estimate| estimate.interval)),
        class,
        mark,
    }
}

fn peer(peer: &Peer, analysis: &Analysis) -> PeerView {
    let pair = |estimate: Option<Estimate>| {
        (text::estimate(estimate), text::interval(estimate.and_then(|estimate| estimate.interval)))
    };
    let row = |row: &PeerRow<'_>| {
        let ((gil, gil_interval), (nogil, nogil_interval)) = (pair(row.gil), pair(row.nogil));
        [short(row.program).to_owned(), gil, gil_interval, nogil, nogil_interval]
    };
    let mean = |over: &str, gil: Option<Figure>, nogil: Option<Figure>| {
        let interval = |figure: Option<Figure>| text::interval(figure.and_then(|figure| figure.this_suite));
        let programs = gil.or(nogil)?.programs;
        let name = format!("geometric mean, {programs} {over}");
        Some([name, text::figure(gil), interval(gil), text::figure(nogil), interval(nogil)])
    };
    let means =
        [mean("programs", peer.gil.suite, peer.nogil.suite), mean("goal programs", peer.gil_goals, peer.nogil_goals)];
    let worst = |name: &str, table: &Table| {
        let worst = table.rows.iter().max_by(|a, b| a.estimate.value.total_cmp(&b.estimate.value))?;
        Some(format!("{name} {} on {}", text::ratio(worst.estimate.value), short(&worst.program)))
    };
    // Slowest first, as in the plot beside the table.
    let mut rows = peer.rows();
    let value = |row: &PeerRow<'_>| row.gil.or(row.nogil).map_or(0.0, |estimate| estimate.value);
    rows.sort_by(|a, b| value(b).total_cmp(&value(a)));
    PeerView {
        label: peer.label.clone(),
        plot: plots::peer(peer),
        rows: rows.iter().map(row).collect(),
        means: means.into_iter().flatten().collect(),
        threads: peer_threads(peer, analysis),
        worst: [worst("gil", &peer.gil), worst("nogil", &peer.nogil)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn peer_threads(peer: &Peer, analysis: &Analysis) -> Vec<(String, Vec<Heat>)> {
    let own = |point: &CurvePoint| point.peers.iter().find(|(label, _)| *label == peer.label).and_then(|(_, own)| *own);
    let curves = analysis.parallel.iter().chain(&analysis.contention);
    let measured = curves.filter(|curve| curve.points.iter().any(|point| own(point).is_some()));
    measured.map(|curve| (curve.program.clone(), curve.points.iter().map(|point| heat(own(point))).collect())).collect()
}

fn memory(analysis: &Analysis) -> Vec<[String; 5]> {
    let memory = &analysis.memory;
    let mib = |sizes: &[(String, f64)], program: &str| {
        sizes.iter().find(|size| size.0 == program).map_or_else(|| NONE.to_owned(), |size| format!("{:.1}", size.1))
    };
    let row = |row: &Row| {
        [
            short(&row.program).to_owned(),
            mib(&memory.gil_mib, &row.program),
            mib(&memory.nogil_mib, &row.program),
            text::ratio(row.estimate.value),
            text::interval(row.estimate.interval),
        ]
    };
    memory.ratio.rows.iter().map(row).collect()
}

fn startup(row: &Startup) -> [String; 5] {
    let (time, spread) = text::timed(row.seconds);
    let to_gil = text::interval(row.to_gil.and_then(|ratio| ratio.interval));
    [row.build.clone(), time, spread, text::estimate(row.to_gil), to_gil]
}

fn everyday(analysis: &Analysis) -> Everyday {
    let row = |row: &EverydayRow| {
        let ((gil, gil_spread), (nogil, nogil_spread)) = (text::timed(row.gil), text::timed(row.nogil));
        let name = if row.is_primitive() { short(&row.group) } else { &row.group };
        let says = match row.paired {
            None => String::new(),
            Some(paired) => {
                let how = if row.disagrees() { "disagrees" } else { "agrees" };
                format!("{} [{}]: {how}", text::ratio(paired.value), text::interval(paired.interval))
            }
        };
        let name = row.case.as_ref().map_or_else(|| name.to_owned(), |case| format!("{name}, {case}"));
        let ratio = text::interval(row.ratio.and_then(|ratio| ratio.interval));
        [name, gil, gil_spread, nogil, nogil_spread, text::estimate(row.ratio), ratio, says]
    };
    let (primitives, workloads): (Vec<&EverydayRow>, Vec<&EverydayRow>) =
        analysis.everyday.iter().partition(|row| row.is_primitive());
    let missing = match (analysis.everyday.len(), analysis.everyday_left_out) {
        (0, 0) => Some("Criterion was not run".to_owned()),
        (0, _) => Some("Criterion was run at another commit only".to_owned()),
        (_, 0) => None,
        (_, others) => Some(format!("{others} benchmarks were last run at another commit and are left out")),
    };
    Everyday {
        primitives: primitives.into_iter().map(row).collect(),
        workloads: workloads.into_iter().map(row).collect(),
        missing: missing.map(|what| format!("{what}. To have it here: `cargo bench`, then `cargo lab report`.")),
    }
}

fn cells(analysis: &Analysis) -> Vec<[String; 8]> {
    let cell = |cell: &CellMedian| {
        [
            cell.program.clone(),
            cell.build.clone(),
            how(cell.mode, cell.threads),
            text::duration(cell.wall),
            format!("{:.1} %", cell.spread * 100.0),
            text::ratio(cell.cores),
            format!("{:.1}", cell.peak_rss_kib / 1024.0),
            cell.rounds.to_string(),
        ]
    };
    analysis.cells.iter().map(cell).collect()
}
