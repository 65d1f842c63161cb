//! The whole standard library compiles to code that the checker accepts.

#[path = "support/check.rs"]
mod check;

use std::path::{Path, PathBuf};

use parallax_front::{Mode, compile};

fn python_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            python_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "py") {
            out.push(path);
        }
    }
}

#[test]
fn standard_library_compiles() {
    let mut files = Vec::new();
    python_files(Path::new(rustpython_pylib::LIB_PATH), &mut files);
    files.sort();
    assert!(files.len() > 500, "the standard library is missing");
    let mut failures = Vec::new();
    for path in &files {
        let Ok(source) = std::fs::read_to_string(path) else { continue };
        match compile(&source, &path.to_string_lossy(), Mode::Exec, 0) {
            Ok(code) => {
                if let Err(why) = check::check(&code) {
                    failures.push(format!("{}: {why}", path.display()));
                }
            }
            Err(error) => failures.push(format!("{}:{}: {}", path.display(), error.line, error.message)),
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
