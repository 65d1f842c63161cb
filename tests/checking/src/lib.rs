//! The checking model: the global lock of `interp-gil`, and an assertion at every access.
//!
//! | asserted | where |
//! |---|---|
//! | objects are touched by attached threads only | headers, cells |
//! | nothing freed is used; freed memory is poisoned, kept aside, and not written to | headers, `heap` |
//! | a count never falls below zero, and what is freed is not counted | `release` |
//! | a section is entered once, several in the order of addresses; a store is made inside its object's section | `rights` |
//! | no section is held at a poll, a block or a detach | `rights` |
//!
//! Threads switch at every few polls, chosen by a seed (`PARALLAX_SEED`), so that races in the VM's own logic show.

#[path = "../../../interp-gil/src/lock.rs"]
mod gil;
#[path = "../../../interp-gil/src/sync.rs"]
mod sync;

mod cell;
mod header;
mod heap;
mod model;
mod rights;

pub use model::Checking;

type Context = parallax_vm::context::Context<Checking>;
type Thread = parallax_vm::context::Thread<Checking>;

/// Runs a Python file; the exit status.
pub fn run_file(path: &str, args: &[String]) -> i32 {
    parallax_vm::embed::run_file::<Checking>(path, args)
}

/// The command line, program name first; the exit status.
pub fn main_with_args(args: Vec<std::ffi::OsString>) -> i32 {
    parallax_vm::embed::main_with_args::<Checking>(args)
}
