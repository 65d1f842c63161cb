//! Inline caches and specialised instructions: in the code object, shared by all threads, guarded by the global lock.

use parallax_front::Instr;
use parallax_vm::code::CodeBody;

use crate::Gil;

/// The code object's own instructions.
#[inline(always)]
pub(crate) fn instructions(code: &CodeBody<Gil>) -> *mut Instr {
    // The cells of the boxed slice are transparent; the global lock guards them.
    code.instrs.as_ptr().cast_mut().cast()
}
