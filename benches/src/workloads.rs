//! Finds the workloads and makes of each the one plain program that is run: the workload, the driver, a call.

use std::fs;
use std::path::{Path, PathBuf};

use crate::latency;
use crate::store::Family;

/// A workload with its text.
#[derive(Clone, Debug)]
pub struct Workload {
    /// `single/nbody`.
    pub name: String,
    pub family: Family,
    text: String,
    driver: String,
}

impl Workload {
    /// The program as the measured process runs it. The workload comes first, so that line numbers in a traceback are its own.
    pub fn program(&self) -> String {
        format!("{}\nmain(sys.argv)\n", self.definitions())
    }

    /// The functions without the call: what an in-process benchmark executes before it calls them.
    pub fn definitions(&self) -> String {
        format!("{}\n\n{}", self.text, self.driver)
    }

    /// Whether the first line says that the threads touch no common object but code.
    pub fn share_nothing(&self) -> bool {
        self.text.starts_with("# Share-nothing")
    }

    /// Fowler, Noll and Vo's hash of the program, as 16 hexadecimal digits.
    pub fn source_hash(&self) -> String {
        let hash = self
            .program()
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
        format!("{hash:016x}")
    }
}

/// The folder of the workloads: that of the workspace around the current folder, else that of the workspace which built this program.
pub fn directory() -> PathBuf {
    root().join("benches").join("workloads")
}

/// The root of the workspace, by the same rule.
pub fn root() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let around = here.ancestors().find(|folder| folder.join("benches/workloads/driver.py").is_file());
    let built_from = || Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf);
    around.map_or_else(built_from, Path::to_path_buf)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// The measuring protocol that is appended to each program.
pub fn driver() -> Result<String, String> {
    read(&directory().join("driver.py"))
}

/// All workloads under `directory` whose name contains one of `only` (all of them if `only` is empty), in the order of their
/// names; at least one.
pub fn discover(directory: &Path, only: &[String]) -> Result<Vec<Workload>, String> {
    let found = matching(directory, only)?;
    if found.is_empty() {
        let workloads = matching(directory, &[])?.into_iter().map(|workload| workload.name);
        let known: Vec<String> = workloads.chain(latency::NAMES.map(str::to_owned)).collect();
        return Err(format!("no workload has a name with {}; there are {}", only.join(" or "), known.join(", ")));
    }
    Ok(found)
}

/// The same, or none.
pub fn matching(directory: &Path, only: &[String]) -> Result<Vec<Workload>, String> {
    let driver = read(&directory.join("driver.py"))?;
    let mut found = Vec::new();
    for family in Family::ALL {
        let folder = directory.join(family.name());
        let entries = fs::read_dir(&folder).map_err(|error| format!("cannot list {}: {error}", folder.display()))?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
        paths.sort();
        for path in paths {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            let name = format!("{}/{stem}", family.name());
            if only.is_empty() || only.iter().any(|part| name.contains(part.as_str())) {
                found.push(Workload { name, family, text: read(&path)?, driver: driver.clone() });
            }
        }
    }
    Ok(found)
}

/// What runs a program as it is, `n` times: its output is the checksum.
const WHOLE: &str = include_str!("whole.py");

/// A program of the user's. One that keeps the protocol of the workloads (`run`; or `setup`, `work`, `check`) is measured
/// as those are; any other is run as a whole.
pub fn program(path: &Path) -> Result<Workload, String> {
    let text = read(path)?;
    let defines = |function: &str| text.lines().any(|line| line.starts_with(&format!("def {function}(")));
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let family = if ["setup", "work", "check"].into_iter().all(defines) { Family::Parallel } else { Family::Single };
    let text = if family == Family::Parallel || defines("run") {
        text
    } else {
        let full = fs::canonicalize(path).map_err(|error| format!("cannot find {}: {error}", path.display()))?;
        // A JSON string is a Python string.
        let literal = |text: &str| serde_json::Value::from(text).to_string();
        WHOLE.replace("PATH_LITERAL", &literal(&full.to_string_lossy())).replace("SOURCE_LITERAL", &literal(&text))
    };
    Ok(Workload { name: format!("{}/{stem}", family.name()), family, text, driver: driver()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(family: Family) -> usize {
        let all = discover(&directory(), &[]).unwrap();
        all.iter().filter(|workload| workload.family == family).count()
    }

    #[test]
    fn the_suite_is_as_large_as_promised() {
        assert!(count(Family::Single) >= 14);
        assert!(count(Family::Parallel) >= 7);
        assert!(count(Family::Contention) >= 8);
    }

    #[test]
    fn workloads_import_next_to_nothing_and_define_the_protocol() {
        for workload in discover(&directory(), &[]).unwrap() {
            let imports = workload
                .text
                .lines()
                .map(str::trim)
                .filter(|line| line.starts_with("import ") || line.starts_with("from "));
            for line in imports {
                let module = line.split(' ').nth(1).unwrap_or_default();
                let allowed = ["sys", "time", "threading", "math", "collections"];
                assert!(allowed.contains(&module), "{}: {line}", workload.name);
            }
            let functions: &[&str] = match workload.family {
                Family::Single => &["\ndef run(n):\n"],
                _ => &["\ndef setup(n, threads):\n", "\ndef work(", "\ndef check("],
            };
            for function in functions {
                assert!(workload.text.contains(function), "{} lacks {function:?}", workload.name);
            }
            assert!(workload.text.starts_with("# "), "{} does not say why it is there", workload.name);
        }
    }

    #[test]
    fn a_filter_that_fits_nothing_is_an_error() {
        assert_eq!(discover(&directory(), &["single/fib".to_owned()]).unwrap().len(), 1);
        assert!(discover(&directory(), &["no such thing".to_owned()]).unwrap_err().contains("no such thing"));
    }

    #[test]
    fn a_program_is_a_workload_by_its_functions_or_as_a_whole() {
        let file = std::env::temp_dir().join(format!("parallax-program-{}.py", std::process::id()));
        let made = |text: &str| {
            fs::write(&file, text).expect("the folder for temporary files can be written to");
            let made = program(&file).expect("a program");
            fs::remove_file(&file).expect("just written");
            made
        };
        let own = made("def run(n):\n    return n\n");
        assert!(own.family == Family::Single && !own.text.contains("SOURCE"));
        let team = made("def setup(n, threads):\n    0\ndef work(s, i, n, t):\n    0\ndef check(s, p):\n    0\n");
        assert_eq!(team.family, Family::Parallel);
        let whole = made("print(\"one\\n\")\n");
        assert!(whole.text.contains(r#"SOURCE = "print(\"one\\n\")\n""#), "{}", whole.text);
        assert!(whole.name.starts_with("single/parallax-program-"));
    }

    #[test]
    fn hashes_follow_the_text() {
        let all = discover(&directory(), &[]).unwrap();
        assert_ne!(all[0].source_hash(), all[1].source_hash());
        let mut changed = all[0].clone();
        changed.text.push(' ');
        assert_ne!(all[0].source_hash(), changed.source_hash());
    }
}
