//! The store: everything that one measuring run found out, as immutable versioned JSON. The report reads stores and nothing else.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::criterion_results::Everyday;
use crate::latency::LatencyRun;
use crate::machine::{Code, Machine, Toolchain};

/// Raised with every change of meaning of a field; a reader refuses what it does not know.
pub const SCHEMA: u32 = 4;

/// One measuring run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Store {
    pub schema: u32,
    pub suite: Suite,
    pub machine: Machine,
    pub toolchain: Toolchain,
    pub code: Code,
    pub builds: Vec<Build>,
    pub programs: Vec<Program>,
    pub native: Vec<NativeSample>,
    pub startup: Vec<StartupSample>,
    /// What threads suffer from their neighbours.
    pub latency: Vec<LatencyRun>,
    /// What `cargo bench` had measured at this commit when the run began.
    pub everyday: Everyday,
    pub runs: Vec<Run>,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suite {
    /// `quick` or `full`.
    pub kind: String,
    pub rounds: u32,
    /// Link orders of each interpreter, over which the rounds took turns.
    pub layouts: u32,
    /// Drives the order of each round and the hash seeds.
    pub seed: u64,
    pub thread_counts: Vec<usize>,
    /// UTC, RFC 3339.
    pub started: String,
    pub seconds: f64,
    pub command_line: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Gil,
    Nogil,
    /// One of the two with a mechanism exchanged (`variants`).
    Variant,
    Peer,
}

/// One measured interpreter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Build {
    /// `gil`, `nogil`, `nogil:counts-classic` for a variant, or the peer's name and version.
    pub label: String,
    pub role: Role,
    pub version: Option<String>,
    /// What `--features` answered.
    pub features: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    Single,
    Parallel,
    Contention,
}

impl Family {
    pub const ALL: [Family; 3] = [Family::Single, Family::Parallel, Family::Contention];

    pub fn name(self) -> &'static str {
        match self {
            Family::Single => "single",
            Family::Parallel => "parallel",
            Family::Contention => "contention",
        }
    }
}

/// A workload as it was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// `single/nbody`.
    pub name: String,
    pub family: Family,
    /// Of the workload and the driver: programs that differ are never compared.
    pub source_hash: String,
    /// The threads of a team touch no common object but code: scaling may be held against the ceiling.
    pub share_nothing: bool,
    /// The calibrated loop count, the same for every build; 0 where calibration failed.
    pub n: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// No second thread was ever started.
    Lone,
    /// The same build once more, for the A/A row.
    Again,
    /// A second thread wakes each millisecond and touches an object shared with the benchmark.
    Attached,
    /// A second thread computes on private data.
    Busy,
    /// The work is divided among threads.
    Team,
}

impl Mode {
    pub fn name(self) -> &'static str {
        match self {
            Mode::Lone => "lone",
            Mode::Again => "again",
            Mode::Attached => "attached",
            Mode::Busy => "busy",
            Mode::Team => "team",
        }
    }
}

/// One fresh process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub round: u32,
    /// Place in the order of the whole run.
    pub position: u32,
    pub program: String,
    pub build: String,
    pub mode: Mode,
    pub threads: usize,
    pub hash_seed: u32,
    /// Bytes of environment that do nothing but shift the stack of this process.
    pub padding: usize,
    /// Which link order of the interpreter it was; 0 where there is one.
    pub layout: usize,
    #[serde(flatten)]
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Measured(Measured),
    Failed(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Wall seconds of each sample.
    pub wall: Vec<f64>,
    /// CPU seconds of each sample, all threads.
    pub cpu: Vec<f64>,
    pub checksum: String,
    pub peak_rss_kib: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NativeSample {
    pub round: u32,
    /// The threaded program beside which it was taken.
    pub program: String,
    pub threads: usize,
    pub wall: f64,
}

/// A process that runs an empty program: wall seconds from its start to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartupSample {
    pub round: u32,
    pub build: String,
    pub wall: f64,
}

impl Store {
    /// Writes the store under a name that no store had before, read-only.
    pub fn save(&self, directory: &Path) -> Result<PathBuf, String> {
        fs::create_dir_all(directory).map_err(|error| format!("cannot create {}: {error}", directory.display()))?;
        let stamp = self.suite.started.replace(':', "");
        let commit = self.code.commit.as_deref().map_or("uncommitted", |commit| &commit[..commit.len().min(9)]);
        let text =
            serde_json::to_string(self).map_err(|error| format!("the store cannot be written as JSON: {error}"))?;
        for copy in 0..1000 {
            let suffix = if copy == 0 { String::new() } else { format!("-{copy}") };
            let path = directory.join(format!("{stamp}-{}-{commit}{suffix}.json", self.suite.kind));
            let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
                other => other.map_err(|error| format!("cannot create {}: {error}", path.display()))?,
            };
            file.write_all(text.as_bytes()).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
            if let Ok(metadata) = file.metadata() {
                let mut permissions = metadata.permissions();
                permissions.set_readonly(true);
                // A file system without permissions keeps the store all the same.
                let _ = fs::set_permissions(&path, permissions);
            }
            return Ok(path);
        }
        Err(format!("{} already holds a thousand stores of this second", directory.display()))
    }

    pub fn load(path: &Path) -> Result<Store, String> {
        #[derive(Deserialize)]
        struct Version {
            schema: u32,
        }
        let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let not_a_store = |error| format!("{} is not a store: {error}", path.display());
        let version: Version = serde_json::from_str(&text).map_err(not_a_store)?;
        if version.schema != SCHEMA {
            return Err(format!(
                "{} has schema {}, this laboratory reads {SCHEMA}; render it with the commit that wrote it",
                path.display(),
                version.schema
            ));
        }
        serde_json::from_str(&text).map_err(not_a_store)
    }

    pub fn build(&self, role: Role) -> Option<&Build> {
        self.builds.iter().find(|build| build.role == role)
    }

    pub fn programs(&self, family: Family) -> impl Iterator<Item = &Program> {
        self.programs.iter().filter(move |program| program.family == family)
    }
}
