//! The interpreters of a run: how the two builds are made and found, how a program is asked what it is, how a peer is named.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::child;
use crate::store::{Build, Role};

/// A program that runs `PATH FILE ARGUMENTS`.
#[derive(Clone, Debug)]
pub struct Interpreter {
    pub build: Build,
    pub path: PathBuf,
}

/// The two packages; each makes a binary of its own name.
pub const PACKAGES: [(&str, Role); 2] = [("interp-gil", Role::Gil), ("interp-nogil", Role::Nogil)];

/// Builds both interpreters in the release profile; cargo shows its own progress.
pub fn make(root: &Path) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--release"]).current_dir(root);
    for (package, _) in PACKAGES {
        command.args(["-p", package]);
    }
    child::note("building both interpreters (release)");
    let status = command.status().map_err(|error| format!("cargo cannot be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("the interpreters do not build: cargo ended with {status}")) }
}

/// Where cargo puts the two binaries: in the release folder beside the folder of this program.
pub fn built() -> Result<Vec<(Role, PathBuf)>, String> {
    let own = std::env::current_exe().map_err(|error| format!("cannot find the build folder: {error}"))?;
    let target = own.parent().and_then(Path::parent).ok_or("this program is not in a build folder")?;
    let release = target.join("release");
    Ok(PACKAGES.iter().map(|&(package, role)| (role, release.join(package))).collect())
}

/// Describes the two builds and the peers; every path must be a program.
pub fn describe(builds: &[(Role, PathBuf)], peers: &[PathBuf]) -> Result<Vec<Interpreter>, String> {
    let mut all = Vec::new();
    for (role, path) in builds {
        let label = match role {
            Role::Gil => "gil",
            _ => "nogil",
        };
        exists(path)?;
        let ask = |flag: &str| child::ask(Command::new(path).arg(flag)).map(|text| text.replace('\n', " "));
        let build =
            Build { label: label.to_owned(), role: *role, version: ask("--version"), features: ask("--features") };
        all.push(Interpreter { build, path: path.clone() });
    }
    for path in peers {
        exists(path)?;
        let name = peer_name(path).ok_or_else(|| format!("{} does not answer as a Python does", path.display()))?;
        let taken = all.iter().filter(|other| other.build.label.split(" #").next() == Some(&name)).count();
        let label = if taken == 0 { name.clone() } else { format!("{name} #{}", taken + 1) };
        let build = Build { label, role: Role::Peer, version: Some(name), features: None };
        all.push(Interpreter { build, path: path.clone() });
    }
    Ok(all)
}

fn exists(path: &Path) -> Result<(), String> {
    // A bare name is looked up by the system when it is run.
    if path.components().count() == 1 || path.is_file() {
        return Ok(());
    }
    Err(format!("there is no program {}; leave out --no-build or name one with --builds", path.display()))
}

/// `CPython 3.13.0`, `CPython 3.14.0 free-threaded`, `PyPy 3.10.14`.
fn peer_name(path: &Path) -> Option<String> {
    let question = "import sys; print(sys.implementation.name, sys.version.split()[0], \
                    'free-threaded' if not getattr(sys, '_is_gil_enabled', lambda: True)() else '')";
    let answer = child::ask(Command::new(path).args(["-c", question]))?;
    let (name, rest) = answer.split_once(' ')?;
    let name = match name {
        "cpython" => "CPython",
        "pypy" => "PyPy",
        other => other,
    };
    Some(format!("{name} {}", rest.trim()))
}

/// Parses `gil=PATH,nogil=PATH`.
pub fn parse_builds(text: &str) -> Result<Vec<(Role, PathBuf)>, String> {
    let mut builds = Vec::new();
    for part in text.split(',') {
        let (name, path) = part.split_once('=').ok_or_else(|| format!("`{part}` is not NAME=PATH"))?;
        let role = match name.trim() {
            "gil" => Role::Gil,
            "nogil" => Role::Nogil,
            other => return Err(format!("`{other}` is not a build: gil or nogil")),
        };
        builds.push((role, PathBuf::from(path.trim())));
    }
    for role in [Role::Gil, Role::Nogil] {
        if builds.iter().filter(|build| build.0 == role).count() != 1 {
            return Err("name both builds once: gil=PATH,nogil=PATH".to_owned());
        }
    }
    builds.sort_by_key(|build| build.0 != Role::Gil);
    Ok(builds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_are_parsed_or_refused() {
        let builds = parse_builds("nogil=/b,gil=/a").unwrap();
        assert_eq!(builds, [(Role::Gil, PathBuf::from("/a")), (Role::Nogil, PathBuf::from("/b"))]);
        for wrong in ["", "gil", "gil=/a", "gil=/a,gil=/b", "gil=/a,other=/b"] {
            assert!(parse_builds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_missing_program_is_refused_by_name() {
        let error = describe(&[(Role::Gil, "/nonexistent/interp-gil".into())], &[]).unwrap_err();
        assert!(error.contains("/nonexistent/interp-gil"), "{error}");
    }
}
