//! The harness that holds every build of the interpreter against one corpus of Python programs.
//!
//! A *suite* is a folder of programs (`conformance`, `race`, `guarantees`, `seed`, `faults`); a *build* is one executable.
//! Every program is run by every build and its output, error text and exit status are compared with what is committed beside it.
//! See `README.md` in this folder for the file formats and the environment variables.

pub mod build;
pub mod diff;
pub mod known;
pub mod program;
pub mod run;
pub mod suite;

use std::path::{Path, PathBuf};

/// The folder of this crate, where the programs live.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    root().parent().expect("the crate lies inside the workspace").to_path_buf()
}

/// Runs one suite as four tests, one for each build and one for a peer named in `PARALLAX_PYTHON`.
///
/// It is a macro because Cargo tells the path of a binary only to the test that is being compiled.
#[macro_export]
macro_rules! on_every_build {
    ($check:expr) => {
        #[test]
        fn gil() {
            $crate::build::with("gil", Some(env!("CARGO_BIN_EXE_gil")), $check);
        }
        #[test]
        fn nogil() {
            $crate::build::with("nogil", Some(env!("CARGO_BIN_EXE_nogil")), $check);
        }
        #[test]
        fn checking() {
            $crate::build::with("checking", Some(env!("CARGO_BIN_EXE_checking")), $check);
        }
        #[test]
        fn cpython() {
            $crate::build::with("cpython", None, $check);
        }
    };
}
