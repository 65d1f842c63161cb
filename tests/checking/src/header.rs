//! Before each object: what `interp-gil` has, and what is needed to check it.
//!
//! | mark | the memory is |
//! |---|---|
//! | `ALIVE` | an object |
//! | anything else | freed, or was never an object |

use std::cell::Cell;

use parallax_vm::memory::Header;
use parallax_vm::value::Word;

use crate::rights;

/// The header. All fields are guarded by the global lock.
#[repr(C)]
pub struct CheckedHeader {
    pub(crate) count: Cell<u32>,
    shape: Cell<u32>,
    pub(crate) mark: Cell<u32>,
    /// Is a thread in the object's critical section?
    pub(crate) section: Cell<bool>,
}

/// Mark of a living object.
pub(crate) const ALIVE: u32 = 0x0A11_F3ED;
/// Mark of a freed one.
pub(crate) const FREED: u32 = 0x0DEA_DBAD;

impl CheckedHeader {
    pub(crate) fn new(shape: u32) -> Self {
        CheckedHeader {
            count: Cell::new(1),
            shape: Cell::new(shape),
            mark: Cell::new(ALIVE),
            section: Cell::new(false),
        }
    }

    /// The header of a pointer word, which must be a living object, touched by an attached thread.
    ///
    /// # Safety
    /// The address was an object at some time (memory of objects stays mapped).
    pub(crate) unsafe fn of<'a>(word: Word) -> &'a CheckedHeader {
        // SAFETY: by the caller's word.
        let head: &CheckedHeader = unsafe { &*word.address().cast() };
        head.check();
        head
    }

    /// Asserts that the object is alive and that this thread may touch it.
    #[track_caller]
    pub(crate) fn check(&self) {
        rights::assert_attached();
        let mark = self.mark.get();
        assert!(mark == ALIVE, "a freed object is used at {self:p} (mark {mark:#x})");
    }
}

impl Header for CheckedHeader {
    #[track_caller]
    fn shape(&self) -> u32 {
        self.check();
        self.shape.get()
    }

    #[track_caller]
    fn set_shape(&self, shape: u32) {
        self.check();
        self.shape.set(shape);
    }
}
