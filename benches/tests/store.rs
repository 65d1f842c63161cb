//! From store to report: round trip, golden page, checksums, refusals.

mod fixture;

use std::fs;
use std::path::{Path, PathBuf};

use parallax_benches::analysis::{Analysis, Verdict};
use parallax_benches::compare::{self, Dimension};
use parallax_benches::criterion_results::Everyday;
use parallax_benches::report;
use parallax_benches::store::{Mode, Outcome, Store};

/// A folder that is gone when the test is.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("parallax-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_store_comes_back_as_it_was_and_is_never_overwritten() {
    let scratch = Scratch::new("round-trip");
    let store = fixture::store();
    let first = store.save(&scratch.0).unwrap();
    let second = store.save(&scratch.0).unwrap();
    assert_ne!(first, second);
    assert!(Store::load(&first).unwrap() == store);
    assert!(fs::metadata(&first).unwrap().permissions().readonly());
}

#[test]
fn what_is_no_store_is_refused_with_the_reason() {
    let scratch = Scratch::new("refused");
    let path = scratch.0.join("store.json");
    let refuse = |text: &str, reason: &str| {
        fs::write(&path, text).unwrap();
        let error = Store::load(&path).unwrap_err();
        assert!(error.contains(reason), "{error}");
    };
    refuse("not json", "is not a store");
    refuse("{\"schema\": 999}", "has schema 999");
    refuse("{\"schema\": 4}", "is not a store");
    refuse("{\"schema\": 3}", "has schema 3");
    assert!(Store::load(Path::new("/nonexistent/store.json")).unwrap_err().contains("cannot read"));
}

/// `BLESS=1 cargo test -p parallax-benches` writes the page anew.
#[test]
fn the_page_of_a_known_store_is_the_golden_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/report.md");
    let page = report::markdown(&Analysis::of(&fixture::store())).unwrap();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert!(page == golden, "the page differs from {}; look at it, then run with BLESS=1:\n{page}", path.display());
}

#[test]
fn all_three_files_are_written_and_stand_alone() {
    let scratch = Scratch::new("files");
    report::write(&Analysis::of(&fixture::store()), &scratch.0).unwrap();
    let html = fs::read_to_string(scratch.0.join("index.html")).unwrap();
    for link in ["src=", "href=", "url(", "@import", "http:", "https:"] {
        assert!(!html.contains(link), "the page must not load anything: {link}");
    }
    assert!(html.contains("<svg") && html.contains("prefers-color-scheme") && html.contains("@media print"));
    let json: serde_json::Value = serde_json::from_slice(&fs::read(scratch.0.join("report.json")).unwrap()).unwrap();
    assert_eq!(json["suite"]["rounds"], 6);
    assert!(scratch.0.join("report.md").is_file());
}

#[test]
fn page_markdown_and_json_say_the_same_and_say_it_again() {
    let scratch = Scratch::new("agree");
    let store = fixture::store();
    let analysis = Analysis::of(&store);
    let again = Analysis::of(&Store::load(&store.save(&scratch.0).unwrap()).unwrap());
    let (html, markdown) = (report::html(&analysis).unwrap(), report::markdown(&analysis).unwrap());
    assert!(html == report::html(&again).unwrap() && markdown == report::markdown(&again).unwrap());
    let json = serde_json::to_value(&analysis).unwrap();
    let figures = ["lone", "attached", "busy"].map(|name| json["slowdown"][name]["suite"]["value"].as_f64().unwrap());
    let gains = json["teams"].as_array().unwrap().iter().map(|team| team["nogil_gain"]["value"].as_f64().unwrap());
    for figure in figures.into_iter().chain(gains) {
        let figure = format!("{figure:.2}");
        assert!(html.contains(&figure) && markdown.contains(&figure), "{figure}");
    }
    for warning in &analysis.warnings {
        assert!(markdown.contains(warning), "{warning}");
    }
}

#[test]
fn known_ratios_are_found() {
    let analysis = Analysis::of(&fixture::store());
    let lone = &analysis.slowdown.lone;
    let slower = lone.row("single/slower").unwrap();
    assert!((slower.estimate.value - 1.2).abs() < 0.02 && slower.verdict == Verdict::Above);
    assert!(matches!(lone.row("single/equal").unwrap().verdict, Verdict::Within(reach) if reach < 0.03));
    assert_eq!(analysis.break_even, Some(2));
    let two = analysis.teams.iter().find(|team| team.threads == 2).unwrap();
    assert!((two.nogil_gain.unwrap().value - 2.0 / 1.1).abs() < 0.05);
    assert!((two.of_ceiling.unwrap().value - 1.0).abs() < 0.03);
    assert!((two.gil_share_nothing.unwrap().value - 1.0).abs() < 0.03);
    assert!(!two.beyond_cores && analysis.teams[2].beyond_cores);
    let collapse = &analysis.contention[0];
    assert_eq!(collapse.break_even, None);
    assert!((collapse.points[1].nogil_gain.unwrap().value - 0.2).abs() < 0.01);
    let memory = analysis.memory.ratio.suite.unwrap();
    assert!((memory.value - 1.2).abs() < 1e-9);
    let nogil = analysis.startup.iter().find(|row| row.build == "nogil").unwrap();
    assert!((nogil.to_gil.unwrap().value - 1.2).abs() < 0.01);
}

#[test]
fn a_variant_is_held_against_its_own_default_and_classic_counts_stand_in_the_headline() {
    let analysis = Analysis::of(&fixture::with_variant());
    let [one] = analysis.ablation.as_slice() else { panic!("one variant") };
    assert_eq!(one.label, "nogil:counts-classic");
    for (table, value) in [(&one.lone, 1.1), (&one.attached, 1.25), (&one.two, 2.0 / 3.0)] {
        assert!((table.suite.unwrap().value - value).abs() < 0.02, "{table:?}");
    }
    let classic = analysis.classic.as_ref().unwrap();
    assert!((classic.lone.suite.unwrap().value - 1.1 * (1.2 * 1.0 * 1.1_f64).cbrt()).abs() < 0.02);
    assert!((classic.gain[1].unwrap().value - 1.0 / 0.825).abs() < 0.03);
    assert_eq!(analysis.contention[0].points[0].peers.len(), 1, "a variant is no peer");
    let plain = Analysis::of(&fixture::store());
    assert!(plain.ablation.is_empty() && plain.classic.is_none());
    for (page, plain) in [
        (report::html(&analysis).unwrap(), report::html(&plain).unwrap()),
        (report::markdown(&analysis).unwrap(), report::markdown(&plain).unwrap()),
        (report::headline(&analysis).unwrap(), report::headline(&plain).unwrap()),
    ] {
        for text in ["classic, attached", "nogil:counts-classic", "nogil with PEP 703"] {
            assert!(page.contains(text) && !plain.contains(text), "{text}");
        }
    }
}

#[test]
fn criterion_is_held_against_the_paired_rounds() {
    let analysis = Analysis::of(&fixture::store());
    let row = |group: &str| analysis.everyday.iter().find(|row| row.group == group).unwrap();
    let index = row("primitive/list index");
    assert!((index.ratio.unwrap().value - 1.25).abs() < 1e-9 && index.paired.is_none() && !index.disagrees());
    assert!(row("single/slower").disagrees() && !row("single/equal").disagrees());
    assert!((row("parallel/scales").ratio.unwrap().value - 0.5).abs() < 1e-9);
    assert!(analysis.warnings.iter().any(|warning| warning.contains("disagree on 1 of 2 programs (single/slower)")));
}

#[test]
fn a_peer_is_summed_up_over_all_programs_and_over_the_goal() {
    let mut store = fixture::store();
    let peer = |store: &Store| Analysis::of(store).peers.remove(0);
    assert!(peer(&store).gil_goals.is_none(), "none of the made-up programs is one of the goal");
    store.programs[0].name = "single/fib".to_owned();
    for run in store.runs.iter_mut().filter(|run| run.program == "single/slower") {
        run.program = "single/fib".to_owned();
    }
    let goals = peer(&store).nogil_goals.unwrap();
    assert!((goals.value - 0.6).abs() < 0.01 && goals.programs == 1);
}

#[test]
fn a_machine_that_is_not_quiet_is_said_in_the_first_line() {
    let mut store = fixture::store();
    let doubt = "too busy to tell";
    assert!(!report::markdown(&Analysis::of(&store)).unwrap().contains(doubt));
    for run in store.runs.iter_mut().filter(|run| run.mode == Mode::Again) {
        if let Outcome::Measured(measured) = &mut run.outcome {
            let factor = 1.3 + f64::from(run.round) / 20.0;
            measured.wall.iter_mut().for_each(|wall| *wall *= factor);
        }
    }
    assert!(report::markdown(&Analysis::of(&store)).unwrap().lines().next().unwrap().contains(doubt));
}

#[test]
fn a_crash_is_an_error_and_the_other_rounds_still_count() {
    let analysis = Analysis::of(&fixture::store());
    assert_eq!(analysis.errors.len(), 3, "lone, attached and busy crashed once each");
    assert!(analysis.errors.iter().all(|error| error.reason == "died by signal 11" && error.rounds == 1));
    assert_eq!(analysis.slowdown.lone.row("single/crashes").unwrap().estimate.rounds, 5);
}

#[test]
fn a_wrong_checksum_yields_no_number_and_an_error() {
    let mut store = fixture::store();
    let wrong = |run: &&mut parallax_benches::store::Run| {
        run.program == "single/slower" && run.build == "nogil" && run.mode == Mode::Lone && run.round == 4
    };
    for run in store.runs.iter_mut().filter(wrong) {
        if let Outcome::Measured(measured) = &mut run.outcome {
            measured.checksum = "41".to_owned();
        }
    }
    let analysis = Analysis::of(&store);
    assert!(analysis.slowdown.lone.row("single/slower").is_none());
    assert!(analysis.slowdown.attached.row("single/slower").is_some());
    let error = analysis.errors.iter().find(|error| error.program == "single/slower").unwrap();
    assert!(error.reason.contains("checksum 41 where 42 is expected"), "{}", error.reason);
}

#[test]
fn a_store_without_runs_still_makes_a_report() {
    let mut store = fixture::store();
    store.runs.clear();
    store.native.clear();
    store.startup.clear();
    store.latency.clear();
    store.everyday = Everyday::default();
    let analysis = Analysis::of(&store);
    assert!(report::html(&analysis).unwrap().contains("nothing could be measured"));
    store.programs.clear();
    report::markdown(&Analysis::of(&store)).unwrap();
    report::headline(&Analysis::of(&store)).unwrap();
}

#[test]
fn stores_that_differ_in_one_thing_are_compared() {
    let before = fixture::store();
    assert_eq!(compare::comparable(&before, &before), Ok(None));
    let mut after = before.clone();
    after.code.commit = Some("fedcba9876543210".to_owned());
    assert_eq!(compare::comparable(&before, &after), Ok(Some(Dimension::Code)));
    let page = compare::compare(&before, &after).unwrap();
    assert!(page.contains("differ in the commit") && page.contains("| slowdown, lone |"), "{page}");
    assert!(page.contains("(intervals overlap)"), "{page}");
}

#[test]
fn stores_that_cannot_be_compared_are_refused_with_the_reason() {
    let before = fixture::store();
    let refuse = |change: &dyn Fn(&mut Store), reason: &str| {
        let mut after = before.clone();
        change(&mut after);
        let error = compare::compare(&before, &after).unwrap_err();
        assert!(error.contains(reason), "{error}");
    };
    refuse(&|store| store.schema = 1, "schemas differ");
    refuse(&|store| store.suite.kind = "full".to_owned(), "one is a quick and one a full run");
    refuse(
        &|store| store.programs.iter_mut().for_each(|program| program.source_hash.clear()),
        "no program is the same",
    );
    let another_machine_and_commit = |store: &mut Store| {
        store.machine.cores = 64;
        store.code.commit = None;
    };
    refuse(&another_machine_and_commit, "more than one thing, machine");
    let another_build_and_commit = |store: &mut Store| {
        store.builds[1].features = Some("every-count-atomic".to_owned());
        store.code.modified = true;
    };
    refuse(&another_build_and_commit, "build");
}
