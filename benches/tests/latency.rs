//! The latency family from the tool to the page: the tool's own answer, processes that fail, what the section says.

#![cfg(unix)]

mod fixture;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use parallax_benches::analysis::{Analysis, Kind};
use parallax_benches::latency::{Outcome, Question, Questions};
use parallax_benches::plan::Plan;
use parallax_benches::store::{Role, Store};
use parallax_benches::{interpreters, report, runner, workloads};

/// Asks two such interpreters nothing but these questions, twice.
fn ask(name: &str, all: Vec<Question>, gil: &str, nogil: &str) -> Store {
    let folder = std::env::temp_dir().join(format!("parallax-latency-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, body: &str| -> PathBuf {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    };
    let builds = vec![(Role::Gil, vec![write("gil", gil)]), (Role::Nogil, vec![write("nogil", nogil)])];
    let interpreters = interpreters::describe_builds(&builds).unwrap();
    let mut plan = Plan::quick(2);
    plan.rounds = 0;
    plan.limit = Duration::from_secs(2);
    plan.latency = Questions { all, repetitions: 2 };
    let store = runner::measure(&plan, &interpreters, &[], 1, &workloads::root(), &folder).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    store
}

#[test]
fn answers_are_kept_and_what_is_none_is_an_error() {
    let wake = Question::Wake { threads: 1, seconds: 0.01 };
    let late = r#"case $3 in wake) echo '{"tool": "wake", "microseconds": {"late": [70.5, 90, 71]}}';; esac"#;
    let store = ask("kept", vec![wake], late, "echo '{}'");
    assert_eq!(store.latency.len(), 4);
    assert!(store.runs.is_empty() && store.native.is_empty() && store.startup.is_empty(), "nothing else was asked");
    let of = |build: &'static str| store.latency.iter().filter(move |run| run.build == build);
    for run in of("gil") {
        let Outcome::Answered(answer) = &run.outcome else { panic!("{:?}", run.outcome) };
        assert_eq!(answer.microseconds["late"], [70.5, 90.0, 71.0]);
    }
    assert!(of("nogil").all(|run| run.outcome == Outcome::Failed("the answer has no late".to_owned())));
    let analysis = Analysis::of(&store);
    let [error] = analysis.latency.errors.as_slice() else {
        panic!("one line for both: {:?}", analysis.latency.errors)
    };
    assert_eq!((error.question, error.build.as_str(), error.processes), ("latency/wake", "nogil", 2));
    let page = report::markdown(&analysis).unwrap();
    assert!(page.starts_with("# What threads suffer") && page.contains("the answer has no late"), "{page}");
    assert!(!page.contains("fresh processes (quick suite)") && !page.contains("slowdown on one thread"), "{page}");
}

#[test]
fn crashes_and_nonsense_are_errors() {
    let share = Question::Share { threads: 2, seconds: 0.01 };
    let store = ask("crash", vec![share], "echo 'Fatal: no' >&2; exit 70", "echo hello");
    let reason = |outcome| match outcome {
        Outcome::Failed(reason) => Some(reason),
        Outcome::Answered(_) => None,
    };
    let reasons: Vec<String> = store.latency.into_iter().filter_map(|run| reason(run.outcome)).collect();
    assert_eq!(reasons.len(), 4);
    assert!(reasons.iter().all(|reason| reason.contains("Fatal: no") || reason.contains("printed \"hello\"")));
}

#[test]
fn samples_of_all_processes_are_put_together() {
    let latency = Analysis::of(&fixture::store()).latency;
    let kinds: Vec<(Kind, usize)> = latency.delays.iter().map(|delay| (delay.kind, delay.builds.len())).collect();
    assert_eq!(kinds, [(Kind::Collection, 2), (Kind::Stall, 2), (Kind::Wake, 3), (Kind::Handover, 3)]);
    let wake = &latency.delays[2].builds[0];
    assert_eq!((wake.build.as_str(), wake.processes, wake.samples), ("gil", 2, 200));
    let quantiles = wake.quantiles.unwrap();
    let (low, high) = quantiles.medians;
    assert!(low < quantiles.p50 && quantiles.p50 < high && (high / low - 1.1).abs() < 1e-9);
    assert!((quantiles.max - 5_100e-6 * 1.1 * 1.098).abs() < 1e-9, "{quantiles:?}");
    assert!(latency.delays[3].builds[1].quantiles.is_none(), "nothing was handed over");
    let [share] = latency.shares.as_slice() else { panic!("one number of threads") };
    assert!(share.beyond_cores && share.ideal == 0.25);
    assert_eq!((share.builds[1].smallest, share.builds[1].largest), (0.2, 0.3));
    assert_eq!(latency.errors.len(), 1);
}

#[test]
fn the_section_stands_in_every_form_and_only_where_something_was_measured() {
    let (full, mut none) = (fixture::store(), fixture::store());
    none.latency.clear();
    let (full, none) = (Analysis::of(&full), Analysis::of(&none));
    for (with, without) in [
        (report::html(&full).unwrap(), report::html(&none).unwrap()),
        (report::markdown(&full).unwrap(), report::markdown(&none).unwrap()),
        (report::headline(&full).unwrap(), report::headline(&none).unwrap()),
    ] {
        for text in ["wake-up: 1 thread computing", "collection: 1 M objects, 1 thread running", "5.4 ms", "40.0 %"] {
            assert!(with.contains(text) && !without.contains(text), "{text}: {with}");
        }
    }
    let json = serde_json::to_value(&full).unwrap();
    assert_eq!(json["latency"]["delays"][2]["kind"], "wake");
    assert_eq!(json["latency"]["shares"][0]["builds"][2]["smallest"], 0.1);
}
