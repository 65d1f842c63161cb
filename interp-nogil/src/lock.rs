//! The object lock: one byte in the header, and one that says whether somebody sleeps.
//!
//! | lock | waiters | meaning |
//! |---|---|---|
//! | 0 | 0 | free |
//! | 1 | 0 | held |
//! | 1 | 1 | held; somebody sleeps or is about to |
//! | 0 | 1 | free; the holder that left is about to wake the sleepers, or a sleeper comes by itself |
//!
//! Taking is one compare-and-swap, giving back one store: half the price of a compare-and-swap both ways. The price is
//! that the holder may read `waiters` before a sleeper sets it; so sleepers sleep for a bounded time.
//!
//! # Invariants
//! 1. Who holds a lock neither polls nor blocks nor runs Python: it is held for a short time whatever happens.
//! 2. Two locks are taken in the order of their addresses.
//!
//! # Memory orderings
//! Taking acquires, giving back releases. `waiters` is a hint and relaxed.

#[cfg(not(loom))]
use parallax_vm::counters::Event;

#[cfg(not(loom))]
use crate::sync::yield_now;
use crate::sync::{AtomicU8, Ordering, spin_loop};

/// The two bytes.
#[repr(C)]
pub(crate) struct ByteLock {
    lock: AtomicU8,
    waiters: AtomicU8,
}

/// Takes the lock of an object; sleeps if need be.
#[cfg(not(loom))]
#[inline(always)]
pub(crate) fn acquire(ctx: &crate::Context, lock: &ByteLock) {
    if lock.try_acquire() {
        ctx.count(Event::LockFast);
    } else {
        ctx.count(Event::LockContended);
        lock.acquire_slow();
    }
    // Where the schedule is disturbed, others find the object locked now and then.
    if ctx.local.dice.roll(32) == Some(0) {
        yield_now();
    }
}

impl ByteLock {
    pub(crate) fn new() -> Self {
        ByteLock { lock: AtomicU8::new(0), waiters: AtomicU8::new(0) }
    }

    #[inline(always)]
    pub(crate) fn try_acquire(&self) -> bool {
        self.lock.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// As [`acquire`], for the models.
    #[cfg(loom)]
    pub(crate) fn acquire(&self) {
        if !self.try_acquire() {
            self.acquire_slow();
        }
    }

    /// Waits before it looks, longer each time: every look takes the cache line from the holder, who would use it for the
    /// next operation too. So two threads take turns in bursts, each with the line to itself, and not by the operation.
    #[cold]
    #[inline(never)]
    fn acquire_slow(&self) {
        loop {
            let mut pauses = FIRST_WAIT;
            for _ in 0..LOOKS {
                for _ in 0..pauses {
                    spin_loop();
                }
                if self.lock.load(Ordering::Relaxed) == 0 && self.try_acquire() {
                    return;
                }
                pauses = (pauses * 2).min(LONGEST_WAIT);
            }
            self.waiters.store(1, Ordering::Relaxed);
            self.sleep();
        }
    }

    /// Gives the lock back.
    ///
    /// # Safety
    /// The caller holds it.
    #[inline(always)]
    pub(crate) unsafe fn release(&self) {
        self.lock.store(0, Ordering::Release);
        if self.waiters.load(Ordering::Relaxed) != 0 {
            self.wake();
        }
    }

    #[cfg(not(loom))]
    fn sleep(&self) {
        parallax_vm::locks::nap(self.key(), NAP, || self.lock.load(Ordering::Relaxed) != 0);
    }

    #[cfg(not(loom))]
    #[cold]
    fn wake(&self) {
        self.waiters.store(0, Ordering::Relaxed);
        parallax_vm::locks::rouse(self.key());
    }

    #[cfg(not(loom))]
    fn key(&self) -> usize {
        (&raw const *self).addr()
    }

    #[cfg(loom)]
    fn sleep(&self) {
        crate::sync::yield_now();
    }

    #[cfg(loom)]
    fn wake(&self) {
        self.waiters.store(0, Ordering::Relaxed);
    }
}

/// Pauses of the processor before the first look at a held lock, before the later ones at most, and looks before sleeping:
/// some microseconds, and some tens of them together.
#[cfg(not(loom))]
const FIRST_WAIT: u32 = 128;
#[cfg(not(loom))]
const LONGEST_WAIT: u32 = 1024;
#[cfg(not(loom))]
const LOOKS: u32 = 8;
#[cfg(loom)]
const FIRST_WAIT: u32 = 1;
#[cfg(loom)]
const LONGEST_WAIT: u32 = 1;
#[cfg(loom)]
const LOOKS: u32 = 1;

/// Longest sleep with a lost wake-up.
#[cfg(not(loom))]
const NAP: std::time::Duration = std::time::Duration::from_micros(500);
