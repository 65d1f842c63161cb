//! `for` loops: their state is three temporaries.
//!
//! | first | second | third | loop over |
//! |---|---|---|---|
//! | `RANGE_STATE` with the step above it | next integer | end | a range of small integers |
//! | the list or tuple | next index | | a list, a tuple |
//! | the dict | next place, which part | its length, entries left | a plain dict, its keys, values or items |
//! | the iterator | nothing | | anything else |
//!
//! So the common loops touch no iterator object, and on a shared list or dict nothing shared is written.

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::dict;
use crate::types::dict::iterators::Part;
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
        ids::DICT => {
            if let Some([place, rest]) = dict_state(t, obj, Part::Keys) {
                return Ok([hold(t), place, rest]);
            }
        }
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

/// Bits for each of the two numbers in the third word of a dict's state.
const COUNT_BITS: u32 = 30;

/// The last two words of a state for a dict; `None` when it is too long for them.
fn dict_state<M: Memory>(ctx: &Context<M>, dict: &Obj<M>, part: Part) -> Option<[Word; 2]> {
    let used = dict::len(ctx, dict) as i64;
    if used >> COUNT_BITS != 0 {
        None
    } else {
        Some([Word::small(part as i64), Word::small(used << COUNT_BITS | used)])
    }
}

/// `IterDict`: the state for a loop over what a call of `callable` with `receiver` alone gives, if that is a view of a
/// plain dict. The receiver's word moves into the state, the callable's is the caller's still.
///
/// # Safety
/// Both are valid words of registers; the caller forgets the receiver if there is a state.
#[inline]
pub unsafe fn view_state<M: Memory>(ctx: &Context<M>, callable: &Obj<M>, receiver: &Obj<M>) -> Option<[Word; 3]> {
    if receiver.shape() != ids::DICT || callable.shape() != ids::METHOD_DESCRIPTOR {
        return None;
    }
    let part = dict::methods::view_part(callable)?;
    let [place, rest] = dict_state(ctx, receiver, part)?;
    Some([receiver.word(), place, rest])
}

/// What the next step of a loop over a dict finds.
pub enum Step {
    /// An item, not counted; of `items()` key and value.
    One(Word),
    /// A key and its value, not counted.
    Pair(Word, Word),
    /// Nothing more.
    End,
}

/// The next step of the dict's state at `state`, which moves on.
///
/// # Safety
/// The three words at `state` are a dict's state.
#[inline]
pub unsafe fn dict_step<M: Memory>(t: &mut Thread<M>, state: *mut Word) -> Result<Step, Raise> {
    // SAFETY: (block) by the caller's word.
    unsafe {
        let d = &*(*state).address().cast::<dict::DictObj<M>>();
        let (second, rest) = ((*state.add(1)).int_value(), (*state.add(2)).int_value());
        if d.body.len() as i64 != rest >> COUNT_BITS {
            return Err(t.raise(Kind::RuntimeError, "dictionary changed size during iteration"));
        }
        let Some((at, key, value)) = dict::next_entry(t, d, second as usize >> 2) else { return Ok(Step::End) };
        if rest & ((1 << COUNT_BITS) - 1) == 0 {
            return Err(t.raise(Kind::RuntimeError, "dictionary keys changed during iteration"));
        }
        let step = match second & 3 {
            0 => Step::One(key.word()),
            1 => Step::One(value.word()),
            _ => Step::Pair(key.word(), value.word()),
        };
        *state.add(1) = Word::small((at as i64 + 1) << 2 | second & 3);
        *state.add(2) = Word::small(rest - 1);
        Ok(step)
    }
}
