//! The model's part of an interpreter, and stopping the world: whoever holds the lock has stopped it already.

use std::sync::Arc;

use parallax_vm::blocks::{Heap, Pool};

use crate::lock::GilLock;
use crate::sync::AtomicU64;
use crate::{Context, Thread};

/// The lock and the heap that it guards.
pub struct Global {
    pub(crate) lock: GilLock<Context>,
    /// Guarded by the global lock.
    pub(crate) heap: Box<Heap>,
    /// Threads so far, to tell their dice apart. Relaxed: no two find the same number.
    pub(crate) threads: AtomicU64,
}

// SAFETY: the heap is used by the holder of the lock only.
unsafe impl Sync for Global {}

impl Global {
    pub(crate) fn new() -> Self {
        Global {
            lock: GilLock::new(),
            heap: Box::new(Heap::new(Arc::new(Pool::default()), 0)),
            threads: AtomicU64::new(0),
        }
    }
}

/// Runs `f`: no other thread touches objects while this one holds the lock, and registers count what they hold.
pub(crate) fn stop<R>(t: &mut Thread, f: impl FnOnce(&mut Thread) -> R) -> R {
    f(t)
}

/// The blocks of all objects.
pub(crate) fn pool(ctx: &Context) -> &Pool {
    ctx.interp.global.heap.pool()
}
