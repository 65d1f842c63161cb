//! Where the executables are: Cargo's own, or those that `PARALLAX_PYTHON=gil:/path,cpython:/path` names instead.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// One executable under test.
#[derive(Clone, Debug)]
pub struct Build {
    /// `gil`, `nogil`, `checking`, or `cpython` for a peer.
    pub name: String,
    /// Its executable.
    pub path: PathBuf,
}

/// One suite at a time uses the machine, however many tests libtest starts at once.
static TURN: Mutex<()> = Mutex::new(());

/// Calls `check` with the build `name`. A peer is there only on request, and the variable may name only some of the builds.
pub fn with(name: &str, built: Option<&str>, check: fn(&Build)) {
    let overrides = std::env::var("PARALLAX_PYTHON").ok();
    if let Some(build) = find(name, built, overrides.as_deref()) {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        check(&build);
    }
}

fn find(name: &str, built: Option<&str>, overrides: Option<&str>) -> Option<Build> {
    let path = match overrides {
        Some(list) => list.split(',').find_map(|item| item.split_once(':').filter(|(build, _)| *build == name))?.1,
        None => built?,
    };
    Some(Build { name: name.to_string(), path: PathBuf::from(path) })
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_variable_replaces_cargos_binaries() {
        assert_eq!(find("gil", Some("/cargo/gil"), None).unwrap().path.to_str(), Some("/cargo/gil"));
        assert_eq!(find("gil", Some("/cargo/gil"), Some("nogil:/b,gil:/a")).unwrap().path.to_str(), Some("/a"));
        assert!(find("checking", Some("/cargo/checking"), Some("nogil:/b,gil:/a")).is_none());
        assert!(find("checking", None, None).is_none());
    }
}
