//! The memory model with a global lock: one thread runs at a time, so counts are plain, no object has a lock, and what
//! is freed is free at once. Exports the interpreter as plain functions.

mod caches;
mod cell;
mod count;
pub mod features;
mod header;
mod heap;
mod lock;
mod model;
mod sync;
mod threads;
mod world;

use std::ffi::OsString;

pub use model::Gil;

type Context = parallax_vm::context::Context<Gil>;
type Thread = parallax_vm::context::Thread<Gil>;

/// Runs a Python file; the exit status.
pub fn run_file(path: &str, args: &[String]) -> i32 {
    parallax_vm::embed::run_file::<Gil>(path, args)
}

/// The command line, program name first; the exit status.
pub fn main_with_args(args: Vec<OsString>) -> i32 {
    parallax_vm::embed::main_with_args::<Gil>(args)
}

/// An interpreter inside another program.
pub struct Interpreter(parallax_vm::embed::Embedded<Gil>);

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
