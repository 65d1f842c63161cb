//! `for` loops: their state is three temporaries.
//!
//! | first | second | third | loop over |
//! |---|---|---|---|
//! | `RANGE_STATE` with the step above it | next integer | end | a range of small integers |
//! | the list or tuple | next index | | a list, a tuple |
//! | the iterator | nothing | | anything else |
//!
//! So the common loops touch no iterator object, and on a shared list nothing shared is written.

use crate::context::Thread;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::{ids, range};
use crate::value::Word;

/// Mask of the part of a state's first word that says "range".
pub const RANGE_MASK: u64 = 0x7ff;

/// The first word of a range state.
const fn range_word(step: i64) -> Word {
    Word((step as u64) << 11 | Word::RANGE_STATE.0)
}

/// The step in the first word of a range state.
#[inline(always)]
pub const fn range_step(word: Word) -> i64 {
    word.0 as i64 >> 11
}

/// Is this the first word of a range state?
#[inline(always)]
pub const fn is_range(word: Word) -> bool {
    word.0 & RANGE_MASK == Word::RANGE_STATE.0
}

/// The state for a loop over `obj`; what it owns is the caller's.
pub fn start<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<[Word; 3], Raise> {
    if obj.is_null() {
        return Err(t.unbound_operand());
    }
    let hold = |t: &Thread<M>| {
        // SAFETY: a borrowed value is valid now.
        unsafe { M::hold(t, obj.word()) }
    };
    match obj.shape() {
        ids::LIST | ids::TUPLE => return Ok([hold(t), Word::small(0), Word::small(0)]),
        ids::RANGE => {
            if let Some((start, stop, step)) = range::as_small(obj)
                && step.abs() < 1 << 40
            {
                return Ok([range_word(step), Word::small(start), Word::small(stop)]);
            }
        }
        ids::GENERATOR => return Ok([hold(t), Word::NULL, Word::NULL]),
        _ => {}
    }
    Ok([t.iter(obj)?.into_word(), Word::NULL, Word::NULL])
}
