//! The runner against interpreters that lie, crash, hang and talk nonsense: shell scripts in their place.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parallax_benches::analysis::Analysis;
use parallax_benches::interpreters;
use parallax_benches::latency::Questions;
use parallax_benches::plan::Plan;
use parallax_benches::runner;
use parallax_benches::store::{Mode, Outcome, Role, Store};
use parallax_benches::workloads;

/// Answers as the driver would: `$2` is the family or kind, the checksum is given.
fn honest(checksum: &str) -> String {
    format!(
        "case $2 in calibrate) echo '{{\"n\": 5}}';; *) echo '{{\"wall\": [0.5, 0.5], \"cpu\": [0.5, 0.5], \
         \"checksum\": \"{checksum}\"}}';; esac"
    )
}

fn interpreter(folder: &Path, name: &str, body: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Measures `single/fib` and `parallel/countdown` with two such interpreters.
fn measure(name: &str, gil: &str, nogil: &str) -> Store {
    let folder = std::env::temp_dir().join(format!("parallax-runner-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let builds = [(Role::Gil, "gil", gil), (Role::Nogil, "nogil", nogil)];
    let builds = builds.map(|(role, name, body)| (role, vec![interpreter(&folder, name, body)]));
    let interpreters = interpreters::describe_builds(&builds.to_vec()).unwrap();
    let only = ["single/fib".to_owned(), "parallel/countdown".to_owned()];
    let workloads = workloads::discover(&workloads::directory(), &only).unwrap();
    let mut plan = Plan::quick(2);
    plan.rounds = 3;
    plan.parallel_seconds = 0.001;
    plan.contention_seconds = 0.001;
    plan.latency = Questions::default();
    plan.limit = Duration::from_secs(2);
    let store = runner::measure(&plan, &interpreters, &workloads, 1, &workloads::root(), &folder).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    store
}

#[test]
fn honest_interpreters_are_measured_in_full() {
    let store = measure("honest", &honest("7"), &honest("7"));
    assert_eq!(store.runs.len(), 3 * (6 + 8));
    assert!(store.runs.iter().all(|run| matches!(run.outcome, Outcome::Measured(_))));
    assert!(store.programs.iter().all(|program| program.n == 5));
    assert_eq!(store.native.len(), 3 * 4);
    for round in 0..3 {
        let seeds: Vec<u32> = store.runs.iter().filter(|run| run.round == round).map(|run| run.hash_seed).collect();
        assert!(seeds.windows(2).all(|pair| pair[0] == pair[1]), "one hash seed for all builds of a round");
    }
    let analysis = Analysis::of(&store);
    assert!(analysis.errors.is_empty());
    assert_eq!(analysis.slowdown.lone.suite.unwrap().value, 1.0);
}

#[test]
fn the_order_of_a_run_follows_its_seed() {
    let order = |store: Store| {
        store.runs.into_iter().map(|run| (run.program, run.build, run.mode, run.threads)).collect::<Vec<_>>()
    };
    assert_eq!(
        order(measure("order-a", &honest("7"), &honest("7"))),
        order(measure("order-b", &honest("7"), &honest("7")))
    );
}

#[test]
fn another_checksum_yields_no_number() {
    let analysis = Analysis::of(&measure("liar", &honest("7"), &honest("8")));
    assert!(analysis.slowdown.lone.rows.is_empty());
    assert!(analysis.errors.iter().all(|error| error.build == "nogil" && error.reason.contains("checksum 8 where 7")));
    assert_eq!(analysis.errors.len(), 3 + 4);
}

#[test]
fn crashes_and_nonsense_are_error_rows() {
    let crash = Analysis::of(&measure("crash", &honest("7"), "echo 'Fatal: no' >&2; exit 70"));
    assert!(crash.errors.iter().all(|error| error.reason == "exit status 70: Fatal: no"), "{:?}", crash.errors);
    let nonsense = Analysis::of(&measure("nonsense", &honest("7"), "echo hello"));
    assert!(nonsense.errors.iter().all(|error| error.reason.contains("printed \"hello\" instead")));
    let still = honest("7").replace("0.5", "0.0");
    let still = Analysis::of(&measure("still", &honest("7"), &still));
    assert!(still.errors.iter().all(|error| error.reason.contains("clocks did not move")));
}

#[test]
fn a_program_that_cannot_be_calibrated_is_an_error_of_every_cell() {
    let store = measure("uncalibrated", "exit 1", &honest("7"));
    assert!(store.programs.iter().all(|program| program.n == 0));
    assert!(
        store
            .runs
            .iter()
            .all(|run| matches!(&run.outcome, Outcome::Failed(reason) if reason.starts_with("not calibrated")))
    );
    assert!(store.runs.iter().any(|run| run.mode == Mode::Busy));
}
