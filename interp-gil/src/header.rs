//! Before each object: a count and a shape, eight bytes. All a global lock needs.
//!
//! | count, as a signed number | meaning |
//! |---|---|
//! | below 0 | immortal: neither counted nor freed |
//! | 0 | being freed |
//! | above 0 | references |
//!
//! A count that grows past 2³¹ turns immortal by itself. Both fields are guarded by the global lock.

use std::cell::Cell;

use parallax_vm::memory::Header;
use parallax_vm::value::Word;

/// The header.
#[repr(C)]
pub struct GilHeader {
    /// Guarded by the global lock.
    pub(crate) count: Cell<u32>,
    /// Guarded by the global lock.
    shape: Cell<u32>,
}

impl GilHeader {
    /// Of a fresh object: one reference.
    #[inline(always)]
    pub(crate) fn new(shape: u32) -> Self {
        GilHeader { count: Cell::new(1), shape: Cell::new(shape) }
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
