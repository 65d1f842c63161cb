//! The only import path for atomics, locks and time.

#[allow(unused_imports)] // the checking model shares this file, and needs less
pub(crate) use std::sync::atomic::AtomicU32;
pub(crate) use std::sync::atomic::{AtomicU64, Ordering};
pub(crate) use std::time::Duration;

pub(crate) use parallax_vm::locks::{Condvar, Mutex};
