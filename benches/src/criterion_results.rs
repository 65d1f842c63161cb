//! What `cargo bench` left behind: criterion's samples, taken into the store so that the report can show them beside the
//! paired rounds. Only samples of the measured commit count; `cargo bench` stamps what it measured with its commit.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::machine::Code;

/// Beside criterion's own folders: the commit of each benchmark.
const STAMPS: &str = "parallax.json";

/// Criterion's samples of one commit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Everyday {
    pub benchmarks: Vec<Benchmark>,
    /// Benchmarks that were found but belong to another commit.
    pub of_other_commits: usize,
}

/// One benchmark on one build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Benchmark {
    /// `primitive/call`, `parallel/matrix`.
    pub group: String,
    /// `gil` or `nogil`.
    pub build: String,
    /// `2 threads`, for what has threads.
    pub case: Option<String>,
    /// Seconds of one unit of work (of one operation for a primitive), by sample.
    pub seconds: Vec<f64>,
}

/// Criterion's folder: told by the environment, else the one that the build folder of this program has.
fn home() -> Option<PathBuf> {
    if let Some(told) = std::env::var_os("CRITERION_HOME") {
        return Some(told.into());
    }
    let own = std::env::current_exe().ok()?;
    own.ancestors().map(|folder| folder.join("criterion")).find(|folder| folder.is_dir())
}

/// Writes down that the benchmarks `names` were measured at `code`, or that they are not for the report.
pub fn stamp(names: &[String], code: Option<&Code>) -> Result<(), String> {
    match home() {
        Some(home) if !names.is_empty() => stamp_in(&home, names, code),
        _ => Ok(()),
    }
}

fn stamp_in(home: &Path, names: &[String], code: Option<&Code>) -> Result<(), String> {
    let path = home.join(STAMPS);
    let mut stamps = stamps(&path);
    stamps.retain(|name, _| !names.contains(name));
    stamps.extend(code.into_iter().flat_map(|code| names.iter().map(|name| (name.clone(), code.clone()))));
    let text = serde_json::to_string(&stamps).map_err(|error| format!("the stamps cannot be written: {error}"))?;
    fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// What cannot be read counts as not stamped.
fn stamps(path: &Path) -> BTreeMap<String, Code> {
    fs::read_to_string(path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// The samples that criterion took at `code`.
pub fn read(code: &Code) -> Everyday {
    home().map_or_else(Everyday::default, |home| read_in(&home, code))
}

fn read_in(home: &Path, code: &Code) -> Everyday {
    let stamps = stamps(&home.join(STAMPS));
    let mut found = Everyday::default();
    for (name, stamp) in &stamps {
        let Some(benchmark) = benchmark(home, name) else { continue };
        if stamp.commit == code.commit {
            found.benchmarks.push(benchmark);
        } else {
            found.of_other_commits += 1;
        }
    }
    found
}

/// Criterion's files of one benchmark: `GROUP/BUILD[/CASE]` with the slashes of the group as underscores.
fn benchmark(home: &Path, name: &str) -> Option<Benchmark> {
    #[derive(Deserialize)]
    struct Identity {
        group_id: String,
        function_id: Option<String>,
        value_str: Option<String>,
    }
    #[derive(Deserialize)]
    struct Samples {
        iters: Vec<f64>,
        times: Vec<f64>,
    }
    let parts: Vec<&str> = name.splitn(3, '/').collect();
    let [family, program, rest] = parts[..] else { return None };
    let folder = home.join(format!("{family}_{program}")).join(rest).join("new");
    let text = |file| fs::read_to_string(folder.join(file)).ok();
    let identity: Identity = serde_json::from_str(&text("benchmark.json")?).ok()?;
    let samples: Samples = serde_json::from_str(&text("sample.json")?).ok()?;
    let seconds = samples.times.iter().zip(&samples.iters).map(|(nanos, turns)| nanos / turns / 1e9);
    // A group without a function of its own has the build as its parameter.
    let (build, case) = match (identity.function_id, identity.value_str) {
        (Some(build), case) => (build, case),
        (None, build) => (build?, None),
    };
    Some(Benchmark { group: identity.group_id, build, case, seconds: seconds.filter(|value| *value > 0.0).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lay_down(home: &Path, folder: &str, identity: &str) {
        let folder = home.join(folder).join("new");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("benchmark.json"), identity).unwrap();
        let samples = r#"{"sampling_mode": "Linear", "iters": [1.0, 2.0], "times": [4000.0, 10000.0]}"#;
        fs::write(folder.join("sample.json"), samples).unwrap();
    }

    #[test]
    fn samples_of_the_commit_come_back_and_others_are_counted() {
        let home = std::env::temp_dir().join(format!("parallax-criterion-{}", std::process::id()));
        let primitive = r#"{"group_id": "primitive/list index", "function_id": null, "value_str": "gil"}"#;
        lay_down(&home, "primitive_list index/gil", primitive);
        let team = r#"{"group_id": "parallel/pool", "function_id": "nogil", "value_str": "2 threads"}"#;
        lay_down(&home, "parallel_pool/nogil/2 threads", team);
        lay_down(&home, "single_fib/gil", r#"{"group_id": "single/fib", "value_str": "gil"}"#);
        let code = |commit: &str| Code { commit: Some(commit.to_owned()), modified: false };
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        stamp_in(&home, &names(&["single/fib/gil", "primitive/list index/gil"]), Some(&code("old"))).unwrap();
        let new = ["primitive/list index/gil", "parallel/pool/nogil/2 threads", "single/gone/gil", "nonsense"];
        stamp_in(&home, &names(&new), Some(&code("new"))).unwrap();
        let found = read_in(&home, &code("new"));
        stamp_in(&home, &names(&new), None).unwrap();
        assert!(read_in(&home, &code("new")).benchmarks.is_empty(), "what is no longer stamped is not read");
        fs::remove_dir_all(&home).unwrap();
        assert_eq!(found.of_other_commits, 1);
        let [pool, index] = &found.benchmarks[..] else { panic!("{found:?}") };
        let second = |text: &str| Some(text.to_owned());
        assert_eq!((pool.build.as_str(), pool.case.clone()), ("nogil", second("2 threads")));
        assert_eq!((index.group.as_str(), index.build.as_str()), ("primitive/list index", "gil"));
        assert!((index.seconds[0] - 4e-6).abs() < 1e-15 && (index.seconds[1] - 5e-6).abs() < 1e-15);
    }

    #[test]
    fn nothing_there_is_nothing_found() {
        assert_eq!(read_in(Path::new("/nonexistent"), &Code { commit: None, modified: false }), Everyday::default());
    }
}
