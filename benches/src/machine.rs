//! What a figure cannot be read without: the machine, the toolchain, the code, the time.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::child;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    pub cpu: String,
    /// What a process may use, so limits of a container count.
    pub cores: usize,
    pub memory_mib: Option<u64>,
    pub governor: Option<String>,
    pub kernel: Option<String>,
    pub system: String,
    /// Whether the machine offers hardware event counters.
    pub hardware_counters: bool,
    /// One-minute load when the run began: 0 on an idle machine.
    pub load: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Toolchain {
    pub rustc: Option<String>,
    /// The release profile and the flags that the interpreters were built with.
    pub flags: String,
    /// What the interpreters allocate with.
    pub allocator: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Code {
    pub commit: Option<String>,
    /// Whether the working tree differed from the commit.
    pub modified: bool,
}

fn read(path: &str) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The value of `key : value` in one of the tables under /proc.
fn field(table: &str, key: &str) -> Option<String> {
    let line = table.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

impl Machine {
    pub fn here() -> Self {
        let kib = |text: String| text.split_whitespace().next()?.parse::<u64>().ok();
        Self {
            cpu: read("/proc/cpuinfo")
                .and_then(|table| field(&table, "model name"))
                .or_else(|| child::ask(Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"])))
                .unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: read("/proc/meminfo")
                .and_then(|table| field(&table, "MemTotal"))
                .and_then(kib)
                .map(|kib| kib / 1024),
            governor: read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            kernel: read("/proc/sys/kernel/osrelease").or_else(|| child::ask(Command::new("uname").arg("-r"))),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            hardware_counters: Path::new("/sys/bus/event_source/devices/cpu").exists(),
            load: read("/proc/loadavg").and_then(|text| text.split(' ').next()?.parse().ok()),
        }
    }
}

impl Toolchain {
    pub fn here(root: &Path) -> Self {
        let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
        let mut flags = profile(&manifest, "[profile.release]");
        let config = fs::read_to_string(root.join(".cargo/config.toml")).unwrap_or_default();
        flags = match std::env::var("RUSTFLAGS") {
            Ok(rustflags) => format!("{flags}, RUSTFLAGS {rustflags}"),
            Err(_) => format!("{flags}, {}", profile(&config, "[build]")),
        };
        let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap_or_default();
        let allocator = locked(&lock, "libmimalloc-sys").map(|version| format!("libmimalloc-sys {version} in both"));
        Self { rustc: child::ask(Command::new("rustc").arg("-V").current_dir(root)), flags, allocator }
    }
}

/// The version of a package in a lock file.
fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("name = \"{package}\"\n")))?;
    entry.lines().find_map(|line| line.strip_prefix("version = \""))?.strip_suffix('"')
}

/// The settings of one profile in a manifest, on one line.
fn profile(manifest: &str, heading: &str) -> String {
    let settings = manifest.lines().map(str::trim).skip_while(|line| *line != heading).skip(1);
    let settings = settings.take_while(|line| !line.starts_with('[')).filter(|line| line.contains('='));
    settings.map(|line| line.split('#').next().unwrap_or(line).trim().to_owned()).collect::<Vec<_>>().join(", ")
}

impl Code {
    pub fn here(root: &Path) -> Self {
        let git = |arguments: &[&str]| child::ask(Command::new("git").args(arguments).current_dir(root));
        let commit = git(&["rev-parse", "HEAD"]);
        let modified = commit.is_some() && git(&["status", "--porcelain", "--untracked-files=no"]).is_some();
        Self { commit, modified }
    }
}

/// Now, as `2026-11-20T12:42:45Z`.
pub fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    timestamp(seconds)
}

fn timestamp(seconds: u64) -> String {
    let (mut days, second) = (seconds / 86_400, seconds % 86_400);
    let mut year = 1970;
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", month + 1, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_against_known_instants() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00Z");
        assert_eq!(timestamp(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(timestamp(1_735_689_599), "2024-12-31T23:59:59Z");
    }

    #[test]
    fn profiles_are_read_from_the_manifest() {
        let manifest =
            "[profile.dev]\nopt-level = 1\n[profile.release]\nopt-level = 3 # all\nlto = \"fat\"\n\n[other]\nx = 1\n";
        assert_eq!(profile(manifest, "[profile.release]"), "opt-level = 3, lto = \"fat\"");
        assert_eq!(profile(manifest, "[profile.none]"), "");
    }

    #[test]
    fn versions_are_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.2\"\n\n[[package]]\nname = \"ab\"\nversion = \"3.4\"\n";
        assert_eq!((locked(lock, "ab"), locked(lock, "b")), (Some("3.4"), None));
    }

    #[test]
    fn this_machine_has_a_core() {
        assert!(Machine::here().cores >= 1);
    }
}
