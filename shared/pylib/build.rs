//! Packs the standard library: every source file is compressed by itself, so that a program pays only for what it
//! imports. Files below `overlay/` stand in for the library's own of the same path; those below `additions/` are put
//! behind them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What no program of ours can use: graphical programs, installers, the interactive shell, help texts, tests.
const LEFT_OUT: [&str; 11] = [
    "ensurepip",
    "idlelib",
    "lib2to3",
    "pydoc_data",
    "_pyrepl",
    "test",
    "tests",
    "tkinter",
    "turtle.py",
    "turtledemo",
    "__phello__",
];

fn collect(root: &Path, below: &str, files: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            collect(root, &path, files)?;
        } else if name.ends_with(".py") {
            files.insert(path, entry.path());
        }
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let overlay = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by Cargo")).join("overlay");
    println!("cargo::rerun-if-changed=build.rs");
    let additions = overlay.with_file_name("additions");
    println!("cargo::rerun-if-changed=overlay");
    println!("cargo::rerun-if-changed=additions");
    let mut files = BTreeMap::new();
    collect(Path::new(rustpython_pylib::LIB_PATH), "", &mut files)?;
    if overlay.is_dir() {
        collect(&overlay, "", &mut files)?;
    }
    let mut blob = Vec::new();
    let mut index = String::from("&[\n");
    for (path, file) in &files {
        let mut text = fs::read(file)?;
        let addition = additions.join(path);
        if addition.is_file() {
            text.extend(fs::read(addition)?);
        }
        let packed = lz4_flex::block::compress(&text);
        writeln!(index, "({path:?}, {}, {}, {}),", blob.len(), packed.len(), text.len()).expect("a String takes all");
        blob.extend(packed);
    }
    index.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by Cargo"));
    fs::write(out.join("library.lz4"), blob)?;
    fs::write(out.join("index.rs"), index)
}
