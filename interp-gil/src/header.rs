//! Before each object: a count and a shape, eight bytes. All a global lock needs.
//!
//! | count, as a signed number | meaning |
//! |---|---|
//! | below 0 | immortal: neither counted nor freed |
//! | 0 | being freed |
//! | above 0 | references |
//! | 2³⁰ and more | references, 2³⁰ too many: only the collector frees the object (`count`) |
//!
//! A count that grows past 2³¹ turns immortal by itself. Both fields are guarded by the global lock.

use std::cell::Cell;

use crate::sync::{AtomicU32, Ordering};

use parallax_vm::memory::Header;
use parallax_vm::value::Word;

/// The header.
#[repr(C)]
pub struct GilHeader {
    /// Guarded by the global lock.
    pub(crate) count: Count,
    /// Guarded by the global lock.
    shape: Cell<u32>,
    /// What the free-threaded build's header has more.
    #[cfg(feature = "header-16")]
    more: u64,
}

const _: () = assert!(size_of::<GilHeader>() == if cfg!(feature = "header-16") { 16 } else { 8 });

/// The count. The lock makes plain arithmetic right; the atomic alternative shows what the other kind costs.
#[repr(transparent)]
pub(crate) struct Count(Cell<u32>);

impl Count {
    fn atomic(&self) -> &AtomicU32 {
        // SAFETY: the cell is aligned, lives as long as the reference, and the lock keeps plain accesses apart from this.
        unsafe { AtomicU32::from_ptr(self.0.as_ptr()) }
    }

    #[inline(always)]
    pub(crate) fn get(&self) -> u32 {
        self.0.get()
    }

    #[inline(always)]
    pub(crate) fn set(&self, n: u32) {
        self.0.set(n);
    }

    /// One more than `n`, which it was.
    #[inline(always)]
    pub(crate) fn raise(&self, n: u32) {
        if cfg!(feature = "counts-atomic") {
            self.atomic().fetch_add(1, Ordering::Relaxed);
        } else {
            self.set(n + 1);
        }
    }

    /// One less than `n`, which it was.
    #[inline(always)]
    pub(crate) fn lower(&self, n: u32) {
        if cfg!(feature = "counts-atomic") {
            self.atomic().fetch_sub(1, Ordering::Relaxed);
        } else {
            self.set(n - 1);
        }
    }
}

impl GilHeader {
    /// Of a fresh object: one reference.
    #[inline(always)]
    pub(crate) fn new(shape: u32) -> Self {
        GilHeader {
            count: Count(Cell::new(1)),
            shape: Cell::new(shape),
            #[cfg(feature = "header-16")]
            more: 0,
        }
    }

    /// The header of a pointer word.
    ///
    /// # Safety
    /// The object lives for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn of<'a>(word: Word) -> &'a GilHeader {
        // SAFETY: a header comes first in every object.
        unsafe { &*word.address().cast() }
    }
}

impl Header for GilHeader {
    #[inline(always)]
    fn shape(&self) -> u32 {
        self.shape.get()
    }

    #[inline(always)]
    fn set_shape(&self, shape: u32) {
        self.shape.set(shape);
    }
}
