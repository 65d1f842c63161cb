//! The only import path for atomics, locks and time.

pub(crate) use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
pub(crate) use std::time::Duration;

pub(crate) use parking_lot::{Condvar, Mutex};
