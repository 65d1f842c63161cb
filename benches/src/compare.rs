//! Two stores side by side. Only one thing may differ between them (the machine, the code or the build), or a difference
//! could not be put down to anything.

use std::fmt::Write;

use crate::analysis::{Analysis, Estimate, Figure, Slowdown, Table};
use crate::store::{Role, Store};

/// What two stores differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    Machine,
    Code,
    Build,
}

impl Dimension {
    fn name(self) -> &'static str {
        match self {
            Dimension::Machine => "machine",
            Dimension::Code => "commit",
            Dimension::Build => "build",
        }
    }
}

/// What the stores differ in, or why they cannot be compared.
pub fn comparable(before: &Store, after: &Store) -> Result<Option<Dimension>, String> {
    if before.schema != after.schema {
        return Err(format!("their schemas differ: {} and {}", before.schema, after.schema));
    }
    if before.suite.kind != after.suite.kind {
        let (one, other) = (&before.suite.kind, &after.suite.kind);
        return Err(format!("one is a {one} and one a {other} run: samples of different length differ by themselves"));
    }
    if common(before, after).is_empty() {
        return Err("no program is the same in both (name and text)".to_owned());
    }
    let mut differences = Vec::new();
    let (a, b) = (&before.machine, &after.machine);
    if (&a.cpu, a.cores, &a.kernel, &a.governor) != (&b.cpu, b.cores, &b.kernel, &b.governor) {
        differences.push((Dimension::Machine, format!("{}, {} cores / {}, {} cores", a.cpu, a.cores, b.cpu, b.cores)));
    }
    let (a, b) = (&before.code, &after.code);
    if a != b {
        let name = |code: &crate::machine::Code| {
            let commit = code.commit.as_deref().unwrap_or("none");
            format!("{}{}", &commit[..commit.len().min(9)], if code.modified { " with changes" } else { "" })
        };
        differences.push((Dimension::Code, format!("{} / {}", name(a), name(b))));
    }
    if before.toolchain != after.toolchain || features(before) != features(after) {
        differences.push((Dimension::Build, "compiler, profile or features".to_owned()));
    }
    match differences.as_slice() {
        [] => Ok(None),
        [(dimension, _)] => Ok(Some(*dimension)),
        several => {
            let list: Vec<String> = several.iter().map(|(what, how)| format!("{} ({how})", what.name())).collect();
            Err(format!(
                "they differ in more than one thing, {}: a difference could be put down to none of them",
                list.join(" and ")
            ))
        }
    }
}

fn features(store: &Store) -> [Option<&str>; 2] {
    [Role::Gil, Role::Nogil].map(|role| store.build(role)?.features.as_deref())
}

/// The names of the programs that both ran, with the same text.
fn common<'a>(before: &'a Store, after: &Store) -> Vec<&'a str> {
    let same = |program: &&crate::store::Program| {
        after.programs.iter().any(|other| other.name == program.name && other.source_hash == program.source_hash)
    };
    before.programs.iter().filter(same).map(|program| program.name.as_str()).collect()
}

/// A store with the given programs only.
fn restricted(store: &Store, programs: &[&str]) -> Store {
    let mut store = store.clone();
    store.programs.retain(|program| programs.contains(&program.name.as_str()));
    store.runs.retain(|run| programs.contains(&run.program.as_str()));
    store
}

/// A Markdown page that puts the figures of both side by side, or the reason why that would be wrong.
pub fn compare(before: &Store, after: &Store) -> Result<String, String> {
    let dimension = comparable(before, after).map_err(|reason| format!("the stores cannot be compared: {reason}"))?;
    let programs = common(before, after);
    let (one, other) = (Analysis::of(&restricted(before, &programs)), Analysis::of(&restricted(after, &programs)));
    let mut page = String::new();
    let what =
        dimension.map_or("nothing: two runs of the same".to_owned(), |dimension| format!("the {}", dimension.name()));
    line(&mut page, format_args!("The stores differ in {what}. {} programs are the same in both.\n", programs.len()));
    line(&mut page, format_args!("| | {} | {} | after / before |", before.suite.started, after.suite.started));
    line(&mut page, format_args!("|---|---|---|---|"));
    for (name, a, b) in tables(&one.slowdown, &other.slowdown) {
        row(&mut page, &format!("slowdown, {name}"), a.suite.map(of_figure), b.suite.map(of_figure));
    }
    for team in &one.teams {
        let gain = other.teams.iter().find(|other| other.threads == team.threads).and_then(|team| team.nogil_gain);
        row(&mut page, &format!("gain, {} threads", team.threads), team.nogil_gain.map(of_figure), gain.map(of_figure));
    }
    for (name, a, b) in tables(&one.slowdown, &other.slowdown) {
        for program in &a.rows {
            let after = b.row(&program.program).map(|row| of_estimate(row.estimate));
            row(&mut page, &format!("{}, {name}", program.program), Some(of_estimate(program.estimate)), after);
        }
    }
    Ok(page)
}

type Value = (f64, Option<(f64, f64)>);

fn of_figure(figure: Figure) -> Value {
    (figure.value, figure.this_suite)
}

fn of_estimate(estimate: Estimate) -> Value {
    (estimate.value, estimate.interval)
}

fn tables<'a>(one: &'a Slowdown, other: &'a Slowdown) -> [(&'static str, &'a Table, &'a Table); 3] {
    [("lone", &one.lone, &other.lone), ("attached", &one.attached, &other.attached), ("busy", &one.busy, &other.busy)]
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(page, "{text}").expect("writing to a String cannot fail");
}

/// One line; intervals that touch are said to overlap, for nothing more can be claimed from two separate runs.
fn row(page: &mut String, name: &str, before: Option<Value>, after: Option<Value>) {
    let show = |value: Option<Value>| match value {
        Some((value, Some((low, high)))) => format!("{value:.3} [{low:.3}–{high:.3}]"),
        Some((value, None)) => format!("{value:.3}"),
        None => "–".to_owned(),
    };
    let change = match (before, after) {
        (Some((a, Some((a_low, a_high)))), Some((b, Some((b_low, b_high))))) => {
            let apart = a_high < b_low || b_high < a_low;
            format!("{:.3}{}", b / a, if apart { "" } else { " (intervals overlap)" })
        }
        (Some((a, _)), Some((b, _))) => format!("{:.3} (no intervals)", b / a),
        _ => "–".to_owned(),
    };
    line(page, format_args!("| {name} | {} | {} | {change} |", show(before), show(after)));
}
