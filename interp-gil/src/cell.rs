//! A place for a word: plain memory, guarded by the global lock.

use std::cell::Cell;

use parallax_vm::memory::CellWord;

/// The cell.
#[repr(transparent)]
pub struct GilCell(Cell<u64>);

impl CellWord for GilCell {
    #[inline(always)]
    fn new(bits: u64) -> Self {
        GilCell(Cell::new(bits))
    }

    #[inline(always)]
    fn load(&self) -> u64 {
        self.0.get()
    }

    #[inline(always)]
    fn store(&self, bits: u64) {
        self.0.set(bits);
    }
}
