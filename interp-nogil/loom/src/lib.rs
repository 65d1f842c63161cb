//! The protocols of `interp-nogil` under loom, which tries every order that the C++ memory model allows.
//!
//! The protocols' own files are compiled here against loom's atomics:
//!
//! ```text
//! RUSTFLAGS="--cfg loom" LOOM_MAX_PREEMPTIONS=3 cargo test --release -p interp-nogil-loom
//! ```
//!
//! An object's memory is a cell that loom watches: freeing writes it, using reads it, so a use that is not ordered
//! before the free is reported as a race. Without `--cfg loom` the crate is empty.
#![cfg(loom)]
#![allow(dead_code)]

#[path = "../../src/biased.rs"]
mod biased;
#[path = "../../src/epoch.rs"]
mod epoch;
#[path = "../../src/gate.rs"]
mod gate;
#[path = "../../src/inbox.rs"]
mod inbox;
#[path = "../../src/lock.rs"]
mod lock;
#[path = "../../src/shared.rs"]
mod shared;
#[path = "../../src/sync.rs"]
mod sync;

#[cfg(test)]
mod classic;
#[cfg(test)]
mod models;
