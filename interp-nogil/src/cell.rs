//! A place for a word: an atomic, read without a lock.

use parallax_vm::memory::CellWord;

use crate::sync::{AtomicU64, Ordering};

/// The cell.
#[repr(transparent)]
pub struct NogilCell(AtomicU64);

impl CellWord for NogilCell {
    #[inline(always)]
    fn new(bits: u64) -> Self {
        NogilCell(AtomicU64::new(bits))
    }

    /// Acquire pairs with the release in `store`: who finds a reference sees the object behind it.
    #[inline(always)]
    fn load(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    #[inline(always)]
    fn store(&self, bits: u64) {
        self.0.store(bits, Ordering::Release);
    }
}
