//! Before each object: sixteen bytes. One comparison, *is the owner me?*, decides how an object is counted, whether it is
//! locked, and whether registers count it.
//!
//! | owner | local | shared | the object is |
//! |---|---|---|---|
//! | any | below 0 | – | immortal: neither counted nor freed; or deferred: counted by tables, freed by the collector (`deferred`) |
//! | a thread | count > 0 | 0 (or dead) | private to that thread: plain count, no lock |
//! | a thread | 0 | 0 or dead | being freed by that thread |
//! | 0 | 0 | see `shared` | shared: atomic count, lock for writes, uncounted in registers |
//!
//! Each field is a memory location of its own:
//!
//! | field | written by |
//! |---|---|
//! | `local` | the owner; with the world stopped anyone |
//! | `shape` | who is in the object's critical section |
//! | `shared` | anyone, atomically (`shared`) |
//! | `owner` | the owner (to 0, once, before the object can be found: `publish`); who found the object dead (to itself) |
//! | `lock` | `lock` |
//!
//! # Invariants
//! 1. A shared object refers only to shared or immortal objects.
//! 2. A private object is known to its owner only.

use parallax_vm::memory::Header;
use parallax_vm::value::Word;

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

    /// Adds one to the local count, which was `n`. Owner only; so nothing is gained by the atomic alternative but its
    /// price.
    #[inline(always)]
    pub(crate) fn raise_local(&self, n: u32) {
        if cfg!(feature = "counts-atomic") {
            self.local.fetch_add(1, Ordering::Relaxed);
        } else {
            self.set_local(n + 1);
        }
    }

    /// Takes one from the local count, which was `n`; see [`NogilHeader::raise_local`].
    #[inline(always)]
    pub(crate) fn lower_local(&self, n: u32) {
        if cfg!(feature = "counts-atomic") {
            self.local.fetch_sub(1, Ordering::Relaxed);
        } else {
            self.set_local(n - 1);
        }
    }

    /// Does the thread with this id own the object? Relaxed: only the owner itself can find itself here, and nobody else
    /// changes the field then.
    #[inline(always)]
    pub(crate) fn is_owned_by(&self, id: u16) -> bool {
        self.owner.load(Ordering::Relaxed) == id
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
