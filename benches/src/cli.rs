//! `lab`: the commands.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::analysis::Analysis;
use crate::interpreters::{self, Interpreter};
use crate::plan::Plan;
use crate::store::{Role, Store};
use crate::{child, compare, report, runner, workloads};

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
    /// An installed Python to measure in the same rounds; may be repeated
    #[arg(long, value_name = "PATH")]
    peer: Vec<PathBuf>,
    /// Only workloads whose name contains this (`single/`, `nbody`); may be repeated
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
    /// Other executables instead of the two built here
    #[arg(long, value_name = "gil=PATH,nogil=PATH", value_parser = parse_builds)]
    builds: Option<Builds>,
    /// Seed of the order and of the hash seeds (default: from the clock)
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Clone)]
struct Builds(Vec<(Role, PathBuf)>);

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
            let path = measure(&options)?;
            print(&path.display().to_string());
            Ok(())
        }
        Command::Report(options) => {
            let store = measure(&options)?;
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

/// Measures and returns the path of the new store.
fn measure(options: &Measure) -> Result<PathBuf, String> {
    let root = workloads::root();
    let workloads = workloads::discover(&workloads::directory(), &options.only)?;
    let interpreters = interpreters(options, &root)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut plan = if options.full { Plan::full(cores) } else { Plan::quick(cores) };
    plan.rounds = options.rounds.unwrap_or(plan.rounds);
    let clock =
        || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let out = out(options.out.as_deref());
    let scratch = out.join("programs");
    std::fs::create_dir_all(&scratch).map_err(|error| format!("cannot create {}: {error}", scratch.display()))?;
    let seed = options.seed.unwrap_or_else(clock);
    let store = runner::measure(&plan, &interpreters, &workloads, seed, &root, &scratch)?;
    store.save(&out.join("stores"))
}

fn interpreters(options: &Measure, root: &Path) -> Result<Vec<Interpreter>, String> {
    let builds = match &options.builds {
        Some(Builds(builds)) => builds.clone(),
        None => {
            if !options.no_build {
                interpreters::make(root)?;
            }
            interpreters::built()?
        }
    };
    interpreters::describe(&builds, &options.peer)
}

fn render(store: &Path, out: &Path) -> Result<(), String> {
    let analysis = Analysis::of(&Store::load(store)?);
    report::write(&analysis, out)?;
    print(&report::headline(&analysis)?);
    print(&format!("{} (from {})", out.join("index.html").display(), store.display()));
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
