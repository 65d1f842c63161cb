//! A place for a word: plain memory; each access asserts the right.

use std::cell::Cell;

use parallax_vm::memory::CellWord;

use crate::rights;

/// The cell.
#[repr(transparent)]
pub struct CheckedCell(Cell<u64>);

impl CellWord for CheckedCell {
    fn new(bits: u64) -> Self {
        CheckedCell(Cell::new(bits))
    }

    #[track_caller]
    fn load(&self) -> u64 {
        rights::assert_attached();
        self.0.get()
    }

    #[track_caller]
    fn store(&self, bits: u64) {
        rights::assert_attached();
        self.0.set(bits);
    }
}
