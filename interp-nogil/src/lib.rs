//! The memory model without a global lock: threads run at the same time; counts are plain on private objects and atomic
//! on shared ones, shared objects have a lock for writes and none for reads, and what is freed is free two epochs later.
//! Exports the interpreter as plain functions.

mod caches;
mod cell;
// How objects are counted is chosen here and nowhere else: two pairs of modules with the same items.
#[cfg_attr(feature = "counts-classic", path = "classic.rs")]
mod count;
mod counting;
mod deferred;
mod epoch;
pub mod features;
mod gate;
mod header;
mod heap;
#[cfg(feature = "counts-classic")]
mod inbox;
mod loans;
mod lock;
mod model;
mod publish;
mod retire;
#[cfg_attr(feature = "counts-classic", path = "biased.rs")]
mod shared;
mod sync;
mod threads;
mod world;

use std::ffi::OsString;

pub use model::Nogil;

type Context = parallax_vm::context::Context<Nogil>;
type Thread = parallax_vm::context::Thread<Nogil>;

/// Runs a Python file; the exit status.
pub fn run_file(path: &str, args: &[String]) -> i32 {
    parallax_vm::embed::run_file::<Nogil>(path, args)
}

/// The command line, program name first; the exit status.
pub fn main_with_args(args: Vec<OsString>) -> i32 {
    parallax_vm::embed::main_with_args::<Nogil>(args)
}

/// An interpreter inside another program.
pub struct Interpreter(parallax_vm::embed::Embedded<Nogil>);

impl Interpreter {
    /// A fresh interpreter, on a thread of its own.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Interpreter {
        Interpreter(parallax_vm::embed::Embedded::new())
    }

    /// Runs source text in `__main__`; `name` stands for its file. The error is the traceback's text.
    pub fn exec(&mut self, source: &str, name: &str) -> Result<(), String> {
        self.0.exec(source, name)
    }

    /// Calls a function of `__main__` with integers; its result as a number. The error is the traceback's text.
    pub fn call_f64(&mut self, function: &str, args: &[i64]) -> Result<f64, String> {
        self.0.call_f64(function, args)
    }
}
