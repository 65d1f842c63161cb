//! `lab`: the commands.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::analysis::Analysis;
use crate::interpreters;
use crate::latency::Questions;
use crate::plan::Plan;
use crate::store::{Family, Store};
use crate::variants::{self, Variant};
use crate::workloads::{self, Workload};
use crate::{child, compare, report, runner};

/// Measures what Python pays for losing the global lock on one thread, and what it gains on many.
#[derive(Parser)]
#[command(name = "lab", version)]
struct Lab {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build both interpreters, measure, write the report and print the headline
    Report(Measure),
    /// Measure and keep the store, without a report
    Run(Measure),
    /// Build every variant, measure the price of each mechanism and write the report
    Ablation(Ablate),
    /// Write the report of a store again
    Render {
        store: PathBuf,
        /// Folder of the report
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Put two stores side by side: two machines, two commits or two builds
    Compare { before: PathBuf, after: PathBuf },
}

#[derive(Args)]
struct Measure {
    /// A few minutes: few rounds, short samples (the default)
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// The headline: 20 rounds, long samples
    #[arg(long)]
    full: bool,
    /// Measure PEP 703's counts beside the default, for the headline (--full does so by itself)
    #[arg(long, conflicts_with = "builds")]
    classic: bool,
    /// An installed Python to measure in the same rounds; may be repeated
    #[arg(long, value_name = "PATH")]
    peer: Vec<PathBuf>,
    /// Only workloads whose name contains this (`single/`, `nbody`, `latency/`); may be repeated
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Rounds instead of the suite's own number
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: Option<u32>,
    /// Folder of the report and its stores (default: `report` in the workspace)
    #[arg(long)]
    out: Option<PathBuf>,
    /// Use the interpreters as they were built last
    #[arg(long)]
    no_build: bool,
    /// Link each interpreter in so many orders of its functions, the rounds taking turns (default: 1, with --full 4)
    #[arg(long, conflicts_with_all = ["no_build", "builds"], value_parser = clap::value_parser!(u32).range(1..=50))]
    layouts: Option<u32>,
    /// Other executables instead of the two built here
    #[arg(long, value_name = "gil=PATH,nogil=PATH", value_parser = parse_builds)]
    builds: Option<Builds>,
    /// Seed of the order and of the hash seeds (default: from the clock)
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Args)]
struct Ablate {
    #[command(flatten)]
    measure: Measure,
    /// Only variants whose label contains this (`nogil:counts-classic`, `switch`); may be repeated
    #[arg(long, value_name = "TEXT")]
    variant: Vec<String>,
    /// A program of yours instead of the suite: what it prints must be the same every time
    #[arg(long, value_name = "FILE", conflicts_with = "only")]
    program: Option<PathBuf>,
}

/// What is measured beside the two builds, and on what.
#[derive(Default)]
struct Extra {
    ablation: bool,
    variants: Vec<Variant>,
    program: Option<PathBuf>,
}

#[derive(Clone)]
struct Builds(interpreters::Builds);

fn parse_builds(text: &str) -> Result<Builds, String> {
    interpreters::parse_builds(text).map(Builds)
}

/// Parses the arguments of this process and does what they ask.
pub fn main() -> ExitCode {
    match run(Lab::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            child::note(&format!("lab: {reason}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Run(options) => {
            let path = measure(&options, Extra::of(&options))?;
            print(&path.display().to_string());
            Ok(())
        }
        Command::Report(options) => {
            let store = measure(&options, Extra::of(&options))?;
            render(&store, &out(options.out.as_deref()))
        }
        Command::Ablation(Ablate { measure: options, variant, program }) => {
            let extra = Extra { ablation: true, variants: variants::select(&variant)?, program };
            let store = measure(&options, extra)?;
            render(&store, &out(options.out.as_deref()))
        }
        Command::Render { store, out: folder } => render(&store, &out(folder.as_deref())),
        Command::Compare { before, after } => {
            let (before, after) = (Store::load(&before)?, Store::load(&after)?);
            print(&compare::compare(&before, &after)?);
            Ok(())
        }
    }
}

fn out(folder: Option<&Path>) -> PathBuf {
    folder.map_or_else(|| workloads::root().join("report"), Path::to_path_buf)
}

impl Extra {
    /// For a report: the counts of PEP 703, where the two builds are made here.
    fn of(options: &Measure) -> Extra {
        let classic = options.classic || options.full && options.builds.is_none() && !options.no_build;
        Extra { variants: if classic { vec![variants::CLASSIC] } else { Vec::new() }, ..Extra::default() }
    }

    /// The programs to measure; none only where something of the latency family is.
    fn workloads(&self, only: &[String], latency: &Questions) -> Result<Vec<Workload>, String> {
        if let Some(path) = &self.program {
            return workloads::program(path).map(|workload| vec![workload]);
        }
        let directory = workloads::directory();
        if !latency.all.is_empty() {
            return workloads::matching(&directory, only);
        }
        let mut found = workloads::discover(&directory, only)?;
        found.retain(|workload| !self.ablation || workload.family != Family::Contention);
        if found.is_empty() {
            return Err("the price of a mechanism is measured on the single and parallel families".to_owned());
        }
        Ok(found)
    }
}

/// Measures and returns the path of the new store. What can be refused is refused before anything is built.
fn measure(options: &Measure, extra: Extra) -> Result<PathBuf, String> {
    let root = workloads::root();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut plan = if options.full { Plan::full(cores) } else { Plan::quick(cores) };
    if extra.ablation {
        plan = plan.ablation();
    }
    plan.latency = plan.latency.select(&options.only);
    let workloads = extra.workloads(&options.only, &plan.latency)?;
    plan.rounds = options.rounds.unwrap_or(plan.rounds);
    plan.layouts = options.layouts.unwrap_or(plan.layouts).min(plan.rounds);
    if workloads.is_empty() {
        plan.rounds = 0;
    }
    let out = out(options.out.as_deref());
    let scratch = out.join("programs");
    let writable = std::fs::create_dir_all(&scratch).and_then(|()| std::fs::write(scratch.join("empty.py"), ""));
    writable.map_err(|error| format!("cannot write to {} ({error}): name another folder with --out", out.display()))?;
    let peers = interpreters::describe_peers(&options.peer)?;
    let variants = variants::make(&root, &extra.variants, !options.no_build)?;
    let mut interpreters = interpreters::describe_builds(&builds(options, &mut plan, &root)?)?;
    interpreters.extend(variants);
    interpreters.extend(peers);
    let clock =
        || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let seed = options.seed.unwrap_or_else(clock);
    let store = runner::measure(&plan, &interpreters, &workloads, seed, &root, &scratch)?;
    store.save(&out.join("stores"))
}

/// The two executables, built unless others are named.
fn builds(options: &Measure, plan: &mut Plan, root: &Path) -> Result<interpreters::Builds, String> {
    if options.no_build || options.builds.is_some() {
        plan.layouts = 1;
    }
    match &options.builds {
        Some(Builds(builds)) => Ok(builds.clone()),
        None if options.no_build => interpreters::built(),
        None if plan.layouts > 1 => interpreters::make_layouts(root, plan.layouts),
        None => interpreters::make(root).and_then(|()| interpreters::built()),
    }
}

fn render(store: &Path, out: &Path) -> Result<(), String> {
    let analysis = Analysis::of(&Store::load(store)?);
    report::write(&analysis, out)?;
    print(&report::headline(&analysis)?);
    print(&format!("{} (from {})", out.join("index.html").display(), store.display()));
    if analysis.cells.is_empty() && analysis.latency.delays.is_empty() && analysis.latency.shares.is_empty() {
        return Err("nothing could be measured: the errors above say why".to_owned());
    }
    Ok(())
}

/// Prints a line; a closed pipe is the reader's choice.
fn print(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{text}");
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Lab::command().debug_assert();
    }
}
