//! A thread's gate: may it touch objects, and has it been stopped?
//!
//! | state | who moves it, to what |
//! |---|---|
//! | `DETACHED` | the thread to `ATTACHED`; whoever stops the world to `STOPPED` |
//! | `ATTACHED` | the thread only: to `DETACHED` when it blocks, to `STOPPED` when it polls and is asked to stop |
//! | `STOPPED` | whoever stopped the world to `DETACHED` |
//!
//! # Invariants
//! 1. A thread touches objects only while `ATTACHED`.
//! 2. When all gates but one are `STOPPED`, the thread behind that one has all objects to itself.
//!
//! # Memory orderings
//! Every move releases and every look that counts acquires: what a thread wrote while attached is seen by whoever finds
//! it detached or stopped, and what was done in a stopped world is seen by whoever attaches afterwards.

use crate::sync::{AtomicU8, Ordering};

const DETACHED: u8 = 0;
const ATTACHED: u8 = 1;
const STOPPED: u8 = 2;

/// The gate of one thread.
pub(crate) struct Gate(AtomicU8);

impl Gate {
    pub(crate) fn new() -> Self {
        Gate(AtomicU8::new(DETACHED))
    }

    /// Own thread: goes in; false when the world is stopped.
    #[inline]
    pub(crate) fn enter(&self) -> bool {
        self.0.compare_exchange(DETACHED, ATTACHED, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Own thread: goes out.
    #[inline]
    pub(crate) fn leave(&self) {
        debug_assert_eq!(self.0.load(Ordering::Relaxed), ATTACHED);
        self.0.store(DETACHED, Ordering::Release);
    }

    /// Own thread, asked to stop: stops.
    pub(crate) fn stop_here(&self) {
        self.0.store(STOPPED, Ordering::Release);
    }

    /// Whoever stops the world: is the thread stopped (now)?
    pub(crate) fn try_stop(&self) -> bool {
        match self.0.compare_exchange(DETACHED, STOPPED, Ordering::Acquire, Ordering::Acquire) {
            Ok(_) => true,
            Err(state) => state == STOPPED,
        }
    }

    /// Is the thread stopped?
    pub(crate) fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Acquire) == STOPPED
    }

    /// Whoever stopped the world: lets the thread go on.
    pub(crate) fn open(&self) {
        debug_assert_eq!(self.0.load(Ordering::Relaxed), STOPPED);
        self.0.store(DETACHED, Ordering::Release);
    }
}
