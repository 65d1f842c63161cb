//! The report: `index.html`, `report.md`, `report.json` and the headline for the terminal, all from one analysis.

mod ablation;
mod latency;
mod method;
mod plots;
mod svg;
mod text;
mod view;

use std::fs;
use std::path::Path;

use askama::Template;

use crate::analysis::Analysis;
use view::{CurveRow, View};

#[derive(Template)]
#[template(path = "report.html")]
struct Html<'a> {
    view: &'a View,
    warnings: Vec<String>,
    missing: Option<String>,
    method: Vec<String>,
    latency: Vec<String>,
    slowdown: String,
    suite_curve: String,
    curves: Vec<String>,
}

#[derive(Template)]
#[template(path = "report.md")]
struct Markdown<'a> {
    view: &'a View,
    families: [(&'a str, &'a [CurveRow]); 2],
    latency: &'a [&'a str],
}

#[derive(Template)]
#[template(path = "headline.txt")]
struct Headline<'a> {
    view: &'a View,
}

fn render(template: &impl Template) -> Result<String, String> {
    template.render().map_err(|error| format!("the report cannot be rendered: {error}"))
}

pub fn html(analysis: &Analysis) -> Result<String, String> {
    let cores = analysis.machine.cores;
    let view = View::of(analysis);
    render(&Html {
        view: &view,
        warnings: view.warnings.iter().map(|warning| with_code(warning)).collect(),
        method: view.method.iter().map(|paragraph| with_code(paragraph)).collect(),
        latency: method::LATENCY.iter().map(|paragraph| with_code(paragraph)).collect(),
        missing: view.everyday.missing.as_deref().map(with_code),
        slowdown: plots::slowdown(&analysis.slowdown),
        suite_curve: plots::suite_curve(&analysis.teams, cores),
        curves: plots::curves(&analysis.parallel, &analysis.teams, cores),
    })
}

/// Escapes a sentence and sets what stands between backticks as code.
fn with_code(sentence: &str) -> String {
    let parts = sentence.split('`').map(svg::escape).enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { format!("<code>{part}</code>") } else { part }).collect()
}

pub fn markdown(analysis: &Analysis) -> Result<String, String> {
    let view = View::of(analysis);
    let families = [("Parallel", view.parallel.as_slice()), ("Contention", view.contention.as_slice())];
    render(&Markdown { view: &view, families, latency: &method::LATENCY })
}

/// The first screen of the report for a terminal.
pub fn headline(analysis: &Analysis) -> Result<String, String> {
    render(&Headline { view: &View::of(analysis) })
}

/// Writes the three files into `directory`.
pub fn write(analysis: &Analysis, directory: &Path) -> Result<(), String> {
    let json = serde_json::to_string_pretty(analysis)
        .map_err(|error| format!("the report cannot be written as JSON: {error}"))?;
    fs::create_dir_all(directory).map_err(|error| format!("cannot create {}: {error}", directory.display()))?;
    for (name, text) in [("index.html", html(analysis)?), ("report.md", markdown(analysis)?), ("report.json", json)] {
        let path = directory.join(name);
        fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}
