//! The variants of the interpreters: each has one mechanism exchanged for its plain alternative (`docs/ablation.md`).

use std::fs;
use std::path::{Path, PathBuf};

use crate::child;
use crate::interpreters::{self, Interpreter};
use crate::store::{Role, Store};

/// One row of the ablation table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The build that it is a variant of: `gil` or `nogil`.
    pub of: &'static str,
    /// Cargo feature of that build's package.
    pub feature: &'static str,
    /// What is exchanged for what.
    pub meaning: &'static str,
}

const fn nogil(feature: &'static str, meaning: &'static str) -> Variant {
    Variant { of: "nogil", feature, meaning }
}

const fn gil(feature: &'static str, meaning: &'static str) -> Variant {
    Variant { of: "gil", feature, meaning }
}

/// All of them, in the order of the report.
pub const VARIANTS: [Variant; 17] = [
    CLASSIC,
    nogil("reads-counted", "registers count shared objects instead of resting on the epoch"),
    nogil("counts-atomic", "every count is atomic"),
    nogil("immortal-counted", "immortal objects are counted"),
    nogil("deferred-counted", "classes are counted atomically, in the object"),
    nogil("writes-locked", "writes to private objects take the lock"),
    nogil("reads-locked", "reads of lists, dicts and attributes take the lock"),
    nogil("stores-held", "replaced stores are held until the world stops"),
    nogil("naive", "all of these but the first and the last: early attempts"),
    nogil("floats-boxed", "every float is an object"),
    nogil("alloc-system", "the system's allocator"),
    gil("counts-atomic", "counts are atomic"),
    gil("header-16", "a header of 16 bytes instead of 8"),
    gil("switch-checks", "the lock is given up every 100 polls"),
    gil("switch-blocking", "the lock is given up at blocking calls only"),
    gil("floats-boxed", "every float is an object"),
    gil("alloc-system", "the system's allocator"),
];

/// PEP 703's counts, which the headline shows beside the default.
pub const CLASSIC: Variant = nogil("counts-classic", "PEP 703: biased counts with a merge queue, conditional reads");

impl Variant {
    /// `nogil:counts-classic`
    pub fn label(&self) -> String {
        format!("{}:{}", self.of, self.feature)
    }

    /// The variant of that label.
    pub fn named(label: &str) -> Option<Variant> {
        VARIANTS.into_iter().find(|variant| variant.label() == label)
    }

    /// The role of the build that it is a variant of.
    pub fn side(&self) -> Role {
        if self.of == "gil" { Role::Gil } else { Role::Nogil }
    }
}

/// The label of PEP 703's counts, if a store has them.
pub fn classic(store: &Store) -> Option<&str> {
    let label = CLASSIC.label();
    Some(store.builds.iter().find(|build| build.role == Role::Variant && build.label == label)?.label.as_str())
}

/// The variants whose label contains one of `only` (all of them if `only` is empty).
pub fn select(only: &[String]) -> Result<Vec<Variant>, String> {
    let wanted = |variant: &Variant| only.is_empty() || only.iter().any(|part| variant.label().contains(part.as_str()));
    let found: Vec<Variant> = VARIANTS.into_iter().filter(wanted).collect();
    if found.is_empty() {
        let all: Vec<String> = VARIANTS.iter().map(Variant::label).collect();
        return Err(format!("no variant is called {}: there are {}", only.join(" or "), all.join(", ")));
    }
    Ok(found)
}

/// Builds the variants in the release profile, or takes them as they were built last. Cargo keeps what differs between
/// feature sets apart, so in the common target folder only the leaf package is compiled for each variant, and nothing
/// where nothing changed. The plain builds must be made afterwards, so that they are what stays in the release folder.
pub fn make(root: &Path, variants: &[Variant], build: bool) -> Result<Vec<Interpreter>, String> {
    let folder = interpreters::release()?.join("variants");
    fs::create_dir_all(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    let made = variants.iter().enumerate().map(|(index, variant)| {
        let package = format!("interp-{}", variant.of);
        let kept = folder.join(format!("{package}-{}", variant.feature));
        if build {
            child::note(&format!("building {} ({} of {}, release)", variant.label(), index + 1, variants.len()));
            interpreters::cargo(root, &["build", "--release", "-p", &package, "--features", variant.feature])?;
            keep(&interpreters::release()?.join(&package), &kept)?;
        }
        interpreters::describe_variant(variant.label(), kept)
    });
    made.collect()
}

fn keep(made: &Path, kept: &PathBuf) -> Result<(), String> {
    // A copy under another name first: the old one may be running.
    let fresh = kept.with_extension("new");
    fs::copy(made, &fresh)
        .and_then(|_| fs::rename(&fresh, kept))
        .map_err(|error| format!("cannot copy to {}: {error}", kept.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_is_one_that_the_tests_know() {
        let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/variants.txt");
        let known = fs::read_to_string(list).expect("the list of variants can be read");
        for variant in VARIANTS {
            assert!(
                known.lines().any(|line| line == variant.label()),
                "{} is not in tests/variants.txt",
                variant.label()
            );
        }
    }

    #[test]
    fn variants_are_chosen_by_a_part_of_their_label() {
        assert_eq!(select(&[]).expect("all").len(), VARIANTS.len());
        assert_eq!(select(&["classic".to_owned()]).expect("one"), [CLASSIC]);
        assert!(select(&["no such".to_owned()]).expect_err("none").contains("gil:header-16"));
        assert_eq!(Variant::named("nogil:counts-classic"), Some(CLASSIC));
    }
}
