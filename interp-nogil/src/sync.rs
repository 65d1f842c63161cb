//! The only import path for atomics, locks and time. With `--cfg loom` (see `loom/`) the atomics are loom's.

#[cfg(not(loom))]
mod primitive {
    #[cfg(feature = "counts-classic")]
    pub(crate) use parallax_vm::locks::Mutex;
    pub(crate) use std::hint::spin_loop;
    pub(crate) use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, fence};
    pub(crate) use std::time::Duration;

    /// Lets another thread run.
    pub(crate) use std::thread::yield_now;
}

#[cfg(loom)]
mod primitive {
    pub(crate) use loom::hint::spin_loop;
    pub(crate) use loom::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, fence};
    pub(crate) use loom::thread::yield_now;

    /// Loom's mutex in the clothes of `locks`.
    pub(crate) struct Mutex<T>(loom::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Self {
            Mutex(loom::sync::Mutex::new(value))
        }

        pub(crate) fn lock(&self) -> loom::sync::MutexGuard<'_, T> {
            self.0.lock().expect("no model panics and goes on")
        }
    }
}

pub(crate) use primitive::*;
pub(crate) use std::sync::atomic::Ordering;
