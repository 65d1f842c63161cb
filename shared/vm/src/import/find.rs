//! Where a module comes from: built-in, a file below a `sys.path` entry, or the packed library, which looks like one
//! more folder at the end of `sys.path`.

use std::path::Path;

use parallax_pylib as pylib;

use crate::context::Thread;
use crate::import::is_str;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::str::to_text;
use crate::types::{list, module};

/// What was found.
pub enum Found<M: Memory> {
    /// A module of the table.
    Builtin,
    /// A source file.
    Source(File),
    /// Folders without `__init__.py`.
    Namespace(Vec<String>),
    /// What a finder of `sys.meta_path` returned.
    Spec(Obj<M>),
}

/// A source file.
pub struct File {
    /// Its path, which becomes `__file__`.
    pub path: String,
    /// Is it an `__init__.py`?
    pub package: bool,
}

impl File {
    /// The text.
    pub fn read<M: Memory>(&self, t: &mut Thread<M>) -> Result<Vec<u8>, Raise> {
        read(t, &self.path)
    }
}

/// The bytes of a file of the packed library or of the disk.
pub fn read<M: Memory>(t: &mut Thread<M>, path: &str) -> Result<Vec<u8>, Raise> {
    if let Some(text) = pylib::inside(path).and_then(pylib::source) {
        return Ok(text);
    }
    match t.blocking(|| std::fs::read(path)) {
        Ok(text) => Ok(text),
        Err(error) => {
            let path = t.str(path);
            Err(t.raise_io(&error, Some(&path)))
        }
    }
}

/// Modules that CPython freezes: a file of the same name beside the script does not hide them.
const FROZEN: [&str; 11] =
    ["_collections_abc", "abc", "codecs", "genericpath", "io", "os", "posixpath", "site", "stat", "runpy", "zipimport"];

/// Asks the finders of `sys.meta_path` in turn; the two standard ones are answered here.
pub fn find<M: Memory>(t: &mut Thread<M>, name: &str, path: Option<&Obj<M>>) -> Result<Option<Found<M>>, Raise> {
    let sys = t.kept("sys").expect("kept at the start").own();
    let finders = module::get(t, &sys, "meta_path");
    let Some(finders) = finders else { return standard(t, name, path) };
    for finder in t.collect(&finders)? {
        let is = |kept: &str| t.kept(kept).is_some_and(|k| k.is(&finder));
        let found = if is("BuiltinImporter") {
            builtin::<M>(name, path.is_some())
        } else if is("PathFinder") {
            on_path(t, name, path)?
        } else {
            ask(t, &finder, name, path)?
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn standard<M: Memory>(t: &mut Thread<M>, name: &str, path: Option<&Obj<M>>) -> Result<Option<Found<M>>, Raise> {
    match builtin(name, path.is_some()) {
        None => on_path(t, name, path),
        found => Ok(found),
    }
}

fn builtin<M: Memory>(name: &str, below: bool) -> Option<Found<M>> {
    if below {
        return None;
    }
    if crate::modules::find::<M>(name).is_some() {
        return Some(Found::Builtin);
    }
    FROZEN.contains(&name).then(|| Found::Source(File { path: format!("{}/{name}.py", pylib::PREFIX), package: false }))
}

fn ask<M: Memory>(
    t: &mut Thread<M>,
    finder: &Obj<M>,
    name: &str,
    path: Option<&Obj<M>>,
) -> Result<Option<Found<M>>, Raise> {
    let Some(find_spec) = t.getattr_opt_str(finder, "find_spec")? else { return Ok(None) };
    let name = t.str(name);
    let path = path.cloned().unwrap_or(Obj::NONE);
    let spec = t.call(&find_spec, &[name, path, Obj::NONE])?;
    Ok(if spec.is_none() { None } else { Some(Found::Spec(spec)) })
}

fn on_path<M: Memory>(t: &mut Thread<M>, name: &str, path: Option<&Obj<M>>) -> Result<Option<Found<M>>, Raise> {
    let entries = match path {
        Some(path) => path.clone(),
        None => {
            let sys = t.kept("sys").expect("kept at the start").own();
            let Some(path) = module::get(t, &sys, "path") else { return Ok(None) };
            path
        }
    };
    let tail = name.rsplit('.').next().unwrap_or(name);
    let mut portions = Vec::new();
    for entry in t.collect(&entries)? {
        if !is_str(&entry) {
            continue;
        }
        let text = to_text(&entry).into_owned();
        if let Some(file) = in_library(&text, tail) {
            return Ok(Some(Found::Source(file)));
        }
        match on_disk(&text, tail) {
            Place::File(file) => return Ok(Some(Found::Source(file))),
            Place::Folder(path) => portions.push(path),
            Place::Nothing => {}
            Place::NoFolder => {
                if let Some(spec) = hooked(t, &entry, name)? {
                    return Ok(Some(Found::Spec(spec)));
                }
            }
        }
    }
    Ok(if portions.is_empty() { None } else { Some(Found::Namespace(portions)) })
}

fn in_library(entry: &str, tail: &str) -> Option<File> {
    let below = if entry == pylib::PREFIX { "" } else { pylib::inside(entry)? };
    let base = if below.is_empty() { tail.to_string() } else { format!("{below}/{tail}") };
    for (end, package) in [("/__init__.py", true), (".py", false)] {
        let file = format!("{base}{end}");
        if pylib::exists(&file) {
            return Some(File { path: format!("{}/{file}", pylib::PREFIX), package });
        }
    }
    None
}

enum Place {
    File(File),
    Folder(String),
    Nothing,
    NoFolder,
}

fn on_disk(entry: &str, tail: &str) -> Place {
    let folder = if entry.is_empty() {
        match std::env::current_dir() {
            Ok(here) => here,
            Err(_) => return Place::Nothing,
        }
    } else {
        Path::new(entry).to_path_buf()
    };
    let base = folder.join(tail);
    let is_folder = base.is_dir();
    if is_folder {
        let init = base.join("__init__.py");
        if init.is_file() {
            return Place::File(File { path: init.to_string_lossy().into_owned(), package: true });
        }
    }
    let file = folder.join(format!("{tail}.py"));
    if file.is_file() {
        return Place::File(File { path: file.to_string_lossy().into_owned(), package: false });
    }
    if is_folder {
        return Place::Folder(base.to_string_lossy().into_owned());
    }
    if folder.is_file() { Place::NoFolder } else { Place::Nothing }
}

/// An entry that is a file (a zip archive, say): the hooks of `sys.path_hooks` may know it.
fn hooked<M: Memory>(t: &mut Thread<M>, entry: &Obj<M>, name: &str) -> Result<Option<Obj<M>>, Raise> {
    let sys = t.kept("sys").expect("kept at the start").own();
    let Some(hooks) = module::get(t, &sys, "path_hooks") else { return Ok(None) };
    for hook in t.collect(&hooks)? {
        let Ok(finder) = t.call(&hook, std::slice::from_ref(entry)) else {
            t.clear_raised();
            continue;
        };
        let name = t.str(name);
        let spec = t.call_method(&finder, "find_spec", &[name])?;
        return Ok(if spec.is_none() { None } else { Some(spec) });
    }
    Ok(None)
}

/// The line of a source file, for tracebacks; `None` when there is no such file or line.
pub fn source_line(path: &str, line: u32) -> Option<String> {
    let text = pylib::inside(path).and_then(pylib::source).or_else(|| std::fs::read(path).ok())?;
    let line = text.split(|&b| b == b'\n').nth(line.checked_sub(1)? as usize)?;
    Some(String::from_utf8_lossy(line).trim_end_matches('\r').to_string())
}

/// A list of strings.
pub fn texts<M: Memory>(t: &mut Thread<M>, values: &[String]) -> Obj<M> {
    let items = values.iter().map(|v| t.str(v)).collect();
    list::from_vec(t, items)
}
