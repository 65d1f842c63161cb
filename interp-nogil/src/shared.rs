//! The count of a shared object: references from the heap and from counted registers, and what becomes of it at zero.
//!
//! Registers hold shared objects without counting them, so a count of zero does not mean dead. Such an object is
//! *retired*: queued with the epoch, and looked at again when every thread has left that epoch.
//!
//! # States
//! | count | RETIRED | RISEN | DEAD | meaning |
//! |---|---|---|---|---|
//! | > 0 | – | – | – | alive |
//! | 0 | set | – | – | retired: in one queue; registers may still hold it |
//! | > 0 | set | set | – | alive again, still in the queue |
//! | 0 | set | set | – | retired, was alive again meanwhile |
//! | > 0 | – | set | – | alive; a riser was overtaken by the queue (harmless: one round more at the next zero) |
//! | 0 | set | – | set | found dead; its memory is being freed |
//!
//! ```text
//!              fall to 0 (dropping thread)                expire, not risen (queue's thread)
//!   alive ─────────────────────────────────▶ retired ─────────────────────────────────────▶ dead
//!     ▲                                        │  ▲
//!     │ expire, count > 0 (queue's thread)     │  │ expire, risen, count 0: queued again with the present epoch
//!     └──────────────────────────── risen ◀────┘──┘
//!                                     rise from 0 (any pinned thread)
//! ```
//!
//! # Invariants
//! 1. Zero and RETIRED come in one step, so an object is in at most one queue.
//! 2. Every rise from zero sets RISEN before its count can be given up. Without that an object could rise, be loaded
//!    uncounted by a thread that pinned later, fall, and be freed under that thread.
//! 3. Whoever raises a count from zero holds the object in a register since before the zero (it is pinned), or found it
//!    in a place that death clears under a lock (`try_rise`).
//! 4. DEAD is final until the object is private again or its memory is reused.
//!
//! # Memory orderings
//! A fall releases: the dropping thread's use of the object comes before the free. `expire` acquires when it finds the
//! object dead: through the chain of read-modify-writes it sees every fall. A rise needs no ordering: the object was
//! reached by an acquiring load before.

use crate::sync::{AtomicU32, Ordering};

const RETIRED: u32 = 1;
const RISEN: u32 = 2;
const DEAD: u32 = 4;
const ONE: u32 = 8;
/// Counts from here on turn immortal: far enough from the end for all threads that may add one at the same time.
const LIMIT: u32 = 1 << 31;

/// The word; see the table of states.
#[repr(transparent)]
pub(crate) struct SharedCount(AtomicU32);

/// What `rise` asks of its caller.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Rise {
    Done,
    /// The count is about to run over: make the object immortal.
    Full,
}

/// What an expired object turned out to be.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// Free it.
    Dead,
    /// Queue it again with the present epoch.
    Again,
    /// Forget it.
    Alive,
}

impl SharedCount {
    pub(crate) fn new(count: u32) -> Self {
        SharedCount(AtomicU32::new(count * ONE))
    }

    /// Of an object that is about to be shared; nobody else knows it (or the world is stopped).
    pub(crate) fn reset(&self, count: u32) {
        self.0.store(count.saturating_mul(ONE), Ordering::Relaxed);
    }

    /// References counted.
    #[inline]
    pub(crate) fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed) / ONE
    }

    /// Was the object ever shared? Owner only: nobody else changes the word then.
    #[inline(always)]
    pub(crate) fn is_clear(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    /// The object is private and was never shared.
    pub(crate) fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// The object was shared and is private now.
    pub(crate) fn bury(&self) {
        self.0.store(DEAD, Ordering::Relaxed);
    }

    /// One more reference to an object that no count of zero frees.
    pub(crate) fn raise_plain(&self) {
        self.0.fetch_add(ONE, Ordering::Relaxed);
    }

    /// One less; see [`SharedCount::raise_plain`].
    pub(crate) fn lower_plain(&self) {
        self.0.fetch_sub(ONE, Ordering::Relaxed);
    }

    /// One more. Invariant 3.
    #[inline]
    pub(crate) fn rise(&self) -> Rise {
        let old = self.0.fetch_add(ONE, Ordering::Relaxed);
        // One comparison for both rare cases: zero wraps around.
        if old.wrapping_sub(ONE) >= LIMIT - ONE {
            return self.rise_slow(old);
        }
        Rise::Done
    }

    #[cold]
    fn rise_slow(&self, old: u32) -> Rise {
        if old >= LIMIT {
            return Rise::Full;
        }
        // Invariant 2: the caller cannot give its count up before this.
        self.0.fetch_or(RISEN, Ordering::Relaxed);
        Rise::Done
    }

    /// One more, unless the object is dead. Invariant 3.
    pub(crate) fn try_rise(&self) -> bool {
        let mut old = self.0.load(Ordering::Relaxed);
        while old & DEAD == 0 {
            let new = if old < ONE { (old + ONE) | RISEN } else { old + ONE };
            // Acquire: whoever finds the object here did not reach it by an acquiring load.
            match self.0.compare_exchange_weak(old, new, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(now) => old = now,
            }
        }
        false
    }

    /// One less. True: the object is retired now, and the caller must queue it.
    #[inline]
    #[must_use]
    pub(crate) fn fall(&self) -> bool {
        let mut old = self.0.load(Ordering::Relaxed);
        loop {
            debug_assert!(old >= ONE, "count below zero");
            let mut new = old - ONE;
            let retire = new < ONE && new & RETIRED == 0;
            if retire {
                new |= RETIRED; // invariant 1
            }
            match self.0.compare_exchange_weak(old, new, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return retire,
                Err(now) => old = now,
            }
        }
    }

    /// The epoch of a queued object has passed for every thread.
    pub(crate) fn expire(&self) -> Fate {
        let mut old = self.0.load(Ordering::Relaxed);
        loop {
            let (new, fate) = if old >= ONE {
                (old & !(RETIRED | RISEN), Fate::Alive)
            } else if old & RISEN != 0 {
                (old & !RISEN, Fate::Again)
            } else {
                (old | DEAD, Fate::Dead)
            };
            match self.0.compare_exchange_weak(old, new, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return fate,
                Err(now) => old = now,
            }
        }
    }

    /// The world is stopped and registers are counted: decides at once, risen or not.
    pub(crate) fn expire_stopped(&self) -> Fate {
        self.0.fetch_and(!RISEN, Ordering::Relaxed);
        self.expire()
    }
}
