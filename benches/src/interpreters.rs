//! The interpreters of a run: how the two builds are made and found, how a program is asked what it is, how a peer is named.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::child;
use crate::store::{Build, Role};

/// A program that runs `PATH FILE ARGUMENTS`.
#[derive(Clone, Debug)]
pub struct Interpreter {
    pub build: Build,
    /// One executable a link order; the rounds take turns.
    paths: Vec<PathBuf>,
}

impl Interpreter {
    /// The executable of a round.
    pub fn path(&self, round: u32) -> &Path {
        &self.paths[self.layout(round)]
    }

    /// Which link order a round has.
    pub fn layout(&self, round: u32) -> usize {
        round as usize % self.paths.len()
    }
}

/// The two packages; each makes a binary of its own name.
pub const PACKAGES: [(&str, Role); 2] = [("interp-gil", Role::Gil), ("interp-nogil", Role::Nogil)];

/// The executables of both builds, each with one path a link order.
pub type Builds = Vec<(Role, Vec<PathBuf>)>;

pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    let status = command.args(arguments).current_dir(root).status();
    let status = status.map_err(|error| format!("cargo cannot be started ({error}): install Rust, or use --builds"))?;
    if status.success() { Ok(()) } else { Err(format!("`cargo {}` ended with {status}", arguments.join(" "))) }
}

/// Builds both interpreters in the release profile; cargo shows its own progress.
pub fn make(root: &Path) -> Result<(), String> {
    child::note("building both interpreters (release)");
    let [gil, nogil] = PACKAGES.map(|(package, _)| package);
    cargo(root, &["build", "--release", "-p", gil, "-p", nogil])
}

/// Links both interpreters in `count` orders of their functions, the linker's own among them. Where code lies moves tiny
/// loops by several per cent; rounds that take turns over the orders put that into the intervals.
pub fn make_layouts(root: &Path, count: u32) -> Result<Builds, String> {
    let mut builds: Builds = PACKAGES.iter().map(|&(_, role)| (role, Vec::new())).collect();
    for seed in 1..count {
        child::note(&format!("linking both interpreters in order {seed} of {} (release)", count - 1));
        let argument = format!("link-arg=-Wl,--shuffle-sections=.text*={seed}");
        for ((package, _), (_, paths)) in PACKAGES.iter().zip(&mut builds) {
            let arguments = ["rustc", "--release", "-p", package, "--bin", package, "--", "-C", &argument];
            cargo(root, &arguments).map_err(|error| {
                format!("{error}; only LLVM's linker can shuffle functions: `--layouts 1` does without")
            })?;
            let made = release()?.join(package);
            let kept = made.with_file_name(format!("{package}-layout-{seed}"));
            fs::copy(&made, &kept).map_err(|error| format!("cannot copy to {}: {error}", kept.display()))?;
            paths.push(kept);
        }
    }
    // The plain one comes last, so that it is what stays in the release folder.
    make(root)?;
    for ((_, plain), (_, paths)) in built()?.into_iter().zip(&mut builds) {
        paths.extend(plain);
    }
    Ok(builds)
}

/// The release folder beside the folder of this program.
pub(crate) fn release() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| format!("cannot find the build folder: {error}"))?;
    Ok(own.parent().and_then(Path::parent).ok_or("this program is not in a build folder")?.join("release"))
}

/// Where cargo puts the two binaries.
pub fn built() -> Result<Builds, String> {
    let release = release()?;
    Ok(PACKAGES.iter().map(|&(package, role)| (role, vec![release.join(package)])).collect())
}

/// Describes the two builds; every path must be a program.
pub fn describe_builds(builds: &Builds) -> Result<Vec<Interpreter>, String> {
    let describe = |(role, paths): &(Role, Vec<PathBuf>)| {
        let label = if *role == Role::Gil { "gil" } else { "nogil" };
        for path in paths {
            runnable(path).map_err(|reason| {
                format!("{reason}: leave out --no-build to have it built, or name another with --builds")
            })?;
        }
        let path = paths.first().ok_or_else(|| format!("no program is named for {label}"))?;
        let ask = |flag: &str| child::ask(Command::new(path).arg(flag)).map(|text| text.replace('\n', " "));
        let build =
            Build { label: label.to_owned(), role: *role, version: ask("--version"), features: ask("--features") };
        let other = if *role == Role::Gil { "gil=false" } else { "gil=true" };
        if build.features.as_ref().is_some_and(|features| features.split(' ').any(|feature| feature == other)) {
            return Err(format!("{} says {other}: it cannot stand for {label}; exchange the paths", path.display()));
        }
        Ok(Interpreter { build, paths: paths.clone() })
    };
    builds.iter().map(describe).collect()
}

/// Describes a variant; its path must be a program.
pub(crate) fn describe_variant(label: String, path: PathBuf) -> Result<Interpreter, String> {
    runnable(&path).map_err(|reason| format!("{reason}: leave out --no-build to have it built"))?;
    let ask = |flag: &str| child::ask(Command::new(&path).arg(flag)).map(|text| text.replace('\n', " "));
    let build = Build { label, role: Role::Variant, version: ask("--version"), features: ask("--features") };
    Ok(Interpreter { build, paths: vec![path] })
}

/// Describes installed Pythons; each must answer as one.
pub fn describe_peers(peers: &[PathBuf]) -> Result<Vec<Interpreter>, String> {
    let mut all: Vec<Interpreter> = Vec::new();
    for path in peers {
        let name = runnable(path)
            .and_then(|()| peer_name(path))
            .map_err(|reason| format!("{reason}: --peer wants the path of a Python 3, as `which python3` prints it"))?;
        let taken = all.iter().filter(|other| other.build.version.as_ref() == Some(&name)).count();
        let label = if taken == 0 { name.clone() } else { format!("{name} #{}", taken + 1) };
        let build = Build { label, role: Role::Peer, version: Some(name), features: None };
        all.push(Interpreter { build, paths: vec![path.clone()] });
    }
    Ok(all)
}

fn runnable(path: &Path) -> Result<(), String> {
    // A bare name is looked up by the system when it is run.
    if path.components().count() == 1 && !path.exists() {
        return Ok(());
    }
    let name = path.display();
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(format!("there is no program {name}")),
        Err(error) => Err(format!("{name} cannot be looked at ({error})")),
        Ok(metadata) if metadata.is_dir() => Err(format!("{name} is a folder")),
        Ok(metadata) if metadata.permissions().mode() & 0o111 == 0 => Err(format!("{name} is not executable")),
        Ok(_) => Ok(()),
    }
}

/// `CPython 3.13.0`, `CPython 3.14.0 free-threaded`, `PyPy 3.10.14`.
fn peer_name(path: &Path) -> Result<String, String> {
    let question = "import sys; print(sys.implementation.name, sys.version.split()[0], \
                    'free-threaded' if not getattr(sys, '_is_gil_enabled', lambda: True)() else '')";
    let limit = Duration::from_secs(20);
    let answer = child::run(Command::new(path).args(["-c", question]), limit)
        .map_err(|reason| format!("{} does not work as a Python ({reason})", path.display()))?;
    let said = answer.stdout.trim();
    let no_python = || format!("{} does not answer as a Python does but with {said:?}", path.display());
    let (name, rest) = said.split_once(' ').ok_or_else(no_python)?;
    if !rest.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(no_python());
    }
    let name = match name {
        "cpython" => "CPython",
        "pypy" => "PyPy",
        other => other,
    };
    Ok(format!("{name} {}", rest.trim()))
}

/// Parses `gil=PATH,nogil=PATH`.
pub fn parse_builds(text: &str) -> Result<Builds, String> {
    let mut builds = Builds::new();
    for part in text.split(',') {
        let (name, path) = part.split_once('=').ok_or_else(|| format!("`{part}` is not NAME=PATH"))?;
        let role = match name.trim() {
            "gil" => Role::Gil,
            "nogil" => Role::Nogil,
            other => return Err(format!("`{other}` is not a build: gil or nogil")),
        };
        builds.push((role, vec![PathBuf::from(path.trim())]));
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
        assert_eq!(builds, [(Role::Gil, vec![PathBuf::from("/a")]), (Role::Nogil, vec![PathBuf::from("/b")])]);
        for wrong in ["", "gil", "gil=/a", "gil=/a,gil=/b", "gil=/a,other=/b"] {
            assert!(parse_builds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_missing_program_is_refused_by_name_with_what_to_do() {
        let error = describe_builds(&vec![(Role::Gil, vec!["/nonexistent/interp-gil".into()])]).unwrap_err();
        assert!(error.contains("/nonexistent/interp-gil") && error.contains("--no-build"), "{error}");
    }

    #[test]
    fn what_is_no_python_is_no_peer() {
        let refuse = |path: &str, reason: &str| {
            let error = describe_peers(&[path.into()]).unwrap_err();
            assert!(error.contains(reason) && error.contains("--peer wants"), "{error}");
        };
        refuse("/nonexistent/python3", "there is no program");
        refuse("/", "is a folder");
        refuse("/etc/passwd", "is not executable");
        refuse("no-such-python-anywhere", "cannot be started");
        refuse("/bin/false", "exit status 1");
        refuse("/bin/echo", "does not answer as a Python does");
    }

    #[test]
    fn rounds_take_turns_over_the_link_orders() {
        let build = Build { label: "gil".to_owned(), role: Role::Gil, version: None, features: None };
        let interpreter = Interpreter { build, paths: vec!["/a".into(), "/b".into()] };
        assert_eq!([0, 1, 2].map(|round| interpreter.path(round)), ["/a", "/b", "/a"].map(Path::new));
    }
}
