//! The shared half of a biased count (PEP 703): one thread, the owner, counts in a field of its own with plain
//! additions; all others count here, atomically. The two halves become one, *merge*, when the owner has no reference
//! left, or when the others gave up more than they took.
//!
//! # States
//! | state | count | RETIRED | RISEN | DEAD | meaning |
//! |---|---|---|---|---|---|
//! | DEFAULT | >= 0 | – | – | – | the owner counts too; at count 0 the others' conditional increments are refused |
//! | WEAK | >= 0 | – | – | – | as DEFAULT, but somebody found it without owning a count before: increments succeed at 0 |
//! | QUEUED | any | – | – | – | in the owner's inbox, which owns one of the references; the count may be below zero |
//! | MERGED | > 0 | – | – | – | the count is the whole count; nobody owns the object |
//! | MERGED | 0 | set | – | – | nobody counts it: in one queue until no register can hold it |
//! | MERGED | > 0 | set | set | – | alive again, still in that queue |
//! | MERGED | 0 | set | set | – | retired, was alive again meanwhile |
//! | MERGED | > 0 | – | set | – | alive; a riser was overtaken by the queue (one more round at the next zero) |
//! | MERGED | 0 | set | – | set | found dead; its memory is being freed |
//!
//! ```text
//!            rise at 0                fall at 0 (others)                 merge (owner, or who stands in)
//!   DEFAULT ──────────▶ WEAK       ┌──────────────────────▶ QUEUED ────────────────────────────────▶ MERGED
//!      │                  │        │                                                                  ▲  │
//!      ├──────────────────┴────────┘                                                                  │  │ as in
//!      └── merge: the owner's half reached zero ──────────────────────────────────────────────────────┘  ▼ `shared`
//! ```
//!
//! # Invariants
//! 1. The owner's half is above zero while there is an owner. So an object is alive for its owner by being its own.
//! 2. DEFAULT and WEAK never go below zero: that fall makes it QUEUED instead, keeping its reference for the inbox. So an
//!    object is in at most one inbox, and it lives as long as it is there.
//! 3. Only the owner merges, or somebody while the owner cannot run (`inbox`), or with the world stopped.
//! 4. Death is decided from this word alone, once it is MERGED, and as in `shared`: zero and RETIRED come in one step, a
//!    rise from a merged zero sets RISEN, DEAD is final until the object is private again.
//!
//! # Memory orderings
//! A fall and a merge release: uses come before the free. `expire` acquires when it finds the object dead: through the
//! chain of read-modify-writes it sees every fall. A merge gives the owner up *after* its step (release), so who finds
//! no owner (acquire) finds the word merged. Increments need no ordering: the object was reached by an acquiring load,
//! and is not freed before the epoch of its reader has passed.

use crate::sync::{AtomicU16, AtomicU32, Ordering};

const STATE: u32 = 3;
const DEFAULT: u32 = 0;
const WEAK: u32 = 1;
const QUEUED: u32 = 2;
const MERGED: u32 = 3;
const RETIRED: u32 = 4;
const RISEN: u32 = 8;
const DEAD: u32 = 16;
const FLAGS: u32 = ONE - 1;
const ONE: u32 = 32;
/// Counts from here on turn immortal: far enough from the end for all threads that may add one at the same time.
const LIMIT: u32 = 1 << 30;

/// No owner: the object is merged.
pub(crate) const NOBODY: u16 = 0;

/// The word; see the table of states.
#[repr(transparent)]
pub(crate) struct SharedCount(AtomicU32);

/// What a rise asks of its caller.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Rise {
    Done,
    /// The count is about to run over: make the object immortal.
    Full,
}

/// What a fall asks of its caller.
#[derive(PartialEq, Eq, Debug)]
#[must_use]
pub(crate) enum Fall {
    Done,
    /// The reference was kept: send the object, with it, to its owner's inbox.
    Queue,
    /// That was the last one: queue the object until no register can hold it.
    Retire,
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

/// The count without the state, which may be below zero.
const fn count_of(word: u32) -> i32 {
    word as i32 >> ONE.trailing_zeros()
}

impl SharedCount {
    pub(crate) fn new(count: u32) -> Self {
        SharedCount(AtomicU32::new(count * ONE))
    }

    /// Others count the object here from now on, its owner elsewhere. Nobody else knows it (or the world is stopped).
    pub(crate) fn clear(&self) {
        self.0.store(DEFAULT, Ordering::Relaxed);
    }

    /// The object has no owner and so many references. As [`SharedCount::clear`].
    pub(crate) fn reset(&self, count: u32) {
        self.0.store((count.min(LIMIT / ONE) * ONE) | MERGED, Ordering::Relaxed);
    }

    /// The object was shared and is private now.
    pub(crate) fn bury(&self) {
        self.0.store(MERGED | DEAD, Ordering::Relaxed);
    }

    /// One more reference to an object that no count of zero frees.
    pub(crate) fn raise_plain(&self) {
        self.0.fetch_add(ONE, Ordering::Relaxed);
    }

    /// One less; see [`SharedCount::raise_plain`].
    pub(crate) fn lower_plain(&self) {
        self.0.fetch_sub(ONE, Ordering::Relaxed);
    }

    /// References counted here, less those that were given up here and counted by the owner: wraps around below zero.
    #[inline]
    pub(crate) fn count(&self) -> u32 {
        count_of(self.0.load(Ordering::Relaxed)) as u32
    }

    /// Was the object never counted here? An object that others ever knew is merged before it dies.
    #[inline(always)]
    pub(crate) fn is_clear(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    /// One more, for another thread than the owner that holds the object uncounted since it was last seen alive.
    #[inline]
    pub(crate) fn rise(&self) -> Rise {
        let old = self.0.fetch_add(ONE, Ordering::Relaxed);
        // One comparison for the rare cases: no count yet, a count below zero, one that is about to run over.
        if old.wrapping_sub(ONE) >= LIMIT - ONE { self.rise_slow(old) } else { Rise::Done }
    }

    #[cold]
    fn rise_slow(&self, old: u32) -> Rise {
        if count_of(old) >= count_of(LIMIT) {
            return Rise::Full;
        }
        if count_of(old) == 0 {
            match old & STATE {
                // Invariant 4: the caller cannot give its count up before this.
                MERGED => _ = self.0.fetch_or(RISEN, Ordering::Relaxed),
                // The next conditional increments need not come here. Whoever changes the word first makes this moot.
                DEFAULT => {
                    let now = old + ONE;
                    let _ = self.0.compare_exchange(now, now | WEAK, Ordering::Relaxed, Ordering::Relaxed);
                }
                _ => (),
            }
        }
        Rise::Done
    }

    /// One more, if the word alone says that the object is alive: the read of PEP 703. The caller looks again whether
    /// the object is still where it was found, and falls back on `rise` if this refuses.
    #[inline]
    pub(crate) fn rise_if_counted(&self) -> bool {
        let mut old = self.0.load(Ordering::Relaxed);
        loop {
            let at_zero = old < ONE && old & STATE != WEAK && old & STATE != QUEUED;
            if at_zero || old.wrapping_sub(LIMIT) < LIMIT {
                return false;
            }
            match self.0.compare_exchange_weak(old, old.wrapping_add(ONE), Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(now) => old = now,
            }
        }
    }

    /// One more, unless the object is dead; it was found in a place that death clears under a lock (a weak reference).
    pub(crate) fn try_rise(&self) -> bool {
        let mut old = self.0.load(Ordering::Relaxed);
        while old & DEAD == 0 {
            let mut new = old.wrapping_add(ONE);
            if old & STATE == MERGED && old < ONE {
                new |= RISEN;
            } else if old & STATE == DEFAULT {
                new |= WEAK;
            }
            // Acquire: whoever finds the object here did not reach it by an acquiring load.
            match self.0.compare_exchange_weak(old, new, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(now) => old = now,
            }
        }
        false
    }

    /// One less, for another thread than the owner.
    #[inline]
    pub(crate) fn fall(&self) -> Fall {
        let mut old = self.0.load(Ordering::Relaxed);
        loop {
            let merged = old & STATE == MERGED;
            debug_assert!(!merged || old >= ONE, "count below zero");
            let (new, step) = if old < ONE && old & STATE <= WEAK {
                (QUEUED, Fall::Queue) // invariant 2
            } else {
                let new = old.wrapping_sub(ONE);
                // Invariant 4. In a queue already, it is looked at there.
                if merged && new & !(FLAGS & !RETIRED) == 0 { (new | RETIRED, Fall::Retire) } else { (new, Fall::Done) }
            };
            match self.0.compare_exchange_weak(old, new, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return step,
                Err(now) => old = now,
            }
        }
    }

    /// Adds the owner's references; `less` of them are given up. True: none is left, the object is retired.
    #[must_use]
    fn merge(&self, local: u32, less: u32) -> bool {
        let mut old = self.0.load(Ordering::Relaxed);
        loop {
            debug_assert!(old & STATE != MERGED, "merged twice");
            let total = count_of(old) + local as i32 - less as i32;
            debug_assert!(total >= 0, "count below zero");
            let retire = total == 0;
            // A total that does not fit is that of an object that `rise` is about to make immortal.
            let count = (total as u32).min(LIMIT / ONE) * ONE;
            let new = count | MERGED | if retire { RETIRED } else { 0 };
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
            debug_assert!(old & STATE == MERGED, "only what is merged is retired");
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

/// Makes one count of two: the owner's half is added to the word, `less` references are given up, nobody owns the object
/// any more. Invariant 3. True: no reference is left, and the caller must queue the object.
#[must_use]
pub(crate) fn merge(local: &AtomicU32, owner: &AtomicU16, shared: &SharedCount, less: u32) -> bool {
    let n = local.load(Ordering::Relaxed);
    if (n as i32) < 0 {
        return false; // immortal
    }
    // Before the step: behind it others may find the object dead and make it theirs.
    local.store(0, Ordering::Relaxed);
    let retire = shared.merge(n, less);
    // After the step, so that nobody finds the object without an owner and not merged. The epoch keeps it until then.
    owner.store(NOBODY, Ordering::Release);
    retire
}
