//! Before each object: sixteen bytes. One comparison, *is the owner me?*, decides how an object is counted, whether it is
//! locked, and whether registers count it.
//!
//! | owner | local | shared | the object is |
//! |---|---|---|---|
//! | a thread | count > 0 | 0 (or dead) | private to that thread: plain count, no lock |
//! | a thread | 0 | 0 or dead | being freed by that thread |
//! | a thread, UNCOUNTED | below 0 | – | private to that thread; immortal or deferred, see below |
//! | 0 | below 0 | – | immortal: neither counted nor freed; or deferred: counted by tables, freed by the collector (`deferred`) |
//! | 0 | 0 | see `shared` | shared: atomic count, lock for writes, uncounted in registers |
//!
//! So who finds itself as the owner counts without another look: what is not counted plainly bears the mark in that field.
//!
//! Each field is a memory location of its own:
//!
//! | field | written by |
//! |---|---|
//! | `local` | the owner; with the world stopped anyone |
//! | `shape` | who is in the object's critical section |
//! | `shared` | anyone, atomically (`shared`) |
//! | `owner` | the owner (the mark; to 0, once, before the object can be found: `publish`); who found the object dead (to itself) |
//! | `lock` | `lock` |
//!
//! # Invariants
//! 1. A shared object refers only to shared or immortal objects.
//! 2. A private object is known to its owner only.
//! 3. A private object bears UNCOUNTED exactly if its local count is below 0.

use parallax_vm::memory::Header;
use parallax_vm::value::Word;

use crate::count::UNCOUNTED;
use crate::deferred::IMMORTAL;
use crate::lock::ByteLock;
use crate::shared::SharedCount;
use crate::sync::{AtomicU16, AtomicU32, Ordering};

/// The owner of shared objects.
pub(crate) const NOBODY: u16 = 0;

/// The header.
#[repr(C, align(8))]
pub struct NogilHeader {
    pub(crate) local: AtomicU32,
    shape: AtomicU32,
    pub(crate) shared: SharedCount,
    pub(crate) owner: AtomicU16,
    pub(crate) lock: ByteLock,
}

const _: () = assert!(size_of::<NogilHeader>() == 16);

impl NogilHeader {
    /// Of a fresh object: one reference, private.
    #[inline(always)]
    pub(crate) fn new(shape: u32, owner: u16) -> Self {
        NogilHeader {
            local: AtomicU32::new(1),
            shape: AtomicU32::new(shape),
            shared: SharedCount::new(0),
            owner: AtomicU16::new(owner),
            lock: ByteLock::new(),
        }
    }

    /// The header of a pointer word.
    ///
    /// # Safety
    /// The object lives for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn of<'a>(word: Word) -> &'a NogilHeader {
        // SAFETY: a header comes first in every object.
        unsafe { &*word.address().cast() }
    }

    /// The local count. Relaxed: it is the owner's own, or the world is stopped; the sign never changes back.
    #[inline(always)]
    pub(crate) fn local(&self) -> u32 {
        self.local.load(Ordering::Relaxed)
    }

    /// Sets the local count; see [`NogilHeader::local`].
    #[inline(always)]
    pub(crate) fn set_local(&self, n: u32) {
        self.local.store(n, Ordering::Relaxed);
    }

    /// Adds one to the local count. Owner only; so nothing is gained by the atomic alternative but its price.
    #[inline(always)]
    pub(crate) fn raise_local(&self) {
        let n = if cfg!(feature = "counts-atomic") {
            self.local.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
        } else {
            let n = self.local().wrapping_add(1);
            self.set_local(n);
            n
        };
        if (n as i32) < 0 {
            self.run_over();
        }
    }

    /// More references than can be counted: none is from now on.
    #[cold]
    #[inline(never)]
    fn run_over(&self) {
        self.set_uncounted(IMMORTAL);
    }

    /// Takes one from the local count and gives what it was; see [`NogilHeader::raise_local`].
    #[inline(always)]
    pub(crate) fn lower_local(&self) -> u32 {
        if cfg!(feature = "counts-atomic") {
            self.local.fetch_sub(1, Ordering::Relaxed)
        } else {
            let n = self.local();
            self.set_local(n.wrapping_sub(1));
            n
        }
    }

    /// Sets a local count below zero (invariant 3). The caller has the object alone, or the world is stopped.
    pub(crate) fn set_uncounted(&self, local: u32) {
        self.set_local(local);
        // Relaxed: see `is_counted_by`.
        let owner = self.owner.load(Ordering::Relaxed);
        if owner != NOBODY {
            self.owner.store(owner | UNCOUNTED, Ordering::Relaxed);
        }
    }

    /// Does the thread with this id own the object and count it plainly? Relaxed: only the owner itself can find itself
    /// here, and nobody else changes the field then.
    #[inline(always)]
    pub(crate) fn is_counted_by(&self, id: u16) -> bool {
        self.owner.load(Ordering::Relaxed) == id
    }

    /// Does the thread with this id own the object? Relaxed: see [`NogilHeader::is_counted_by`], the likelier question, with
    /// which fast paths begin.
    #[inline(always)]
    pub(crate) fn is_owned_by(&self, id: u16) -> bool {
        self.owner.load(Ordering::Relaxed) & !UNCOUNTED == id
    }
}

impl Header for NogilHeader {
    /// Acquire pairs with the release in `set_shape`: a reader of the new shape sees the attributes it promises.
    #[inline(always)]
    fn shape(&self) -> u32 {
        self.shape.load(Ordering::Acquire)
    }

    #[inline(always)]
    fn set_shape(&self, shape: u32) {
        self.shape.store(shape, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::{NOBODY, NogilHeader, UNCOUNTED};
    use crate::deferred::IMMORTAL;
    use crate::sync::Ordering;

    #[test]
    fn an_owner_does_not_count_what_is_immortal() {
        let head = NogilHeader::new(1, 7);
        assert!(head.is_counted_by(7) && head.is_owned_by(7) && !head.is_owned_by(8));
        head.set_uncounted(IMMORTAL);
        assert!(!head.is_counted_by(7) && head.is_owned_by(7) && !head.is_owned_by(8));
        // Nobody's stays nobody's.
        head.owner.store(NOBODY, Ordering::Relaxed);
        head.set_uncounted(IMMORTAL);
        assert_eq!(head.owner.load(Ordering::Relaxed), NOBODY);
    }

    #[test]
    fn a_local_count_that_would_run_over_ends() {
        let head = NogilHeader::new(1, 7);
        head.set_local(i32::MAX as u32 - 1);
        head.raise_local();
        assert!(head.is_counted_by(7));
        head.raise_local();
        assert_eq!((head.local(), head.owner.load(Ordering::Relaxed)), (IMMORTAL, 7 | UNCOUNTED));
    }
}
