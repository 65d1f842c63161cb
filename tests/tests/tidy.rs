//! Tidiness is a test: each failure says the fix.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Longest Rust file that needs no excuse.
const LONGEST: usize = 600;

/// Files of the workspace, relative to its root; what is built, generated or hidden in `.git` is left out.
fn files() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        let entries = fs::read_dir(folder).expect("a folder of the workspace can be read");
        for entry in entries.map(|entry| entry.expect("a folder of the workspace can be read")) {
            let path = entry.path();
            if !path.is_dir() {
                // In a second work tree `.git` is a file.
                found.extend(Some(path).filter(|path| !path.ends_with(".git")));
            } else if !["target", ".git", "report", "__pycache__"]
                .map(OsStr::new)
                .contains(&entry.file_name().as_os_str())
            {
                walk(&path, found);
            }
        }
    }
    let root = parallax_tests::workspace();
    let mut found = Vec::new();
    walk(&root, &mut found);
    let mut files: Vec<PathBuf> =
        found.iter().map(|path| path.strip_prefix(&root).expect("found below the root").to_path_buf()).collect();
    files.sort();
    files
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(parallax_tests::workspace().join(path)).expect("a listed file can be read"))
        .into_owned()
}

fn with_extension(extension: &str) -> Vec<PathBuf> {
    files().into_iter().filter(|path| path.extension() == Some(OsStr::new(extension))).collect()
}

/// Reads `path  # reason` lines.
fn list(name: &str) -> BTreeMap<String, String> {
    let text = read(&Path::new("tests").join(name));
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let (path, reason) =
                line.split_once(" # ").unwrap_or_else(|| panic!("tests/{name}: give {line:?} a reason"));
            (path.trim().to_string(), reason.trim().to_string())
        })
        .collect()
}

fn report(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn rust_files_are_short() {
    let excused = list("long_files.txt");
    let mut problems = Vec::new();
    for path in with_extension("rs") {
        let lines = read(&path).lines().count();
        let name = path.display().to_string();
        match (lines > LONGEST, excused.contains_key(&name)) {
            (true, false) => problems
                .push(format!("{name} has {lines} lines: split it, or list it with a reason in tests/long_files.txt")),
            (false, true) => problems.push(format!("{name} has {lines} lines: remove it from tests/long_files.txt")),
            _ => {}
        }
    }
    problems.extend(gone("long_files.txt", &excused));
    report(problems);
}

fn gone(name: &str, listed: &BTreeMap<String, String>) -> Vec<String> {
    let missing = listed.keys().filter(|path| !parallax_tests::workspace().join(path).exists());
    missing.map(|path| format!("{path} is gone: remove it from tests/{name}")).collect()
}

/// Code without its comments and without the contents of its simple strings.
fn code_of(line: &str) -> String {
    let mut code = String::new();
    let mut inside = false;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if inside => drop(characters.next()),
            '"' => inside = !inside,
            '/' if !inside && characters.peek() == Some(&'/') => break,
            _ if !inside => code.push(c),
            _ => {}
        }
    }
    code
}

fn uses_unsafe(source: &str) -> bool {
    let keywords = ["unsafe {", "unsafe fn", "unsafe impl", "unsafe trait", "unsafe extern"];
    source.lines().map(code_of).any(|line| keywords.iter().any(|keyword| line.contains(keyword)))
}

#[test]
fn unsafe_code_stands_in_named_files() {
    let named = list("unsafe_files.txt");
    let mut used = BTreeMap::new();
    let mut problems = Vec::new();
    for path in with_extension("rs").iter().filter(|path| uses_unsafe(&read(path))) {
        let name = path.display().to_string();
        let entry = named.keys().find(|entry| name == **entry || (entry.ends_with('/') && name.starts_with(*entry)));
        match entry {
            Some(entry) => drop(used.insert(entry.clone(), ())),
            None => problems.push(format!(
                "{name} has unsafe code: do without it, or list the file with a reason in tests/unsafe_files.txt"
            )),
        }
    }
    let idle = named.keys().filter(|entry| !used.contains_key(*entry));
    problems.extend(idle.map(|entry| format!("{entry} has no unsafe code: remove it from tests/unsafe_files.txt")));
    report(problems);
}

#[test]
fn rust_files_say_why_they_exist() {
    let silent = with_extension("rs").into_iter().filter(|path| !read(path).starts_with("//!"));
    report(silent.map(|path| format!("{}: open it with a `//!` line that gives its reason", path.display())).collect());
}

#[test]
fn no_path_of_one_machine() {
    // Put together here, so that this file passes its own test.
    let homes: Vec<String> = ["root", "home", "work", "Users"].iter().map(|name| format!("/{name}/")).collect();
    let mut problems = Vec::new();
    for path in files().iter().filter(|path| *path != Path::new("Cargo.lock")) {
        for (number, line) in read(path).lines().enumerate() {
            if let Some(home) = homes.iter().find(|home| names_path(line, home)) {
                problems.push(format!(
                    "{}:{}: a path below {home} exists on one machine only",
                    path.display(),
                    number + 1
                ));
            }
        }
    }
    report(problems);
}

/// Whether a line has an absolute path below `home` (and not a folder of that name inside another path).
fn names_path(line: &str, home: &str) -> bool {
    line.match_indices(home).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "_-./}$".contains(c))
    })
}

#[test]
fn readme_commands_exist() {
    let aliases = read(Path::new(".cargo/config.toml"));
    let builtin = ["build", "check", "test", "run", "bench", "clippy", "fmt", "doc", "install", "clean"];
    let packages: Vec<String> =
        files().iter().filter(|path| path.ends_with("Cargo.toml")).flat_map(|path| package_name(&read(path))).collect();
    let mut problems = Vec::new();
    for path in with_extension("md") {
        for line in code_lines(&read(&path)) {
            let words: Vec<&str> = line.split_whitespace().skip_while(|word| word.contains('=')).collect();
            let [program, rest @ ..] = words.as_slice() else { continue };
            let place = path.display();
            if *program == "cargo" {
                let command = rest.first().copied().unwrap_or_default();
                if !builtin.contains(&command) && !aliases.contains(&format!("\n{command} = ")) {
                    problems.push(format!("{place}: `{line}`: no alias `{command}` in .cargo/config.toml"));
                }
                if let Some(package) =
                    option(rest, &["-p", "--package"]).filter(|name| !packages.iter().any(|p| p == name))
                {
                    problems.push(format!("{place}: `{line}`: no package `{package}` in the workspace"));
                }
            } else if program.contains('/')
                && !program.starts_with('/')
                && !parallax_tests::workspace().join(program).exists()
            {
                problems.push(format!("{place}: `{line}`: no such file"));
            }
        }
    }
    report(problems);
}

fn package_name(manifest: &str) -> Option<String> {
    manifest.lines().find_map(|line| line.strip_prefix("name = ")).map(|name| name.trim_matches('"').to_string())
}

fn option<'w>(words: &[&'w str], names: &[&str]) -> Option<&'w str> {
    words.iter().position(|word| names.contains(word)).and_then(|at| words.get(at + 1).copied())
}

/// Lines inside fences that name no other language than the shell's.
fn code_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<bool> = None;
    for line in text.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            fence = match fence {
                Some(_) => None,
                None => Some(["", "sh", "shell", "bash", "console"].contains(&language.trim())),
            };
        } else if fence == Some(true) {
            lines.push(line.trim_start_matches("$ ").to_string());
        }
    }
    lines
}

#[test]
fn links_in_the_documents_resolve() {
    let mut problems = Vec::new();
    for path in with_extension("md") {
        let folder = path.parent().unwrap_or(Path::new(""));
        for target in links(&read(&path)) {
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty()
                && !file.contains("://")
                && !parallax_tests::workspace().join(folder).join(file).exists()
            {
                problems.push(format!("{}: the link to {target} leads nowhere", path.display()));
            }
        }
    }
    report(problems);
}

/// Targets of `[text](target)`.
fn links(text: &str) -> Vec<String> {
    let outside_code = text.split("```").step_by(2);
    outside_code
        .flat_map(|part| part.split("](").skip(1))
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.to_string())
        .filter(|target| !target.contains(' ') && !target.starts_with("mailto:"))
        .collect()
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = read(Path::new("Cargo.toml"));
    let section = manifest.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let lines: Vec<&str> = section.lines().take_while(|line| !line.starts_with('[')).collect();
    let bare = lines.windows(2).filter(|pair| {
        let needs_reason = pair[1].contains(" = ") && !pair[1].contains("path = ");
        needs_reason && !pair[1].contains(" # ") && !pair[0].starts_with('#')
    });
    report(bare.map(|pair| format!("Cargo.toml: say in a comment why the workspace needs `{}`", pair[1])).collect());
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let manifests = files().into_iter().filter(|path| path.ends_with("Cargo.toml") && path != Path::new("Cargo.toml"));
    let free = manifests.filter(|path| !read(path).contains("[lints]\nworkspace = true"));
    report(free.map(|path| format!("{}: add `[lints]` with `workspace = true`", path.display())).collect());
}

#[test]
fn expected_outputs_belong_to_a_program() {
    let folders = ["conformance", "race", "guarantees", "seed"].map(|name| Path::new("tests").join(name));
    let stray = files().into_iter().filter(|path| {
        let expected = ["out", "err", "in"].iter().any(|e| path.extension() == Some(OsStr::new(e)));
        expected
            && folders.iter().any(|folder| path.starts_with(folder))
            && !parallax_tests::workspace().join(path.with_extension("py")).exists()
    });
    report(stray.map(|path| format!("{} belongs to no program: remove it", path.display())).collect());
}

#[test]
fn every_guarantee_has_its_program() {
    let page = read(Path::new("docs/guarantees.md"));
    let mut problems = Vec::new();
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| operation"));
    let mut named = Vec::new();
    for row in rows {
        let programs: Vec<String> = links(row).into_iter().filter(|link| link.ends_with(".py")).collect();
        if programs.is_empty() {
            problems.push(format!("docs/guarantees.md: no program holds the row {row}"));
        }
        named.extend(programs);
    }
    for path in with_extension("py") {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.parent() == Some(Path::new("tests/guarantees"))
            && !named.iter().any(|n| n.ends_with(&format!("/{name}")))
        {
            problems.push(format!("{}: no row of docs/guarantees.md tells of it", path.display()));
        }
    }
    report(problems);
}

#[test]
fn every_planted_fault_is_in_the_table() {
    let page = read(Path::new("docs/planted-faults.md"));
    let patches = with_extension("patch").into_iter().filter(|path| path.starts_with("tests/planted"));
    let unknown = patches.filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let number = name.split('-').next().unwrap_or_default().to_string();
        !page.contains(&format!("\n| {number} |"))
    });
    report(unknown.map(|path| format!("{}: add it to docs/planted-faults.md", path.display())).collect());
}

/// What a patch wants to find: for each of its hunks the file, and the lines that must stand there one after the other.
fn hunks(patch: &str) -> Vec<(String, String)> {
    let (mut file, mut found) = (String::new(), Vec::<(String, String)>::new());
    for line in patch.lines() {
        if let Some(path) = line.strip_prefix("--- a/") {
            file = path.to_owned();
        } else if line.starts_with("@@ ") {
            found.push((file.clone(), String::new()));
        } else if let (Some((_, lines)), Some(text)) = (found.last_mut(), line.strip_prefix([' ', '-'])) {
            lines.push_str(text);
            lines.push('\n');
        }
    }
    found
}

#[test]
fn every_planted_fault_fits_the_sources() {
    let mut problems = Vec::new();
    for path in with_extension("patch").into_iter().filter(|path| path.starts_with("tests/planted")) {
        let hunks = hunks(&read(&path));
        if hunks.is_empty() || hunks.iter().any(|(file, lines)| !read(Path::new(file)).contains(lines.as_str())) {
            problems.push(format!("{}: the code has changed: make the patch anew", path.display()));
        }
    }
    report(problems);
}

#[test]
fn the_checks_see_what_they_look_for() {
    assert!(uses_unsafe("    unsafe { x() }") && uses_unsafe("pub unsafe fn f()"));
    assert!(!uses_unsafe("// unsafe { x() }") && !uses_unsafe("let s = \"unsafe fn\";"));
    assert!(names_path("at /x/y", "/x/") && !names_path("src/x/y", "/x/"));
    assert_eq!(links("[a](b.md) ```[c](d.md)``` [e](f.md#g)"), ["b.md", "f.md#g"]);
    assert_eq!(code_lines("```\n$ cargo test\n```\n```rust\nlet x;\n```\n"), ["cargo test"]);
}
